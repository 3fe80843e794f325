import type { Corner, Size } from "../geometry.ts";
import type { Fit, FramingSpec, Kernel, Point, Position } from "./framing.ts";

/** How an upright image is turned: a quarter is 90 degrees clockwise; then it is mirrored. */
export type Turn = {
  readonly rotate: 0 | 90 | 180 | 270;
  /** Top to bottom. */
  readonly flip: boolean;
  /** Left to right. */
  readonly flop: boolean;
};

/** What becomes of an image's shape: turn and scale it, then cut or pad it. */
export type Frame = {
  /** Absent when nothing is turned. */
  readonly turn?: Turn;
  /** The image's size after turning and scaling, before it is cut or padded. */
  readonly scaled: Size;
  /** Its size after that. */
  readonly framed: Size;
  /** `crop` when `framed` is smaller than `scaled`, `pad` when it is larger; a contain or cover can need neither. */
  readonly framing: "none" | "crop" | "pad";
  /** Where it is cut or stands. */
  readonly position: Position | Corner;
  /** @default lanczos3 */
  readonly kernel?: Kernel;
};

export const swapped = ({ width, height }: Size): Size => ({ width: height, height: width });

/** Whether what stood upright lies on its side after the turn. */
export const isOnItsSide = (turn: Turn | undefined): boolean => turn?.rotate === 90 || turn?.rotate === 270;

type Shrink = { readonly horizontal: number; readonly vertical: number };

/** sharp's `ResolveShrink` (src/common.cc, 0.35.5) before its limits: by how much each axis is divided. */
const wantedShrink = (
  image: Size,
  width: number | undefined,
  height: number | undefined,
  fit: Fit,
): Shrink => {
  const horizontal = width === undefined ? undefined : image.width / width;
  const vertical = height === undefined ? undefined : image.height / height;
  const alone = fit === "fill" ? 1 : undefined;
  if (horizontal === undefined || vertical === undefined) {
    const only = horizontal ?? vertical ?? 1;
    return { horizontal: horizontal ?? alone ?? only, vertical: vertical ?? alone ?? only };
  }
  switch (fit) {
    case "fill":
      return { horizontal, vertical };
    case "cover":
    case "outside": {
      const least = Math.min(horizontal, vertical);
      return { horizontal: least, vertical: least };
    }
    case "contain":
    case "inside": {
      const most = Math.max(horizontal, vertical);
      return { horizontal: most, vertical: most };
    }
    default:
      return fit satisfies never;
  }
};

/** Never below 1, so that nothing is enlarged; never so much that an axis would have no pixel left. */
const bounded = (shrink: number, length: number): number => Math.min(Math.max(1, shrink), length);

/** A spec's framing with the box of one of its sizes. */
type FramedBox = Omit<FramingSpec, "width" | "height"> & {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
};

/** sharp hands libvips the inverse, which libvips inverts again: where the quotient ends with a half, that decides. */
const shrunk = (length: number, shrink: number): number => Math.round(length / (1 / (1 / shrink)));

const scaledSize = (image: Size, { width, height, fit }: FramedBox): Size => {
  const { horizontal, vertical } = wantedShrink(image, width, height, fit);
  return {
    width: shrunk(image.width, bounded(horizontal, image.width)),
    height: shrunk(image.height, bounded(vertical, image.height)),
  };
};

const framedSize = (scaled: Size, { width, height, fit }: FramedBox): Size => {
  const box = { width: width ?? scaled.width, height: height ?? scaled.height };
  switch (fit) {
    case "cover":
      return { width: Math.min(box.width, scaled.width), height: Math.min(box.height, scaled.height) };
    case "contain":
      return { width: Math.max(box.width, scaled.width), height: Math.max(box.height, scaled.height) };
    case "fill":
    case "inside":
    case "outside":
      return scaled;
    default:
      return fit satisfies never;
  }
};

const framingOf = (scaled: Size, size: Size): Frame["framing"] => {
  if (size.width < scaled.width || size.height < scaled.height) return "crop";
  if (size.width > scaled.width || size.height > scaled.height) return "pad";
  return "none";
};

/** Where a cut of `framed` begins so that the point is in its middle, or as near to it as the image allows. */
const cornerAround = ({ x, y }: Point, scaled: Size, framed: Size): Corner => {
  const start = (part: number, whole: number, cut: number): number =>
    Math.min(Math.max(0, Math.round(part * whole - cut / 2)), whole - cut);
  return {
    left: start(x, scaled.width, framed.width),
    top: start(y, scaled.height, framed.height),
  };
};

const turnOf = ({ rotate, flip = false, flop = false }: FramedBox): Turn | undefined =>
  rotate === undefined && !flip && !flop ? undefined : { rotate: rotate ?? 0, flip, flop };

/** Sizes exactly as sharp gives them with `withoutEnlargement`. */
export const frameOf = (image: Size, box: FramedBox): Frame => {
  const turn = turnOf(box);
  const scaled = scaledSize(isOnItsSide(turn) ? swapped(image) : image, box);
  const framed = framedSize(scaled, box);
  const position = box.position ?? "centre";
  return {
    ...(turn === undefined ? {} : { turn }),
    scaled,
    framed,
    framing: framingOf(scaled, framed),
    position: typeof position === "object" ? cornerAround(position, scaled, framed) : position,
    ...(box.kernel === undefined ? {} : { kernel: box.kernel }),
  };
};
