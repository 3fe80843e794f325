/** Orders of keys, by their UTF-8, which is how S3 lists and DynamoDB sorts. */

/** UTF-16 puts what it writes with surrogates before U+E000, UTF-8 puts it last. */
const weight = (codeUnit: number): number =>
  codeUnit < 0xd800 ? codeUnit : codeUnit < 0xe000 ? codeUnit + 0x2000 : codeUnit - 0x800;

/** The order of two texts' UTF-8, without making it. */
export const compareBytes = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return weight(left) - weight(right);
  }
  return a.length - b.length;
};

/** Something by its key. */
export type Keyed<Item> = { readonly key: string; readonly item: Item };

/** `left` or `right` is missing where only the other has the key. */
export type Pair<Left, Right> = {
  readonly key: string;
  readonly left: Left | undefined;
  readonly right: Right | undefined;
};

/** Walks two sequences that ascend by key, side by side, holding one item of each. */
export async function* sideBySide<Left, Right>(
  lefts: AsyncIterable<Keyed<Left>>,
  rights: AsyncIterable<Keyed<Right>>,
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
  items: AsyncIterable<Keyed<Item>>,
): AsyncGenerator<Keyed<Item>> {
  const held: Keyed<Item>[] = [];
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
