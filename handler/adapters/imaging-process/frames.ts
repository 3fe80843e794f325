import type { Readable, Writable } from "node:stream";
import type { ImagingReply } from "../../core/plan/imaging-reply.ts";
import type { TransformPlan } from "../../core/plan/plan.ts";

/** What the two processes say to each other, as JSON; bytes travel beside a message, uncopied. */
export type Request = Work | Delivered;

/** Of the bytes beside it the first are the file's, none when it has that file still; the others are watermarks. */
export type Work = {
  /** Its answers carry it. */
  readonly number: number;
  readonly isFileKept: boolean;
} & Task;

export type Task =
  | { readonly kind: "inspect"; readonly trims: readonly number[] }
  | { readonly kind: "describe" }
  | {
      readonly kind: "transform";
      readonly plans: readonly TransformPlan[];
      readonly watermarkKeys: readonly string[];
    };

type Delivered = {
  /** The file that was made last is delivered, or can't be, and no further one is wanted. */
  readonly kind: "delivered";
  readonly isWanted: boolean;
};

export type Frame<Message> = { readonly message: Message; readonly blobs: readonly Uint8Array[] };

/** A frame that nothing of ours would write. */
export class BrokenFrame extends Error {}

/** The most that a frame may hold; the sizes of its blobs are for a `Judge`. */
export type FrameLimits = { readonly messageBytes: number; readonly blobs: number };

/**
 * Reads a message and judges the sizes of what comes beside it, before a byte of that is read.
 * @throws BrokenFrame
 */
export type Judge<Message> = (text: string, blobSizes: readonly number[]) => Message;

/** Lengths are 32 bits wide; an original has at most 1 GiB. */
const LENGTH_BYTES = 4;

const lengths = (...values: readonly number[]): Uint8Array => {
  const bytes = Buffer.allocUnsafe(values.length * LENGTH_BYTES);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * LENGTH_BYTES);
  return bytes;
};

/**
 * Writes a message and the bytes beside it, and ends when the other side has read them, or nearly. What becomes of a
 * frame that can't be written shows in the answer, which does not come.
 */
export const writeFrame = (
  stream: Writable,
  message: Request | ImagingReply,
  blobs: readonly Uint8Array[] = [],
): Promise<void> =>
  new Promise((resolve) => {
    const content = Buffer.from(JSON.stringify(message));
    const head = lengths(content.length, blobs.length, ...blobs.map(({ length }) => length));
    stream.cork();
    for (const part of [head, content, ...blobs]) stream.write(part);
    stream.write("", () => resolve());
    stream.uncork();
  });

/** Reads what `writeFrame` wrote; `undefined` once the other side has ended. */
export const frameReader = (stream: Readable, limits: FrameLimits) => {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const read = async (length: number): Promise<Buffer | undefined> => {
    const target = Buffer.allocUnsafeSlow(length);
    let at = 0;
    while (at < length) {
      if (rest.length === 0) {
        // A channel that breaks has ended.
        const chunk = await chunks.next().catch(() => ({ done: true }) as const);
        if (chunk.done === true) return undefined;
        rest = chunk.value;
      }
      const part = rest.subarray(0, length - at);
      target.set(part, at);
      at += part.length;
      rest = rest.subarray(part.length);
    }
    return target;
  };
  const within = (length: number, limit: number, what: string): number => {
    if (length > limit) throw new BrokenFrame(`It sent a frame of ${length} ${what}.`);
    return length;
  };
  return async <Message>(judge: Judge<Message>): Promise<Frame<Message> | undefined> => {
    const head = await read(2 * LENGTH_BYTES);
    if (head === undefined) return undefined;
    const messageBytes = within(head.readUInt32LE(0), limits.messageBytes, "bytes");
    const blobCount = within(head.readUInt32LE(LENGTH_BYTES), limits.blobs, "blobs");
    const table = await read(blobCount * LENGTH_BYTES);
    const content = await read(messageBytes);
    if (table === undefined || content === undefined) return undefined;
    const sizes = Array.from({ length: blobCount }, (_, index) => table.readUInt32LE(index * LENGTH_BYTES));
    const message = judge(content.toString("utf8"), sizes);
    const blobs: Buffer[] = [];
    for (const size of sizes) {
      const blob = await read(size);
      if (blob === undefined) return undefined;
      blobs.push(blob);
    }
    return { message, blobs };
  };
};
