import type { ImageHeader } from "./header.ts";

/** Markers that begin a frame (ITU-T T.81, table B.1), but for those that only look like it: DHT, JPG and DAC. */
const FIRST_FRAME = 0xc0;
const LAST_FRAME = 0xcf;
const NO_FRAMES = [0xc4, 0xc8, 0xcc];

/** Huffman and arithmetic coded. */
const PROGRESSIVE = [0xc2, 0xca];
const LOSSLESS = 0xc3;
const HIERARCHICAL = [0xc5, 0xc6, 0xc7, 0xcd, 0xce, 0xcf];
const ARITHMETIC_LOSSLESS = 0xcb;

/** Segments before the frame that are looked at. */
const MAX_SEGMENTS = 1024;

const unsupported = (marker: number, precision: number): string | undefined => {
  if (precision !== 8) return `a JPEG with ${precision} bits a channel`;
  if (marker === LOSSLESS || marker === ARITHMETIC_LOSSLESS) return "a JPEG of the lossless kind";
  return HIERARCHICAL.includes(marker) ? "a JPEG of the hierarchical kind" : undefined;
};

/** The offset of the frame's marker. */
const frameIn = (view: DataView): number | undefined => {
  let at = 2;
  for (let segment = 0; segment < MAX_SEGMENTS; segment += 1) {
    // Any number of 0xFF may stand before a marker.
    while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at += 1;
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker >= FIRST_FRAME && marker <= LAST_FRAME && !NO_FRAMES.includes(marker)) return at;
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
};

export const jpegHeader = (_bytes: Uint8Array, view: DataView): ImageHeader | undefined => {
  const frame = frameIn(view);
  if (frame === undefined) return undefined;
  const marker = view.getUint8(frame + 1);
  return {
    height: view.getUint16(frame + 5),
    width: view.getUint16(frame + 7),
    isWhole: PROGRESSIVE.includes(marker),
    unsupported: unsupported(marker, view.getUint8(frame + 4)),
  };
};
