import type { Sharp } from "sharp";
import type { Size } from "../../core/geometry.ts";
import type { Background, TransformPlan } from "../../core/plan/plan.ts";
import { WHITE } from "../../core/spec/colour.ts";
import { isOnItsSide, swapped, type Turn } from "../../core/spec/frame.ts";
import { fromPixels, hasAlpha, isSameSize, laidOver, type Pixels, pixelsOf } from "./pixels.ts";

/** What a contain is padded with: transparency where the image has it or the spec wants it, else a colour. */
const padding = (image: Pixels, background: Exclude<Background, "blurred"> | undefined) => {
  if (background === undefined) return { ...WHITE, alpha: hasAlpha(image) ? 0 : 1 };
  return background === "transparent" ? { ...WHITE, alpha: 0 } : { ...background, alpha: 1 };
};

/** One step after the other: in one pipeline, sharp would choose the order. */
const turned = async (image: Pixels, { rotate, flip, flop }: Turn): Promise<Pixels> => {
  const turns: readonly ((pipeline: Sharp) => Sharp)[] = [
    ...(rotate === 0 ? [] : [(pipeline: Sharp) => pipeline.rotate(rotate)]),
    ...(flip ? [(pipeline: Sharp) => pipeline.flip()] : []),
    ...(flop ? [(pipeline: Sharp) => pipeline.flop()] : []),
  ];
  let pixels = image;
  for (const turn of turns) pixels = await pixelsOf(turn(fromPixels(pixels)));
  return pixels;
};

/** Softness of a blurred backdrop: a part of its shorter side, at which shapes are gone and colours stay. */
const BACKDROP_BLUR = 1 / 16;

/** The image, as large as it must be to fill the frame, without its detail. */
const backdrop = async (image: Pixels, size: Size): Promise<Pixels> => {
  const filling = await pixelsOf(fromPixels(image).resize({ ...size, fit: "cover" }));
  const sigma = Math.max(1, Math.min(size.width, size.height) * BACKDROP_BLUR);
  return pixelsOf(fromPixels(filling).blur(sigma));
};

const padded = async (image: Pixels, { framed, position, background }: TransformPlan): Promise<Pixels> => {
  // The plan gives a corner to a cut alone.
  const place = typeof position === "object" ? "centre" : position;
  const paddedWith = (behind: ReturnType<typeof padding>) =>
    fromPixels(image).resize({
      ...framed,
      fit: "contain",
      position: place,
      withoutEnlargement: true,
      background: behind,
    });
  if (background !== "blurred") return pixelsOf(paddedWith(padding(image, background)));
  const behind = await backdrop(image, framed);
  return laidOver(behind, [{ pixels: await pixelsOf(paddedWith({ ...WHITE, alpha: 0 })), left: 0, top: 0 }]);
};

const scaledUpright = async (
  whole: Pixels,
  { content, scaled, kernel, turn }: TransformPlan,
): Promise<Pixels> => {
  // The plan has the whole image decoded in full when a part of it is taken.
  const image = content === undefined ? whole : await pixelsOf(fromPixels(whole).extract(content));
  const unturned = isOnItsSide(turn) ? swapped(scaled) : scaled;
  const scaledImage = isSameSize(image.size, unturned)
    ? image
    : await pixelsOf(
        fromPixels(image).resize({ ...unturned, fit: "fill", ...(kernel === undefined ? {} : { kernel }) }),
      );
  return turn === undefined ? scaledImage : turned(scaledImage, turn);
};

/** Turns and scales, then cuts or pads. Dimensions come from the plan alone, so nothing is rounded twice. */
export const framed = async (image: Pixels, plan: TransformPlan): Promise<Pixels> => {
  const { framed: size, framing, position } = plan;
  const upright = await scaledUpright(image, plan);
  switch (framing) {
    case "none":
      return upright;
    case "crop":
      return pixelsOf(
        typeof position === "object"
          ? fromPixels(upright).extract({ ...position, ...size })
          : fromPixels(upright).resize({ ...size, fit: "cover", position }),
      );
    case "pad":
      return padded(upright, plan);
    default:
      return framing satisfies never;
  }
};

/** The plan with the cut that the first frame suggests: cut by its own content, each frame would show another part. */
export const steadied = async (first: Pixels, plan: TransformPlan): Promise<TransformPlan> => {
  const { framed: size, framing, position } = plan;
  if (framing !== "crop" || typeof position === "object") return plan;
  const upright = await scaledUpright(first, plan);
  const { info } = await fromPixels(upright)
    .resize({ ...size, fit: "cover", position })
    .raw()
    .toBuffer({ resolveWithObject: true });
  // sharp tells how far the image moves, to the left and up.
  const { cropOffsetLeft = 0, cropOffsetTop = 0 } = info;
  return { ...plan, position: { left: -cropOffsetLeft, top: -cropOffsetTop } };
};
