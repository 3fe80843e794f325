import type { Sharp } from "sharp";
import { encodedWithin } from "../../core/plan/byte-target.ts";
import type { Background, RenditionPlan } from "../../core/plan/plan.ts";
import { WHITE } from "../../core/spec/colour.ts";
import { formatFacts } from "../../core/spec/format.ts";
import type { Pixels } from "./pixels.ts";
import { fromProfiled } from "./profile.ts";

/** The options that a plan sets, without those that it leaves to the encoder: to sharp, undefined is a value. */
const given = <Options extends Readonly<Record<string, unknown>>>(options: Options): Partial<Options> => {
  const chosen: Partial<Options> = { ...options };
  for (const name in chosen) if (chosen[name] === undefined) delete chosen[name];
  return chosen;
};

const encoder = (
  image: Pixels,
  { format, effort, lossless, progressive, chromaSubsampling }: RenditionPlan,
  background: Background | undefined,
  quality: number | undefined,
  profile: Uint8Array | undefined,
): Sharp => {
  const facts = formatFacts(format);
  const timing = { delay: image.animation?.delay, loop: image.animation?.loop };
  const options = given({ quality, effort, lossless, progressive, chromaSubsampling, ...timing });
  const pipeline = fromProfiled(image, profile);
  const whole = facts.hasAlpha
    ? pipeline
    : pipeline.flatten({ background: typeof background === "object" ? background : WHITE });
  return whole.toFormat(format, { ...facts.encoder, ...options });
};

/**
 * Writes a rendition's file, at a lower quality than planned when it must fit a number of bytes.
 * @param background what a format without transparency shows in its place
 * @param copyright the notice in the original's EXIF
 * @param profile the one that the pixels are in; sRGB by default
 */
export const encoded = (
  image: Pixels,
  rendition: RenditionPlan,
  background: Background | undefined,
  copyright: string | undefined,
  profile?: Uint8Array,
): Promise<Uint8Array> => {
  const { quality, maxBytes, keepCopyright } = rendition;
  const encode = (at: number | undefined): Promise<Uint8Array> => {
    const pipeline = encoder(image, rendition, background, at, profile);
    const isKept = keepCopyright === true && copyright !== undefined;
    return (isKept ? pipeline.withExif({ IFD0: { Copyright: copyright } }) : pipeline).toBuffer();
  };
  return quality === undefined || maxBytes === undefined
    ? encode(quality)
    : encodedWithin(encode, quality, maxBytes);
};
