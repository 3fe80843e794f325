/** How close renditions are to what they would be without any shortcut or loss. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { DEFAULT_RENDITIONS } from "../../../handler/core/spec/rendition-spec.ts";
import { CACHE } from "./results.ts";
import type { Tool } from "./tools.ts";

const FOLDER = join(CACHE, "quality");

const png = async (image: Sharp, name: string): Promise<string> => {
  const path = join(FOLDER, name);
  writeFileSync(path, await image.png({ compressionLevel: 1 }).toBuffer());
  return path;
};

/** By rendition's name, a png of every pixel of the photo decoded, converted to sRGB, scaled with lanczos3. */
export const references = async (photo: string): Promise<ReadonlyMap<string, string>> => {
  mkdirSync(FOLDER, { recursive: true });
  const { data, info } = await sharp(photo, { autoOrient: true }).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const paths = new Map<string, string>();
  for (const { name, width: boxWidth, height: boxHeight, fit } of DEFAULT_RENDITIONS) {
    const box = { ...(boxWidth && { width: boxWidth }), ...(boxHeight && { height: boxHeight }), fit };
    const scaled = sharp(data, { raw: { width, height, channels } }).resize({
      ...box,
      withoutEnlargement: true,
    });
    paths.set(name, await png(scaled, `reference-${name}.png`));
  }
  return paths;
};

/**
 * SSIMULACRA2 of a rendition: 90 and more can't be told from the reference, 70 is high quality, 50 medium
 * (https://github.com/cloudinary/ssimulacra2). A rendition that is a row too large or too small, since its size was
 * rounded twice, is scaled to the reference's.
 */
export const similarity = async (
  { program }: Tool,
  reference: string,
  rendition: string,
): Promise<number> => {
  const { width, height } = await sharp(reference).metadata();
  const sized = sharp(rendition).removeAlpha().resize(width, height, { fit: "fill" });
  const decoded = await png(sized, "rendition.png");
  const printed = execFileSync(program, ["image", reference, decoded], { encoding: "utf8" });
  const [, score] = /(-?[\d.]+)\s*$/.exec(printed) ?? [];
  if (score === undefined) throw new Error("ssimulacra2_rs printed no score.");
  return Number(score);
};
