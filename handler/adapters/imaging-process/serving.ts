import type { Readable, Writable } from "node:stream";
import { PipelineError } from "../../core/errors.ts";
import type { Imaging, RenditionFile } from "../../ports.ts";
import { type Frame, frameReader, type Reply, type Request, type Work, writeFrame } from "./frames.ts";

/** What the other process threw, as much of it as travels. */
const errorReply = (error: unknown): Reply => {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return {
    kind: "error",
    code: error instanceof PipelineError ? error.code : "TRANSFORM_FAILED",
    message: error instanceof Error ? error.message : String(error),
    cause: cause instanceof Error ? cause.message : String(cause ?? ""),
  };
};

/** Works on what comes in, one request after the other, until the input ends. */
export const serveImaging = async (imaging: Imaging, input: Readable, output: Writable): Promise<void> => {
  const next = frameReader<Request>(input);
  let bytes: Uint8Array = new Uint8Array();

  // Files are delivered one at a time: an answer is for the one before it.
  let lastDelivery: Promise<void> = Promise.resolve();
  const deliver = ({ bytes: content, ...file }: RenditionFile): Promise<void> => {
    lastDelivery = lastDelivery.then(async () => {
      await writeFrame(output, { kind: "file", file }, [content]);
      const answer = await next();
      if (answer?.message.kind !== "delivered" || !answer.message.isWanted) {
        throw new PipelineError("TRANSFORM_FAILED", `${file.name} is not wanted any more.`);
      }
    });
    return lastDelivery;
  };

  const work = async ({ message, blobs }: Frame<Work>): Promise<Reply> => {
    const [file = new Uint8Array(), ...watermarks] = blobs;
    // A file that was inspected stays for its transform: nothing is sent twice.
    if (!message.isFileKept) bytes = file;
    if (message.kind === "inspect") {
      return { kind: "inspected", image: await imaging.inspect(bytes, message.trims) };
    }
    lastDelivery = Promise.resolve();
    const marks = message.watermarkKeys.flatMap((key, index) => {
      const mark = watermarks[index];
      return mark === undefined ? [] : [[key, mark] as const];
    });
    const appearance = await imaging.transform(bytes, message.plans, deliver, new Map(marks));
    return { kind: "transformed", appearance };
  };

  await writeFrame(output, { kind: "ready" });
  for (let frame = await next(); frame !== undefined; frame = await next()) {
    const { message, blobs } = frame;
    if (message.kind === "delivered") continue;
    await writeFrame(output, await work({ message, blobs }).catch(errorReply));
  }
};
