/** Orders of keys, by their UTF-8, which is how S3 lists and DynamoDB sorts. */

export const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** `left` or `right` is missing where only the other has the key. */
export type Pair<Left, Right> = {
  readonly key: string;
  readonly left: Left | undefined;
  readonly right: Right | undefined;
};

type Keyed<Item> = AsyncIterable<{ readonly key: string; readonly item: Item }>;

/** Walks two sequences that ascend by key, side by side, holding one item of each. */
export async function* sideBySide<Left, Right>(
  lefts: Keyed<Left>,
  rights: Keyed<Right>,
): AsyncGenerator<Pair<Left, Right>> {
  const left = lefts[Symbol.asyncIterator]();
  const right = rights[Symbol.asyncIterator]();
  let [a, b] = await Promise.all([left.next(), right.next()]);
  while (a.done !== true || b.done !== true) {
    const order = a.done === true ? 1 : b.done === true ? -1 : compareBytes(a.value.key, b.value.key);
    if (a.done !== true && order < 0) {
      yield { key: a.value.key, left: a.value.item, right: undefined };
      a = await left.next();
    } else if (b.done !== true && order > 0) {
      yield { key: b.value.key, left: undefined, right: b.value.item };
      b = await right.next();
    } else if (a.done !== true && b.done !== true) {
      yield { key: a.value.key, left: a.value.item, right: b.value.item };
      [a, b] = await Promise.all([left.next(), right.next()]);
    }
  }
}

/**
 * Brings items that ascend by key into the order of key and slash, in which what lies below a key is listed: `a-b`
 * comes after `a` but `a-b/` before `a/`. Only keys that begin one another are held back.
 */
export async function* inOrderOfFolders<Item>(
  items: Keyed<Item>,
): AsyncGenerator<{ readonly key: string; readonly item: Item }> {
  const held: { readonly key: string; readonly item: Item }[] = [];
  for await (const next of items) {
    for (let last = held.at(-1); last !== undefined; last = held.at(-1)) {
      if (compareBytes(`${last.key}/`, next.key) > 0) break;
      yield last;
      held.pop();
    }
    held.push(next);
  }
  yield* held.toReversed();
}
