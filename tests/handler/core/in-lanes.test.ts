import { describe, expect, it } from "vitest";
import { inLanes } from "../../../handler/core/in-lanes.ts";

/** Tasks that end when told, and what began and ended so far. */
const tasks = (names: readonly string[]) => {
  const log: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const work = function* () {
    for (const name of names) {
      yield async () => {
        log.push(`begin ${name}`);
        const end = Promise.withResolvers<void>();
        ends.set(name, end);
        await end.promise;
        log.push(`end ${name}`);
      };
    }
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    log,
    work: work(),
    end: async (name: string, failure?: Error) => {
      if (failure === undefined) ends.get(name)?.resolve();
      else ends.get(name)?.reject(failure);
      await settled();
    },
    settled,
  };
};

describe("inLanes", () => {
  it("begins tasks in their order, no more at once than there are lanes", async () => {
    const { log, work, end, settled } = tasks(["a", "b", "c", "d"]);
    const all = inLanes(2, work);
    await settled();
    expect(log).toEqual(["begin a", "begin b"]);
    await end("b");
    expect(log.slice(2)).toEqual(["end b", "begin c"]);
    await end("c");
    await end("a");
    await end("d");
    await all;
    expect(log.slice(4)).toEqual(["end c", "begin d", "end a", "end d"]);
  });

  it("runs one after the other in one lane, and nothing when there is nothing", async () => {
    const { log, work, end, settled } = tasks(["a", "b"]);
    const all = inLanes(1, work);
    await settled();
    await end("a");
    await end("b");
    await all;
    expect(log).toEqual(["begin a", "end a", "begin b", "end b"]);
    await expect(inLanes(3, [])).resolves.toBeUndefined();
  });

  it("begins nothing after a failure, waits for what runs, and throws the failure", async () => {
    const { log, work, end, settled } = tasks(["a", "b", "c"]);
    const failure = new Error("no");
    let thrown: unknown;
    const all = inLanes(2, work).catch((error: unknown) => {
      thrown = error;
    });
    await settled();
    await end("a", failure);
    expect(thrown).toBeUndefined();
    await end("b");
    await all;
    expect([log, thrown]).toEqual([["begin a", "begin b", "end b"], failure]);
  });
});
