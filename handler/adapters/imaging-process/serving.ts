import { Socket } from "node:net";
import { PipelineError } from "../../core/errors.ts";
import { asReason, IMAGING_CODES, type ImagingReply } from "../../core/plan/imaging-reply.ts";
import type { Imaging } from "../../ports/imaging.ts";
import type { RenditionFile } from "../../ports/renditions.ts";
import { type Frame, frameReader, type Request, type Work, writeFrame } from "./frames.ts";
import { CHANNEL } from "./process.ts";

/** What a file tells besides its pixels, for those who ask; of another form for each. */
export type Describe = (bytes: Uint8Array) => Promise<unknown>;

/** The process that asks is ours, and so is what it sends. */
const NO_LIMITS = { messageBytes: Number.POSITIVE_INFINITY, blobs: Number.POSITIVE_INFINITY };
const requestIn = (text: string): Request => JSON.parse(text);

/** What was thrown, as much of it as travels. */
const errorReply = (number: number, error: unknown): ImagingReply => {
  const thrown = error instanceof Error ? error : new Error(String(error));
  const cause = thrown.cause instanceof Error ? thrown.cause.message : String(thrown.cause ?? "");
  const code = error instanceof PipelineError ? error.code : undefined;
  return {
    kind: "error",
    number,
    code: IMAGING_CODES.find((each) => each === code) ?? "TRANSFORM_FAILED",
    message: asReason(thrown.message),
    cause: asReason(cause),
  };
};

const nothingToTell: Describe = async () => {
  throw new PipelineError("TRANSFORM_FAILED", "This process describes no files.");
};

/** Works on what comes in, one request after the other, until the process that asks has ended. */
export const serveImaging = async (imaging: Imaging, describe: Describe = nothingToTell): Promise<void> => {
  const channel = new Socket({ fd: CHANNEL });
  channel.on("error", () => undefined);
  const reader = frameReader(channel, NO_LIMITS);
  const next = () => reader(requestIn);
  let bytes: Uint8Array = new Uint8Array();

  // Files are delivered one at a time: an answer is for the one before it.
  const delivering = (number: number) => {
    let last: Promise<void> = Promise.resolve();
    return ({ name, format, bytes: content }: RenditionFile): Promise<void> => {
      last = last.then(async () => {
        await writeFrame(channel, { kind: "file", number, name, format }, [content]);
        const answer = await next();
        if (answer?.message.kind !== "delivered" || !answer.message.isWanted) {
          throw new PipelineError("TRANSFORM_FAILED", `${name} is not wanted any more.`);
        }
      });
      return last;
    };
  };

  const work = async ({ message, blobs }: Frame<Work>): Promise<ImagingReply> => {
    const { number } = message;
    const [file = new Uint8Array(), ...watermarks] = blobs;
    // A file that was inspected stays for its transform: nothing is sent twice.
    if (!message.isFileKept) bytes = file;
    switch (message.kind) {
      case "inspect":
        return { kind: "inspected", number, image: await imaging.inspect(bytes, message.trims) };
      case "describe":
        return { kind: "described", number, description: await describe(bytes) };
      case "transform": {
        const marks = message.watermarkKeys.flatMap((key, index) => {
          const mark = watermarks[index];
          return mark === undefined ? [] : [[key, mark] as const];
        });
        const appearance = await imaging.transform(bytes, message.plans, delivering(number), new Map(marks));
        return { kind: "transformed", number, appearance };
      }
      default:
        return message satisfies never;
    }
  };

  await writeFrame(channel, { kind: "ready" });
  for (let frame = await next(); frame !== undefined; frame = await next()) {
    const { message, blobs } = frame;
    if (message.kind === "delivered") continue;
    await writeFrame(
      channel,
      await work({ message, blobs }).catch((error: unknown) => errorReply(message.number, error)),
    );
  }
  channel.destroy();
};
