import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { compareBytes, type Keyed } from "../../../operator/library/key-order.ts";
import { sorted } from "../../../operator/library/sorted.ts";

const FORM = {
  toLine: ({ key, item }: Keyed<number>) => JSON.stringify([key, item]),
  fromLine: (line: string): Keyed<number> => {
    const [key, item] = JSON.parse(line);
    return { key: String(key), item: Number(item) };
  },
};

async function* from(keys: readonly string[]): AsyncGenerator<Keyed<number>> {
  for (const [item, key] of keys.entries()) yield { key, item };
}

/** Other runs on this machine have theirs. */
const folder = mkdtempSync(join(tmpdir(), "sorted-test-"));
beforeAll(() => {
  vi.stubEnv("TMPDIR", folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const foldersLeft = (): readonly string[] => readdirSync(folder);

test("what fits into memory and what does not comes in the order of its keys, none lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ unit: "grapheme", maxLength: 8 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      async (keys, atOnce) => {
        const found: Keyed<number>[] = [];
        for await (const each of sorted(from(keys), FORM, atOnce)) found.push(each);
        expect(found.map(({ key }) => key)).toEqual(keys.toSorted(compareBytes));
        for (const { key, item } of found) expect(keys[item]).toBe(key);
      },
    ),
    { numRuns: 50 },
  );
  expect(foldersLeft()).toEqual([]);
});

test("whoever stops early leaves nothing on the disk", async () => {
  for await (const { key } of sorted(from(["c", "b", "a", "d"]), FORM, 1)) {
    expect(key).toBe("a");
    expect(foldersLeft()).toHaveLength(1);
    break;
  }
  expect(foldersLeft()).toEqual([]);
});
