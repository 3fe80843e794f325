import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { compareBytes, type Keyed } from "./key-order.ts";

/** How items are kept on disk: a line without a line break. */
export type LineForm<Item> = {
  readonly toLine: (item: Keyed<Item>) => string;
  readonly fromLine: (line: string) => Keyed<Item>;
};

/** Some 60 MB. */
const ITEMS_IN_MEMORY = 250_000;

const byKey = <Item>(a: Keyed<Item>, b: Keyed<Item>): number => compareBytes(a.key, b.key);

const writeRun = async <Item>(
  file: string,
  items: readonly Keyed<Item>[],
  { toLine }: LineForm<Item>,
): Promise<void> => {
  const stream = createWriteStream(file, { mode: 0o600 });
  for (const item of items) {
    if (!stream.write(`${toLine(item)}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
};

async function* readRun<Item>(file: string, { fromLine }: LineForm<Item>): AsyncGenerator<Keyed<Item>> {
  for await (const line of createInterface({ input: createReadStream(file) })) yield fromLine(line);
}

/** Walks runs that ascend by key as one, by a heap of their heads. */
async function* merged<Item>(runs: readonly AsyncGenerator<Keyed<Item>>[]): AsyncGenerator<Keyed<Item>> {
  const heap: { head: Keyed<Item>; readonly run: AsyncGenerator<Keyed<Item>> }[] = [];
  for (const run of runs) {
    const { value, done } = await run.next();
    if (done !== true) heap.push({ head: value, run });
  }
  heap.sort((a, b) => byKey(a.head, b.head));
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    yield first.head;
    const { value, done } = await first.run.next();
    if (done === true) {
      const last = heap.pop();
      if (last === undefined || last === first) continue;
      heap[0] = last;
    } else {
      first.head = value;
    }
    sinkFirst(heap);
  }
}

/** Restores a heap whose first element may be too large. */
const sinkFirst = <Head extends { readonly head: Keyed<unknown> }>(heap: Head[]): void => {
  for (let at = 0; ; ) {
    const [parent, left, right] = [heap[at], heap[2 * at + 1], heap[2 * at + 2]];
    if (parent === undefined || left === undefined) return;
    const isRight = right !== undefined && byKey(right.head, left.head) < 0;
    const smaller = isRight ? right : left;
    if (byKey(parent.head, smaller.head) <= 0) return;
    const child = 2 * at + (isRight ? 2 : 1);
    heap[at] = smaller;
    heap[child] = parent;
    at = child;
  }
};

/**
 * Sorts items by the UTF-8 of their keys. What does not fit into memory is kept in sorted runs on disk meanwhile, in a
 * folder that nobody else may read and that is removed.
 *
 * @param atOnce items held in memory. @default 250,000
 */
export async function* sorted<Item>(
  items: AsyncIterable<Keyed<Item>>,
  form: LineForm<Item>,
  atOnce = ITEMS_IN_MEMORY,
): AsyncGenerator<Keyed<Item>> {
  let held: Keyed<Item>[] = [];
  let folder: string | undefined;
  const files: string[] = [];
  try {
    for await (const item of items) {
      held.push(item);
      if (held.length < atOnce) continue;
      folder ??= await mkdtemp(join(tmpdir(), "image-pipeline-lists-"));
      const file = join(folder, String(files.length));
      await writeRun(file, held.toSorted(byKey), form);
      files.push(file);
      held = [];
    }
    held.sort(byKey);
    if (files.length === 0) {
      yield* held;
      return;
    }
    const last = async function* (): AsyncGenerator<Keyed<Item>> {
      yield* held;
    };
    yield* merged([...files.map((file) => readRun(file, form)), last()]);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}
