import { crc32, deflateSync } from "node:zlib";
import type { Size } from "../../handler/core/plan/plan.ts";
import { type Colour, solid } from "./images.ts";

/** Images that sharp does not write: built byte by byte, after their specifications. */

/** A PNG chunk with a true checksum. */
export const pngChunk = (type: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
};

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export type PngHeader = Size & { readonly depth?: number; readonly colourType?: number };

export const pngHeaderChunk = ({ width, height, depth = 8, colourType = 2 }: PngHeader): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, 0], 8);
  return pngChunk("IHDR", header);
};

/** A PNG of given image data, whatever its header says. */
export const pngOf = (header: PngHeader, data: Uint8Array, ...before: readonly Buffer[]): Buffer =>
  Buffer.concat([
    SIGNATURE,
    pngHeaderChunk(header),
    ...before,
    pngChunk("IDAT", deflateSync(data, { level: 9 })),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);

const numbers = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
};

const chunksOf = (png: Buffer, type: string): Buffer => {
  const found: Buffer[] = [];
  let at = 8;
  while (at + 12 <= png.length) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === type) found.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return Buffer.concat(found);
};

/** An animated PNG, one plain colour a frame (PNG 3rd edition, 4.9). */
export const apng = async (size: Size, colours: readonly Colour[]): Promise<Buffer> => {
  const frames = await Promise.all(
    colours.map((colour) => solid(size, colour).png({ palette: false }).toBuffer()),
  );
  let sequence = 0;
  const chunks = frames.flatMap((frame, index) => {
    const data = chunksOf(frame, "IDAT");
    const control = pngChunk(
      "fcTL",
      Buffer.concat([numbers(sequence++, size.width, size.height, 0, 0), Buffer.from([0, 1, 0, 10, 0, 0])]),
    );
    return index === 0
      ? [control, pngChunk("IDAT", data)]
      : [control, pngChunk("fdAT", Buffer.concat([numbers(sequence++), data]))];
  });
  const [first = Buffer.alloc(0)] = frames;
  return Buffer.concat([
    SIGNATURE,
    pngChunk("IHDR", chunksOf(first, "IHDR")),
    pngChunk("acTL", numbers(colours.length, 0)),
    ...chunks,
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
};

/** The beginning of a JPEG, up to its frame header (ITU-T T.81, B.2.2). */
export const jpegOfPrecision = (bits: number, marker = 0xc0): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 67, 0]),
    Buffer.alloc(64, 1),
    Buffer.from([0xff, marker, 0, 11, bits, 0, 100, 0, 100, 1, 1, 0x11, 0]),
    Buffer.alloc(100),
  ]);

/** A TIFF of one directory, its entries in the order given; values are 32 bits wide. */
export const tiffOf = (entries: readonly (readonly [tag: number, value: number])[], data: Buffer): Buffer => {
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length);
  for (const [index, [tag, value]] of entries.entries()) {
    const at = 2 + index * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(4, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  }
  return Buffer.concat([Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]), directory, data]);
};

/** A grey TIFF of one tile, uncompressed, that claims to be as large as it likes. */
export const tiledTiff = (size: Size, tile: Size): Buffer => {
  const entries = [
    [256, size.width],
    [257, size.height],
    [258, 8],
    [259, 1],
    [262, 1],
    [277, 1],
    [322, tile.width],
    [323, tile.height],
    [324, 8 + 2 + 10 * 12 + 4],
    [325, 1000],
  ] as const;
  return tiffOf(entries, Buffer.alloc(1000, 128));
};

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2); a full one begins with version and flags. */
const box = (type: string, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  return Buffer.concat([numbers(content.length + 8), Buffer.from(type, "latin1"), content]);
};

const shorts = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
};

const FULL = numbers(0);
const FULL_2 = Buffer.from([2, 0, 0, 0]);

/** A HEIC whose image nobody can decode, with a JPEG, or without (ISO/IEC 23008-12). */
export const heicOf = (preview: Uint8Array | undefined, kind: "jpeg" | "Exif" = "jpeg"): Buffer => {
  const undecodable = Buffer.alloc(64, 1);
  const items = [
    { type: "hvc1", bytes: undecodable },
    ...(preview === undefined ? [] : [{ type: kind, bytes: preview }]),
  ];
  const meta = (start: number): Buffer => {
    let at = start;
    const entries = items.map(({ type }, index) =>
      box("infe", FULL_2, shorts(index + 1, 0), Buffer.from(`${type}\0`, "latin1")),
    );
    const places = items.map(({ bytes }, index) => {
      const place = Buffer.concat([shorts(index + 1, 0, 1), numbers(at, bytes.length)]);
      at += bytes.length;
      return place;
    });
    return box(
      "meta",
      FULL,
      box("hdlr", FULL, numbers(0), Buffer.from("pict"), Buffer.alloc(13)),
      box("pitm", FULL, shorts(1)),
      box("iinf", FULL, shorts(items.length), ...entries),
      box("iloc", FULL, Buffer.from([0x44, 0]), shorts(items.length), ...places),
      box("iprp", box("ipco", box("ispe", FULL, numbers(4032, 3024)))),
    );
  };
  const type = box("ftyp", Buffer.from("heic"), numbers(0), Buffer.from("mif1heic"));
  const start = type.length + meta(0).length + 8;
  return Buffer.concat([type, meta(start), box("mdat", ...items.map(({ bytes }) => bytes))]);
};

/** An EXIF block with a JPEG as its thumbnail: two directories (EXIF 2.32, 4.6.9). */
export const exifWithThumbnail = (thumbnail: Uint8Array): Buffer => {
  const first = 8 + 2 + 4;
  const second = 2 + 2 * 12 + 4;
  const bytes = Buffer.alloc(first + second);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt32LE(first, 10);
  bytes.writeUInt16LE(2, first);
  for (const [index, [tag, value]] of [
    [0x0201, first + second],
    [0x0202, thumbnail.length],
  ].entries()) {
    const at = first + 2 + index * 12;
    bytes.writeUInt16LE(tag ?? 0, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value ?? 0, at + 8);
  }
  return Buffer.concat([bytes, thumbnail]);
};
