import { deflateSync } from "node:zlib";
import { animatedGif, BLUE, halfTransparent, photo, RED } from "./images.ts";
import { randomFrom } from "./random.ts";
import { apng, heicOf, jpegOfPrecision, pngChunk, pngOf, tiffOf, tiledTiff } from "./unusual-images.ts";

export type HostileFile = { readonly name: string; readonly bytes: Uint8Array };

/** Files that must end in one certain way. */
export type KnownFile = HostileFile & { readonly outcome: string };

const SIZE = { width: 48, height: 40 };

const svg = (content: string, attributes = 'width="48" height="40"', prolog = ""): Buffer =>
  Buffer.from(`${prolog}<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`);

/** One sound file of every kind that there is code for. */
export const soundFiles = async (): Promise<readonly HostileFile[]> => {
  const image = () => photo(SIZE);
  const jpeg = await image()
    .withExif({ IFD0: { Model: "Camera" } })
    .withIccProfile("p3")
    .jpeg()
    .toBuffer();
  const files = {
    jpeg,
    "progressive jpeg": await image().jpeg({ progressive: true, chromaSubsampling: "4:4:4" }).toBuffer(),
    "cmyk jpeg": await image().toColourspace("cmyk").jpeg().toBuffer(),
    png: await image().png().toBuffer(),
    "16-bit png": await image().toColourspace("rgb16").withIccProfile("p3").png().toBuffer(),
    "palette png": await halfTransparent(SIZE, RED).png({ palette: true }).toBuffer(),
    "interlaced png": await halfTransparent(SIZE, BLUE).png({ progressive: true }).toBuffer(),
    "animated png": await apng(SIZE, [RED, BLUE]),
    webp: await image().webp().toBuffer(),
    "lossless webp": await halfTransparent(SIZE, RED).webp({ lossless: true }).toBuffer(),
    gif: await image().gif().toBuffer(),
    "animated gif": await animatedGif(SIZE, [RED, BLUE, RED]),
    avif: await image().avif({ effort: 0 }).toBuffer(),
    tiff: await image().tiff({ compression: "lzw" }).toBuffer(),
    "tiled tiff": await image()
      .tiff({ compression: "deflate", tile: true, tileWidth: 32, tileHeight: 32 })
      .toBuffer(),
    "jpeg in tiff": await image().tiff({ compression: "jpeg" }).toBuffer(),
    svg: svg('<rect width="40" height="30" fill="red"/><circle cx="20" cy="20" r="9"/>'),
    heic: heicOf(jpeg),
  };
  return Object.entries(files).map(([name, bytes]) => ({ name, bytes }));
};

/** Each file cut off at every twentieth. */
export const truncated = (files: readonly HostileFile[]): readonly HostileFile[] =>
  files.flatMap(({ name, bytes }) =>
    Array.from({ length: 19 }, (_, index) => ({
      name: `${name} of which ${index + 1}/20 are there`,
      bytes: bytes.subarray(0, Math.floor((bytes.length * (index + 1)) / 20)),
    })),
  );

/** Each file with some of its bits turned over, more of them where the header is. */
export const flipped = (files: readonly HostileFile[], times: number): readonly HostileFile[] => {
  const next = randomFrom(20_261_125);
  return files.flatMap(({ name, bytes }) =>
    Array.from({ length: times }, (_, index) => {
      const changed = Buffer.from(bytes);
      const flips = 1 + Math.floor(next() * 8);
      const reach = index % 2 === 0 ? Math.min(bytes.length, 200) : bytes.length;
      for (let flip = 0; flip < flips; flip += 1) {
        const at = Math.floor(next() * reach);
        changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(next() * 8));
      }
      return { name: `${name} with bits turned over, number ${index}`, bytes: changed };
    }),
  );
};

/** The beginning of each file before the rest of every other, and before noise. */
export const crossed = (files: readonly HostileFile[]): readonly HostileFile[] => {
  const next = randomFrom(7);
  const noise = Buffer.from(Array.from({ length: 3000 }, () => Math.floor(next() * 256)));
  return files.flatMap(({ name, bytes }) =>
    [...files, { name: "noise", bytes: noise }].map((other) => ({
      name: `${name} that goes on as ${other.name}`,
      bytes: Buffer.concat([bytes.subarray(0, 24), other.bytes.subarray(24)]),
    })),
  );
};

const patched = (bytes: Buffer, at: number, ...values: readonly number[]): Buffer => {
  const changed = Buffer.from(bytes);
  changed.set(values, at);
  return changed;
};

