/** Transforms one file as the function does, in a process of its own, and tells what it took: path and threads in, JSON out. */
import { readFileSync } from "node:fs";
import { sharpImaging } from "../../../handler/adapters/sharp.ts";
import { planTransforms } from "../../../handler/core/plan/plan.ts";
import { DEFAULT_RENDITIONS } from "../../../handler/core/spec/rendition-spec.ts";
import { peakMemory } from "./peak-memory.ts";

const [, , path = "", threads = "1"] = process.argv;

const maxPixels = 1_000_000_000;
const imaging = sharpImaging({ maxPixels, threads: Number(threads) });
const bytes = readFileSync(path);
const before = peakMemory();
const image = await imaging.inspect(bytes);
const plans = planTransforms(image, "photo", DEFAULT_RENDITIONS, { maxBytes: 1e12, maxPixels });
await imaging.transform(bytes, plans, async () => {});
const { width, height, format } = image;
const peak = peakMemory();
console.log(JSON.stringify({ format, pixels: width * height, bytes: bytes.length, before, peak }));
