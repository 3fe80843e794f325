import type { Rgb } from "../../core/operations.ts";
import type { TransformPlan } from "../../core/plan.ts";
import { fromPixels, hasAlpha, isSameSize, type Pixels, pixelsOf } from "./pixels.ts";

export const WHITE: Rgb = { r: 255, g: 255, b: 255 };

/** What a contain is padded with: transparency where the image has it or the spec wants it, else a colour. */
const padding = (image: Pixels, background: TransformPlan["operations"]["background"]) => {
  if (background === undefined) return { ...WHITE, alpha: hasAlpha(image) ? 0 : 1 };
  return background === "transparent" ? { ...WHITE, alpha: 0 } : { ...background, alpha: 1 };
};

/** Scales, then cuts or pads. Dimensions come from the plan alone, so nothing is rounded twice. */
export const framed = async (image: Pixels, plan: TransformPlan): Promise<Pixels> => {
  const { scaled, framed: size, framing, position, operations } = plan;
  const { kernel, background } = operations;
  const scaledImage = isSameSize(image.size, scaled)
    ? image
    : await pixelsOf(
        fromPixels(image).resize({ ...scaled, fit: "fill", ...(kernel === undefined ? {} : { kernel }) }),
      );
  switch (framing) {
    case "none":
      return scaledImage;
    case "crop":
      return pixelsOf(fromPixels(scaledImage).resize({ ...size, fit: "cover", position }));
    case "pad":
      return pixelsOf(
        fromPixels(scaledImage).resize({
          ...size,
          fit: "contain",
          position,
          withoutEnlargement: true,
          background: padding(scaledImage, background),
        }),
      );
    default:
      return framing satisfies never;
  }
};
