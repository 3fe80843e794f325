/** Most memory that originals of one kind and another take, each in a process of its own, with the default renditions. */
import { join } from "node:path";
import type { Sharp } from "sharp";
import * as z from "zod";
import { madeOnce, sceneOf } from "./support/photos.ts";
import { saveResult, thisMachine } from "./support/results.ts";
import { runChild } from "./support/run-child.ts";
import { mebibytes, terminalTable } from "./support/table.ts";

const SIZES = {
  24: { width: 6208, height: 3880 },
  100: { width: 12_640, height: 7900 },
} as const;

type Megapixels = keyof typeof SIZES;

const QUALITY = 92;

/** Each kind with what libvips does with it, the part of the input's bytes a pixel that the budget assumes. */
const KINDS = [
  ["jpeg", [24, 100], (image) => image.jpeg({ quality: QUALITY })],
  ["progressive.jpeg", [24, 100], (image) => image.jpeg({ quality: QUALITY, progressive: true })],
  ["png", [24, 100], (image) => image.png({ compressionLevel: 1 })],
  ["interlaced.png", [24], (image) => image.png({ compressionLevel: 1, progressive: true })],
  ["webp", [24, 100], (image) => image.webp({ effort: 0 })],
  ["lossless.webp", [24], (image) => image.webp({ effort: 0, lossless: true })],
  ["avif", [24], (image) => image.avif({ effort: 0 })],
  ["tiff", [24, 100], (image) => image.tiff({ compression: "none" })],
] as const satisfies readonly (readonly [
  kind: string,
  megapixels: readonly Megapixels[],
  encode: (image: Sharp) => Sharp,
])[];

const told = z.object({
  format: z.string(),
  pixels: z.number(),
  bytes: z.number(),
  before: z.number(),
  peak: z.number(),
});

const child = join(import.meta.dirname, "support", "memory-child.ts");
const results = [];
for (const megapixels of [24, 100] as const) {
  let scene: Promise<Sharp> | undefined;
  for (const [kind, sizes, encode] of KINDS) {
    if (!sizes.some((size) => size === megapixels)) continue;
    const file = await madeOnce(`memory-${megapixels}.${kind}`, async () => {
      scene ??= sceneOf(SIZES[megapixels]);
      return encode((await scene).clone());
    });
    const peaks = [];
    for (const threads of [1, 2])
      peaks.push(told.parse(JSON.parse((await runChild([child, file, `${threads}`])).stdout)));
    const [one, two] = peaks;
    if (one === undefined || two === undefined) continue;
    results.push({ kind, ...one, peakOfTwoThreads: two.peak });
  }
}
console.log(
  terminalTable(
    ["", "megapixels", "file MiB", "peak MiB", "with 2 threads", "bytes a pixel"],
    results.map(({ kind, pixels, bytes, before, peak, peakOfTwoThreads }) => [
      kind,
      (pixels / 1e6).toFixed(0),
      mebibytes(bytes),
      mebibytes(peak),
      mebibytes(peakOfTwoThreads),
      ((peak - before) / pixels).toFixed(1),
    ]),
  ),
);
saveResult("memory", { results }, thisMachine());
