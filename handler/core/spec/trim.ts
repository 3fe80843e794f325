import * as z from "zod";
import type { Content, Size } from "../geometry.ts";

/** Properties of a rendition spec that take edges away. */
export const trimShape = {
  trim: z
    .int("expected a whole number")
    .min(0, "expected at least 0")
    .max(254, "expected at most 254")
    .optional()
    .meta({
      description:
        "takes away edges whose colour is that of the left upper pixel, or as far from it as this at most, before anything else is done; 10 is enough for a scan or a JPEG on white. Its originals are decoded once more to find them",
      values: "0 to 254",
    }),
};

type TrimSpec = { readonly trim?: number | undefined };

/** Every threshold that a spec of the list trims with. */
export const thresholdsOf = (specs: readonly TrimSpec[]): readonly number[] => [
  ...new Set(specs.flatMap(({ trim }) => trim ?? [])),
];

/** The part of an image that a spec is about; `undefined` for all of it. */
export const contentFor = (
  { trim }: TrimSpec,
  image: Size & { readonly contents?: readonly Content[] | undefined },
): Content | undefined => {
  const content = image.contents?.find(({ threshold }) => threshold === trim);
  const isAll = content?.width === image.width && content.height === image.height;
  return isAll ? undefined : content;
};
