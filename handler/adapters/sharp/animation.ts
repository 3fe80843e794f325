import sharp from "sharp";
import type { Size, TransformPlan } from "../../core/plan/plan.ts";
import { steadied } from "./framing.ts";
import type { Pixels } from "./pixels.ts";

/** The first frames of an animation. */
export type Animation = {
  readonly frames: readonly Pixels[];
  /** Milliseconds that each frame stays. */
  readonly delay: number[];
  /** How often it is shown; 0 is for ever. */
  readonly loop: number;
};

/**
 * Decodes frames to a size, in sRGB.
 * @param count 2 or more, no more than there are
 */
export const decodedAnimation = async (bytes: Uint8Array, count: number, size: Size): Promise<Animation> => {
  // The plan has counted the pixels of all frames.
  const original = sharp(bytes, { pages: count, autoOrient: true, failOn: "error", limitInputPixels: false });
  const { delay = [], loop = 0 } = await original.metadata();
  const { data, info } = await original
    .resize({ ...size, fit: "fill" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const length = size.width * size.height * info.channels;
  return {
    frames: Array.from({ length: count }, (_, index) => ({
      data: data.subarray(index * length, (index + 1) * length),
      size,
      channels: info.channels,
    })),
    delay: delay.slice(0, count),
    loop,
  };
};

/** Frames one below the other, as encoders take them. */
const joined = (frames: readonly Pixels[], { delay, loop }: Animation): Pixels => {
  const [first] = frames;
  if (first === undefined) throw new RangeError("An animation has at least one frame.");
  const { size, channels } = first;
  return {
    data: Buffer.concat(frames.map(({ data }) => data)),
    size: { width: size.width, height: size.height * frames.length },
    channels,
    animation: { pageHeight: size.height, delay, loop },
  };
};

/** Makes a rendition of each frame, all cut alike. */
export const eachFrame = async (
  animation: Animation,
  plan: TransformPlan,
  make: (frame: Pixels, plan: TransformPlan) => Promise<Pixels>,
): Promise<Pixels> => {
  const [first] = animation.frames;
  const steady = first === undefined ? plan : await steadied(first, plan);
  const made: Pixels[] = [];
  for (const frame of animation.frames) made.push(await make(frame, steady));
  return joined(made, animation);
};
