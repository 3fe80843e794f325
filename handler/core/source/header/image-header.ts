import type { SourceFormat } from "../image-format.ts";
import { tiffDirectory, within } from "../tiff-directory.ts";
import type { ImageHeader } from "./header.ts";
import { boxAt, boxesIn } from "./iso-boxes.ts";
import { jpegHeader } from "./jpeg.ts";

const text = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

type Reader = (bytes: Uint8Array, view: DataView) => ImageHeader | undefined;

/** Chunks before the image data in which an animation would say so; the PNG specification puts few there. */
const MAX_CHUNKS = 256;

/** PNG 3rd edition: IHDR 11.2.1, acTL 11.3.6.1. Apple's CgBI stands before both. */
const png: Reader = (bytes, view) => {
  if (text(bytes, 12, 16) === "CgBI") {
    return { width: 1, height: 1, unsupported: "a PNG in Xcode's own variant of the format" };
  }
  const isWhole = view.getUint8(28) !== 0;
  const header = { width: view.getUint32(16), height: view.getUint32(20), isWhole };
  let at = 33;
  for (let chunk = 0; chunk < MAX_CHUNKS && at + 12 <= bytes.length; chunk += 1) {
    const type = text(bytes, at + 4, at + 8);
    if (type === "acTL") return { ...header, frames: view.getUint32(at + 8) };
    if (type === "IDAT") break;
    at += 12 + view.getUint32(at);
  }
  return header;
};

/** https://developers.google.com/speed/webp/docs/riff_container and, for each first chunk, its own format. */
const webp: Reader = (bytes, view) => {
  switch (text(bytes, 12, 16)) {
    case "VP8X": {
      const side = (at: number): number => 1 + view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
      return { width: side(24), height: side(27) };
    }
    case "VP8L": {
      const packed = view.getUint32(21, true);
      return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
    }
    case "VP8 ":
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return undefined;
  }
};

const gif: Reader = (_bytes, view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) });

/** The largest of the image's spatial extents (ISO/IEC 23008-12, 6.5.3): the others are of tiles and thumbnails. */
const heif: Reader = (bytes) => {
  const properties = boxAt(bytes, "meta", "iprp", "ipco");
  if (properties === undefined) return undefined;
  const sizes = boxesIn(properties).flatMap(({ type, content }) => {
    if (type !== "ispe" || content.length < 12) return [];
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    return [{ width: view.getUint32(4), height: view.getUint32(8) }];
  });
  return sizes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
};

/** TIFF 6.0: tags of the size, of strips and of tiles. */
const TIFF_TAG = { width: 256, height: 257, rowsPerStrip: 278, tileWidth: 322, tileHeight: 323 } as const;

const tiff: Reader = (bytes) => {
  const directory = tiffDirectory(bytes);
  const width = directory?.whole(TIFF_TAG.width);
  const height = directory?.whole(TIFF_TAG.height);
  if (directory === undefined || width === undefined || height === undefined) return undefined;
  const tileWidth = directory.whole(TIFF_TAG.tileWidth);
  const tileHeight = directory.whole(TIFF_TAG.tileHeight);
  if (tileWidth === undefined || tileHeight === undefined) return { width, height };
  // libvips holds a row of tiles.
  return { width, height, heldPixels: Math.ceil(width / Math.max(1, tileWidth)) * tileWidth * tileHeight };
};

const READERS = {
  jpeg: jpegHeader,
  png,
  webp,
  gif,
  avif: heif,
  heic: heif,
  tiff,
  // Text: its size is worked out when it is drawn.
  svg: () => undefined,
} satisfies Record<SourceFormat, Reader>;

/** Reads the header of a file of a known format; `undefined` where it is not within the bytes. */
export const imageHeader = (bytes: Uint8Array, format: SourceFormat): ImageHeader | undefined =>
  within(() => READERS[format](bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
