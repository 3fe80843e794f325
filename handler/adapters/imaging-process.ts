import { createHash } from "node:crypto";
import {
  looksAsPlanned,
  madeFile,
  mostBytes,
  nameOfFile,
  type Planned,
  plannedFiles,
} from "../core/plan/planned-file.ts";
import type { Imaging } from "../ports/imaging.ts";
import type { RenditionFile } from "../ports/renditions.ts";
import {
  type Answer,
  type Decoder,
  type DecoderOptions,
  decoder,
  type Session,
} from "./imaging-process/decoder.ts";
import { BrokenFrame } from "./imaging-process/frames.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const unexpected = ({ kind }: Answer): BrokenFrame =>
  new BrokenFrame(`It sent ${kind}, which is no answer to this.`);

/** Takes each planned file once, and nothing else, until the decoder says how the image looks. */
const takeFiles = async (
  { answer, say, untimed }: Session,
  waiting: Map<string, Planned>,
  deliver: (file: RenditionFile) => Promise<void>,
) => {
  const plannedOf = (reply: Answer & { readonly kind: "file" }): Planned => {
    const planned = waiting.get(nameOfFile(reply));
    if (planned === undefined) throw new BrokenFrame("It sent a file that is not planned, or sent before.");
    return planned;
  };
  let undelivered: { readonly reason: unknown } | undefined;
  try {
    for (;;) {
      const { message, blobs } = await answer((reply) =>
        reply.kind === "file" ? mostBytes(plannedOf(reply)) : 0,
      );
      if (message.kind === "transformed" && undelivered === undefined && waiting.size === 0) {
        return message.appearance;
      }
      if (message.kind !== "file") throw unexpected(message);
      const planned = plannedOf(message);
      const bytes = blobs[0] ?? new Uint8Array();
      if (!looksAsPlanned(planned, bytes)) throw new BrokenFrame("It sent a file that is not as planned.");
      waiting.delete(nameOfFile(message));
      await untimed(() => deliver(madeFile(planned, bytes, sha256))).catch((reason: unknown) => {
        undelivered ??= { reason };
      });
      await say({ kind: "delivered", isWanted: undelivered === undefined });
    }
  } catch (error) {
    throw undelivered === undefined || error instanceof BrokenFrame ? error : undelivered.reason;
  }
};

/** Imaging by a decoder in a process apart. */
export const imagingBy = ({ request }: Decoder): Imaging => ({
  inspect: (bytes, trims = []) =>
    request({ kind: "inspect", trims }, [bytes], async ({ answer }) => {
      const { message } = await answer();
      if (message.kind !== "inspected") throw unexpected(message);
      return message.image;
    }),
  transform: (bytes, plans, deliver, watermarks = new Map()) => {
    const task = { kind: "transform", plans, watermarkKeys: [...watermarks.keys()] } as const;
    const delivered = new Set<string>();
    const deliverOnce = async (file: RenditionFile): Promise<void> => {
      if (delivered.has(file.key)) return;
      await deliver(file);
      delivered.add(file.key);
    };
    return request(task, [bytes, ...watermarks.values()], (session) =>
      takeFiles(session, plannedFiles(plans), deliverOnce),
    );
  },
});

export const imagingProcess = (options: DecoderOptions): Imaging & Pick<Decoder, "close"> => {
  const own = decoder(options);
  return { ...imagingBy(own), close: own.close };
};
