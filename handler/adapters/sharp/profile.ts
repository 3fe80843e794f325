import sharp, { type Metadata, type Sharp } from "sharp";
import type { Size } from "../../core/plan/plan.ts";
import { fromPixels, type Pixels, pixelsOf } from "./pixels.ts";

/** Largest profile that is kept, in bytes: those of screens and cameras have up to some kilobytes, of printers a megabyte. */
const MAX_PROFILE_BYTES = 16_384;

/** Pixels with the colour profile that their values are meant in. */
export type Profiled = { readonly image: Pixels; readonly profile: Uint8Array };

const RGB_SPACES: readonly (string | undefined)[] = ["srgb", "rgb", "rgb16"];

/**
 * Decodes to a size, in the original's own profile; `undefined` when it has none that is kept.
 * @param original opened, with nothing done to it
 */
export const decodedInProfile = async (
  original: Sharp,
  { icc, space }: Metadata,
  size: Size,
): Promise<Profiled | undefined> => {
  if (icc === undefined || icc.length > MAX_PROFILE_BYTES || !RGB_SPACES.includes(space)) return undefined;
  const image = await pixelsOf(original.resize({ ...size, fit: "fill" }).keepIccProfile());
  return { image, profile: icc };
};

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;

/** An uncompressed TIFF (TIFF 6.0): the least file that holds pixels and a profile. */
const tiffOf = ({ data, size, channels }: Pixels, profile: Uint8Array): Buffer => {
  const bitsAt = HEADER_BYTES;
  const profileAt = bitsAt + 2 * channels;
  const pixelsAt = profileAt + profile.length;
  const end = pixelsAt + data.length;
  const directoryAt = end + (end % 2);
  const hasAlpha = channels === 2 || channels === 4;
  const entries: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, LONG, 1, size.width],
    [257, LONG, 1, size.height],
    // Two numbers of 16 bits stand in the entry itself.
    channels <= 2 ? [258, SHORT, channels, 0x0008_0008] : [258, SHORT, channels, bitsAt],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, channels >= 3 ? 2 : 1],
    [273, LONG, 1, pixelsAt],
    [277, SHORT, 1, channels],
    [278, LONG, 1, size.height],
    [279, LONG, 1, data.length],
    [284, SHORT, 1, 1],
    ...(hasAlpha ? [[338, SHORT, 1, 2] as const] : []),
    [34_675, UNDEFINED, profile.length, profileAt],
  ];
  const tiff = Buffer.alloc(directoryAt + 2 + ENTRY_BYTES * entries.length + 4);
  tiff.write("II*\0", "latin1");
  tiff.writeUInt32LE(directoryAt, 4);
  for (let channel = 0; channel < channels; channel += 1) tiff.writeUInt16LE(8, bitsAt + 2 * channel);
  tiff.set(profile, profileAt);
  tiff.set(data, pixelsAt);
  tiff.writeUInt16LE(entries.length, directoryAt);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = directoryAt + 2 + ENTRY_BYTES * index;
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(count, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  }
  return tiff;
};

/** Pixels to be written in their profile. To sharp, bare pixels are sRGB, and would be converted to another one. */
export const fromProfiled = (image: Pixels, profile: Uint8Array | undefined): Sharp =>
  profile === undefined
    ? fromPixels(image)
    : sharp(tiffOf(image, profile), { limitInputPixels: false }).keepIccProfile();
