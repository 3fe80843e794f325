import { expect, it } from "vitest";
import { sharingRoom } from "../../../handler/app/room.ts";

/** Work that ends when it is told to. */
const held = () => {
  let end = () => {};
  const work = () => new Promise<void>((resolve) => (end = resolve));
  return { work, end: () => end() };
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

it("runs what has room together, and the rest in the order it came", async () => {
  const inRoom = sharingRoom(10);
  const started: string[] = [];
  const [a, b, c, d] = [held(), held(), held(), held()];
  const run = (name: string, weight: number, { work }: ReturnType<typeof held>) =>
    inRoom(weight, () => {
      started.push(name);
      return work();
    });
  const runs = [run("a", 6, a), run("b", 4, b), run("c", 5, c), run("d", 1, d)];
  await turn();
  expect(started).toEqual(["a", "b"]);
  b.end();
  await turn();
  // `d` would fit, but it came after `c`.
  expect(started).toEqual(["a", "b"]);
  a.end();
  await turn();
  expect(started).toEqual(["a", "b", "c", "d"]);
  c.end();
  d.end();
  await Promise.all(runs);
});

it("runs what is too heavy alone", async () => {
  const inRoom = sharingRoom(10);
  expect(await inRoom(100, async () => "done")).toBe("done");
});

it("gives the room of work that fails to the next", async () => {
  const inRoom = sharingRoom(10);
  const failed = inRoom(10, () => Promise.reject(new Error("no luck")));
  const next = inRoom(10, async () => "done");
  await expect(failed).rejects.toThrow("no luck");
  expect(await next).toBe("done");
});
