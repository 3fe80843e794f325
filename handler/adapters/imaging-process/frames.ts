import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { deserialize, serialize } from "node:v8";
import type { Appearance } from "../../core/asset.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { ImageInfo, TransformPlan } from "../../core/plan.ts";
import type { RenditionFile } from "../../ports.ts";

/** What the two processes say to each other; bytes travel beside a message, uncopied. */
export type Request = Work | Delivered;

/** Of the bytes beside it the first are the file's, none when it has that file still; the others are watermarks. */
export type Work = { readonly isFileKept: boolean } & (
  | { readonly kind: "inspect"; readonly trims: readonly number[] }
  | {
      readonly kind: "transform";
      readonly plans: readonly TransformPlan[];
      readonly watermarkKeys: readonly string[];
    }
);

type Delivered = {
  /** The file that was made last is delivered, or can't be, and no further one is wanted. */
  readonly kind: "delivered";
  readonly isWanted: boolean;
};

export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "inspected"; readonly image: ImageInfo }
  | { readonly kind: "transformed"; readonly appearance: Appearance }
  | { readonly kind: "file"; readonly file: Omit<RenditionFile, "bytes"> }
  | { readonly kind: "error"; readonly code: ErrorCode; readonly message: string; readonly cause: string };

export type Frame<Message> = { readonly message: Message; readonly blobs: readonly Uint8Array[] };

/** Lengths are 32 bits wide; an original has at most 1 GiB. */
const LENGTH_BYTES = 4;

const lengths = (...values: readonly number[]): Uint8Array => {
  const bytes = Buffer.allocUnsafe(values.length * LENGTH_BYTES);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * LENGTH_BYTES);
  return bytes;
};

/** Writes a message and the bytes beside it, no faster than the other side reads. */
export const writeFrame = async (
  stream: Writable,
  message: Request | Reply,
  blobs: readonly Uint8Array[] = [],
): Promise<void> => {
  const content = serialize(message);
  const head = lengths(content.length, blobs.length, ...blobs.map(({ length }) => length));
  for (const part of [head, content, ...blobs]) {
    if (part.length > 0 && !stream.write(part)) await once(stream, "drain");
  }
};

/** Reads what `writeFrame` wrote; `undefined` once the other side has ended. */
export const frameReader = <Message>(stream: Readable): (() => Promise<Frame<Message> | undefined>) => {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const read = async (length: number): Promise<Buffer | undefined> => {
    const target = Buffer.allocUnsafeSlow(length);
    let at = 0;
    while (at < length) {
      if (rest.length === 0) {
        const chunk = await chunks.next();
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
  return async () => {
    const head = await read(2 * LENGTH_BYTES);
    if (head === undefined) return undefined;
    const sizes = await read(head.readUInt32LE(LENGTH_BYTES) * LENGTH_BYTES);
    const content = await read(head.readUInt32LE(0));
    if (sizes === undefined || content === undefined) return undefined;
    const blobs: Buffer[] = [];
    for (let at = 0; at < sizes.length; at += LENGTH_BYTES) {
      const blob = await read(sizes.readUInt32LE(at));
      if (blob === undefined) return undefined;
      blobs.push(blob);
    }
    const message: Message = deserialize(content);
    return { message, blobs };
  };
};
