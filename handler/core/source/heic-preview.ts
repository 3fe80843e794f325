import { itemsIn } from "./header/iso-boxes.ts";
import { tiffDirectory, within } from "./tiff-directory.ts";

/** EXIF 2.32, 4.6.9: where the JPEG thumbnail of the second directory lies in the block. */
const THUMBNAIL_OFFSET = 0x0201;
const THUMBNAIL_LENGTH = 0x0202;

/** The thumbnail of an EXIF item: four bytes say where in it the TIFF structure begins (ISO/IEC 23008-12, A.2.1). */
const thumbnailIn = (item: Uint8Array): readonly Uint8Array[] => {
  const start = 4 + new DataView(item.buffer, item.byteOffset, item.byteLength).getUint32(0);
  const exif = item.subarray(start);
  const directory = tiffDirectory(exif)?.next();
  const offset = directory?.whole(THUMBNAIL_OFFSET);
  const length = directory?.whole(THUMBNAIL_LENGTH);
  return offset === undefined || length === undefined ? [] : [exif.subarray(offset, offset + length)];
};

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/**
 * The JPEGs that a HEIC file holds, as images of its own or as the thumbnail of its EXIF: the pictures in it that can be
 * read without a decoder of HEVC.
 */
export const jpegsInHeic = (bytes: Uint8Array): readonly Uint8Array[] =>
  within(() =>
    itemsIn(bytes).flatMap((item) => {
      if (item.type === "jpeg") return [item.bytes];
      return item.type === "Exif" ? (within(() => thumbnailIn(item.bytes)) ?? []) : [];
    }),
  )?.filter(isJpeg) ?? [];