const laughs = (): Buffer => {
  const entities = Array.from(
    { length: 30 },
    (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
  );
  return svg(
    "<text>&l30;</text>",
    'width="48" height="40"',
    `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "lol">${entities.join("")}]>`,
  );
};

/** Bombs, liars and polyglots, each with what must become of it. */
export const knownFiles = async (): Promise<readonly KnownFile[]> => {
  const jpeg = await photo(SIZE).jpeg().toBuffer();
  const png = await photo(SIZE).png().toBuffer();
  const gif = await animatedGif(SIZE, [RED, BLUE]);
  const webp = await halfTransparent(SIZE, RED).webp().toBuffer();
  const avif = await photo(SIZE).avif({ effort: 0 }).toBuffer();
  const tiff = await photo(SIZE).tiff({ compression: "none" }).toBuffer();
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5;
  const extents = avif.indexOf("ispe") + 8;
  const zeros = Buffer.alloc(30_000_000);
  const textBomb = pngChunk(
    "zTXt",
    Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(Buffer.alloc(200e6))]),
  );
  const afterHeader = 33;
  const files = {
    "PNG of 3.6 gigapixels": ["TOO_MANY_PIXELS", pngOf({ width: 60_000, height: 60_000 }, zeros)],
    "JPEG of 4.3 gigapixels": ["TOO_MANY_PIXELS", patched(jpeg, frame, 0xff, 0xff, 0xff, 0xff)],
    "GIF of 4.3 gigapixels": ["TOO_MANY_PIXELS", patched(gif, 6, 0xff, 0xff, 0xff, 0xff)],
    "WebP of 281 terapixels": ["TOO_MANY_PIXELS", patched(webp, 24, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    "AVIF of 4.3 gigapixels": ["TOO_MANY_PIXELS", patched(avif, extents, 0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff)],
    "TIFF of 4.3 gigapixels": [
      "TOO_MANY_PIXELS",
      tiffOf(
        [
          [256, 65_535],
          [257, 65_535],
          [258, 8],
          [259, 1],
          [262, 1],
          [273, 100],
          [278, 65_535],
        ],
        zeros.subarray(0, 9000),
      ),
    ],
    "TIFF with a tile of 268 megapixels": [
      "CORRUPT_IMAGE",
      tiledTiff(SIZE, { width: 16_384, height: 16_384 }),
    ],
    "SVG of a billion pixels a side": [
      "CORRUPT_IMAGE",
      svg("<rect/>", 'width="1000000000" height="1000000000"'),
    ],
    "SVG of a billion laughs": ["CORRUPT_IMAGE", laughs()],
    "SVG 5,000 groups deep": ["CORRUPT_IMAGE", svg("<g>".repeat(5000) + "</g>".repeat(5000))],
    "PNG with a text that inflates to 200 MB": [
      "PROCESSED",
      Buffer.concat([png.subarray(0, afterHeader), textBomb, png.subarray(afterHeader)]),
    ],
    "PNG with a text of 1 MB": [
      "PROCESSED",
      Buffer.concat([
        png.subarray(0, afterHeader),
        pngChunk("tEXt", Buffer.alloc(1_000_000, "a")),
        png.subarray(afterHeader),
      ]),
    ],
    "PNG whose header says more than is there": [
      "CORRUPT_IMAGE",
      pngOf({ width: 1000, height: 1000 }, zeros.subarray(0, 5000)),
    ],
    "PNG whose header says less than is there": [
      "PROCESSED",
      pngOf({ width: 4, height: 4 }, zeros.subarray(0, 5_000_000)),
    ],
    "PNG without pixels": ["CORRUPT_IMAGE", pngOf({ width: 0, height: 0 }, Buffer.alloc(0))],
    "JPEG without pixels": ["CORRUPT_IMAGE", patched(jpeg, frame, 0, 0, 0, 0)],
    "JPEG whose header says more than is there": ["PROCESSED", patched(jpeg, frame, 3, 232, 3, 232)],
    "TIFF whose strip lies outside of it": [
      "CORRUPT_IMAGE",
      tiffOf(
        [
          [256, 48],
          [257, 40],
          [258, 8],
          [259, 1],
          [262, 1],
          [273, 4e9],
          [278, 40],
          [279, 1920],
        ],
        Buffer.alloc(0),
      ),
    ],
    "TIFF whose directory follows itself": ["PROCESSED", loopingTiff()],
    "JPEG with 12 bits a channel": ["UNSUPPORTED_FORMAT", jpegOfPrecision(12)],
    "GIF that is a script too": [
      "PROCESSED",
      Buffer.concat([gif, Buffer.from("/*<script>alert(1)</script>*/")]),
    ],
    "JPEG that is a ZIP too": [
      "PROCESSED",
      Buffer.concat([jpeg, Buffer.from("PK\u0003\u0004rest of an archive")]),
    ],
    "PNG that is a PDF too": [
      "PROCESSED",
      Buffer.concat([
        png.subarray(0, afterHeader),
        pngChunk("tEXt", Buffer.from("%PDF-1.7 x")),
        png.subarray(afterHeader),
      ]),
    ],
    "PDF that is a JPEG too": ["UNSUPPORTED_FORMAT", Buffer.concat([Buffer.from("%PDF-1.7\n"), jpeg])],
    "HTML page": ["UNSUPPORTED_FORMAT", Buffer.from("<!doctype html><script>alert(1)</script>")],
    "TIFF that ends after its signature": ["CORRUPT_IMAGE", tiff.subarray(0, 8)],
    nothing: ["EMPTY_OBJECT", Buffer.alloc(0)],
    "HEIC without a preview": ["HEIC_NOT_DECODED", heicOf(undefined)],
    "HEIC whose preview is cut off": ["CORRUPT_IMAGE", heicOf(jpeg.subarray(0, jpeg.length / 2))],
  } as const satisfies Record<string, readonly [string, Uint8Array]>;
  return Object.entries(files).map(([name, [outcome, bytes]]) => ({ name, outcome, bytes }));
};

/** A sound grey TIFF of one page whose next directory is the first. */
const loopingTiff = (): Buffer => {
  const bytes = tiffOf(
    [
      [256, 48],
      [257, 40],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, 8 + 2 + 9 * 12 + 4],
      [277, 1],
      [278, 40],
      [279, 1920],
    ],
    Buffer.alloc(1920, 128),
  );
  bytes.writeUInt32LE(8, 8 + 2 + 9 * 12);
  return bytes;
};
