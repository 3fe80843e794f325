import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBytes, inOrderOfFolders, sideBySide } from "../../../operator/library/key-order.ts";

async function* keyed(keys: readonly string[]): AsyncGenerator<{ key: string; item: string }> {
  for (const key of keys) yield { key, item: `item of ${key}` };
}

const collected = async <Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
};

/** Keys that begin one another, with characters on both sides of the slash. */
const anyKeys = fc
  .uniqueArray(fc.stringMatching(/^[a!\-./0é\u{1F3D6}]{1,6}$/u), { maxLength: 30 })
  .map((keys) => keys.toSorted(compareBytes));

test("texts are ordered as their UTF-8 is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(["\u{1F3D6}", "\u{FF5E}", "日", "a", ""].toSorted(compareBytes)).toEqual([
    "",
    "a",
    "日",
    "\u{FF5E}",
    "\u{1F3D6}",
  ]);
});

test("keys come in the order of what lies below them, none lost", async () => {
  await fc.assert(
    fc.asyncProperty(anyKeys, async (keys) => {
      const ordered = (await collected(inOrderOfFolders(keyed(keys)))).map(({ key }) => key);
      expect(ordered).toEqual(keys.toSorted((a, b) => compareBytes(`${a}/`, `${b}/`)));
    }),
  );
});

test("two sequences are walked side by side, each item once", async () => {
  await fc.assert(
    fc.asyncProperty(anyKeys, anyKeys, async (lefts, rights) => {
      const pairs = await collected(sideBySide(keyed(lefts), keyed(rights)));
      expect(pairs.map(({ key }) => key)).toEqual([...new Set([...lefts, ...rights])].toSorted(compareBytes));
      expect(pairs.flatMap(({ key, left }) => (left === undefined ? [] : [key]))).toEqual(lefts);
      expect(pairs.flatMap(({ key, right }) => (right === undefined ? [] : [key]))).toEqual(rights);
      for (const { key, left, right } of pairs) expect(left ?? right).toBe(`item of ${key}`);
    }),
  );
});
