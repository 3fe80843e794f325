import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { imagingProcess } from "../../handler/adapters/imaging-process.ts";
import { processUpload } from "../../handler/app/process-upload.ts";
import { PERMANENT_CODES } from "../../handler/core/errors.ts";
import { renditionSpecs } from "../../handler/core/spec/rendition-spec.ts";
import type { Ports } from "../../handler/ports/pipeline.ts";
import { FakePorts } from "../support/fakes.ts";
import {
  crossed,
  flipped,
  type HostileFile,
  type KnownFile,
  knownFiles,
  soundFiles,
  truncated,
} from "../support/hostile-corpus.ts";
import { aPipeline } from "../support/pipeline.ts";
import { anUpload } from "../support/upload-events.ts";

/** Far more than any of the small files needs, far less than a bomb would take. */
const MAX_DECODER_MIB = 400;

const input = { allowsSvg: true, heicPreviewSide: 1 };
const limits = { maxBytes: 20_000_000, maxPixels: 4_500_000, memoryBytes: 512 * 1024 ** 2 };
const ENTRY = join(import.meta.dirname, "../../handler/entries/imaging-process.ts");
const imaging = imagingProcess({
  entry: ENTRY,
  options: { maxPixels: limits.maxPixels, threads: 1, input },
  environment: process.env,
  maxSeconds: 20,
});

/** What becomes of a file in the handler itself, with the decoder as it runs in Lambda. */
const outcomeOf = async ({ bytes }: HostileFile): Promise<string> => {
  const fakes = new FakePorts();
  const upload = anUpload({ sizeBytes: bytes.length });
  const ports: Ports = {
    ...fakes.ports,
    imaging,
    source: {
      ...fakes.ports.source,
      read: async (_upload, _maxBytes, judge) => {
        judge({ firstBytes: bytes.subarray(0, 64 * 1024), contentType: "image/jpeg" });
        return bytes;
      },
    },
    renditions: { ...fakes.ports.renditions, write: async () => undefined },
  };
  const settings = {
    renditions: renditionSpecs.parse([{ name: "card", width: 32, formats: ["webp"] }]),
    limits,
    input,
    onDelete: "keep",
  } as const;
  await processUpload(aPipeline(ports, settings), upload);
  const asset = fakes.records.get(upload.key)?.asset;
  return asset?.state === "FAILED" ? asset.reason.code : (asset?.state ?? "nothing was recorded");
};

/** Ids of the decoder's processes, and the most memory that they had, in MiB; nothing where there is no /proc. */
const decoders = (): readonly { readonly id: string; readonly peakMib: number }[] => {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((id) => {
    try {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      const isOurs =
        status.includes(`\nPPid:\t${process.pid}\n`) &&
        readFileSync(`/proc/${id}/cmdline`, "utf8").includes(ENTRY);
      const peak = /\nVmHWM:\s+(\d+)/.exec(status)?.[1];
      return isOurs && peak !== undefined ? [{ id, peakMib: Number(peak) / 1024 }] : [];
    } catch {
      // Ended since the folder was listed, or no process.
      return [];
    }
  });
};

/** What ends well for a file that may be anything: it is an image after all, or no image, and a person is told so. */
const SOUND_ENDINGS: readonly string[] = [
  "PROCESSED",
  ...PERMANENT_CODES.filter((code) => code !== "DECODER_CRASHED" && code !== "TOO_MUCH_TIME"),
];

let sound: readonly HostileFile[];
let known: readonly KnownFile[];
let firstDecoder: string | undefined;
let tried = 0;

const unsoundEndings = async (files: readonly HostileFile[]): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const file of files) {
    const outcome = await outcomeOf(file).catch((error: unknown) => `thrown: ${error}`);
    if (!SOUND_ENDINGS.includes(outcome)) found.push(`${file.name}: ${outcome}`);
  }
  tried += files.length;
  return found;
};

beforeAll(async () => {
  sound = await soundFiles();
  known = await knownFiles();
  await outcomeOf({ name: "the first", bytes: sound[0]?.bytes ?? new Uint8Array() });
  firstDecoder = decoders()[0]?.id;
}, 60_000);

// In this order, so that the last one can judge what all have done.
describe("the hostile corpus", () => {
  it("is made of files that are sound at first", async () => {
    for (const file of sound) expect(await outcomeOf(file), file.name).toBe("PROCESSED");
  });

  it("ends as it must with every bomb, liar and polyglot", async () => {
    const outcomes: Record<string, string> = {};
    for (const file of known)
      outcomes[file.name] = await outcomeOf(file).catch((error: unknown) => `thrown: ${error}`);
    expect(outcomes).toEqual(Object.fromEntries(known.map(({ name, outcome }) => [name, outcome])));
  }, 60_000);

  it("ends in a reason when a file is cut off", async () => {
    expect(await unsoundEndings(truncated(sound))).toEqual([]);
  }, 120_000);

  it("ends in a reason when one file goes on as another", async () => {
    expect(await unsoundEndings(crossed(sound))).toEqual([]);
  }, 120_000);

  it("ends in a reason when bits are turned over", async () => {
    expect(await unsoundEndings(flipped(sound, 150))).toEqual([]);
  }, 240_000);

  it("never crashed the decoder, nor made it swell", () => {
    expect(tried).toBeGreaterThan(3000);
    const [decoder, ...others] = decoders();
    expect(others).toEqual([]);
    expect(decoder?.id).toBe(firstDecoder);
    expect(decoder?.peakMib ?? 0).toBeLessThan(MAX_DECODER_MIB);
  });
});
