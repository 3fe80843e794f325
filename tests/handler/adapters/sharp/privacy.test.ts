import exifr from "exifr";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { sharpImaging } from "../../../../handler/adapters/sharp.ts";
import { SOURCE_FORMATS, type SourceFormat } from "../../../../handler/core/source/image-format.ts";
import { RENDITION_FORMATS, type RenditionFormat } from "../../../../handler/core/spec/format.ts";
import { partsOf } from "../../../support/file-structure.ts";
import { jpegFullOfMetadata, photo, SECRETS } from "../../../support/images.ts";
import { exifWithThumbnail, pngChunk } from "../../../support/unusual-images.ts";
import { imaging, render } from "./rendering.ts";

const SIZE = { width: 120, height: 80 };
const SERIALS = ["BODY-0815", "LENS-4711"] as const;
const MARKS = [...SECRETS, ...SERIALS, "xmpmeta", "Photoshop 3.0", "2026:07:01"] as const;

const EXIF = {
  IFD0: { Make: "Maker", Model: SECRETS[0], Copyright: SECRETS[1], Artist: SECRETS[1] },
  IFD2: {
    DateTimeOriginal: "2026:07:01 12:30:00",
    OffsetTimeOriginal: "+02:00",
    BodySerialNumber: SERIALS[0],
    LensSerialNumber: SERIALS[1],
  },
  IFD3: {
    GPSLatitudeRef: "S",
    GPSLatitude: "52/1 31/1 12/1",
    GPSLongitudeRef: "E",
    GPSLongitude: "13/1 24/1 0/1",
  },
};
const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="${SECRETS[1]}"/></rdf:RDF></x:xmpmeta>`;

/** A JPEG segment with an EXIF block whose thumbnail is an image of its own. */
const thumbnailSegment = (thumbnail: Uint8Array): Buffer => {
  const content = Buffer.concat([Buffer.from("Exif\0\0"), exifWithThumbnail(thumbnail)]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
};

const original = async (format: SourceFormat): Promise<Buffer> => {
  const image = await photo(SIZE)
    .withIccProfile("p3")
    .withExif(EXIF)
    .withXmp(XMP)
    .toFormat(format === "heic" || format === "svg" ? "jpeg" : format)
    .toBuffer();
  switch (format) {
    case "jpeg": {
      const comment = Buffer.concat([
        Buffer.from([0xff, 0xfe, 0, SECRETS[0].length + 2]),
        Buffer.from(SECRETS[0]),
      ]);
      const thumbnail = await photo({ width: 16, height: 8 }).jpeg().toBuffer();
      const added = [comment, thumbnailSegment(thumbnail)];
      return Buffer.concat([image.subarray(0, 2), ...added, image.subarray(2)]);
    }
    case "png":
      return Buffer.concat([
        image.subarray(0, 33),
        pngChunk("tEXt", Buffer.from(`Author\0${SECRETS[1]}`)),
        image.subarray(33),
      ]);
    default:
      return image;
  }
};

/** All that a rendition may be made of; whatever else a file can hold would have to be put here first. */
const PARTS = {
  // Tables, frame, scans and end; e0 is JFIF's header, 14 bytes of density.
  jpeg: ["e0", "db", "c0", "c2", "c4", "da", "dd", "d9"],
  png: ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "pHYs"],
  webp: ["VP8 ", "VP8L", "VP8X", "ALPH"],
  gif: ["f9", "image", "ff NETSCAPE2.0"],
  avif: [
    ...["ftyp", "mdat", "meta", "meta/hdlr", "meta/pitm", "meta/iloc", "meta/iinf", "meta/iinf/infe av01"],
    ...["meta/iref", "meta/iref/auxl", "meta/iprp", "meta/iprp/ipma", "meta/iprp/ipco"],
    ...["av1C", "ispe", "pixi", "colr", "auxC"].map((property) => `meta/iprp/ipco/${property}`),
  ],
  // TIFF 6.0 but for 339, how samples are to be read, and 317, the predictor: none holds a text.
  tiff: [254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 296, 317, 338, 339].map(
    String,
  ),
} as const satisfies Record<RenditionFormat, readonly string[]>;

/** Formats that exifr reads. */
const READ_BY_EXIFR: readonly string[] = ["jpeg", "png", "avif", "tiff"];

/** What exifr finds of a person, a place, a camera or a time; it tells of every image its size and the like. */
const metadataOf = async (bytes: Uint8Array): Promise<Readonly<Record<string, unknown>>> => {
  const all = {
    tiff: true,
    exif: true,
    gps: true,
    interop: true,
    ifd1: true,
    xmp: true,
    iptc: true,
    icc: true,
    makerNote: true,
    userComment: true,
    jfif: false,
    ihdr: false,
    mergeOutput: false,
  } as const;
  const found: unknown = await exifr.parse(bytes, all);
  return typeof found === "object" && found !== null ? { ...found } : {};
};

describe("privacy", () => {
  it.each(SOURCE_FORMATS.filter((format) => format !== "gif"))(
    "starts from a %s full of metadata",
    async (format) => {
      const bytes = await original(format);
      // sharp writes no EXIF directory into a TIFF.
      for (const mark of format === "tiff" ? [SECRETS[1]] : [SECRETS[1], SERIALS[0]])
        expect(bytes.includes(mark), mark).toBe(true);
    },
  );

  it("starts from a JPEG in which exifr finds serial number, position, owner and thumbnail", async () => {
    const withoutThumbnail = await photo(SIZE).withExif(EXIF).withXmp(XMP).jpeg().toBuffer();
    const found = JSON.stringify(await metadataOf(withoutThumbnail));
    for (const mark of [SECRETS[0], ...SERIALS, "latitude", SECRETS[1]]) expect(found).toContain(mark);
    expect(await exifr.thumbnail(await original("jpeg"))).toBeDefined();
  });

  it.each(SOURCE_FORMATS.flatMap((from) => RENDITION_FORMATS.map((to) => [from, to] as const)))(
    "leaves nothing of a %s in a %s but what its pixels need",
    async (from, to) => {
      const files = await render(await original(from), [{ name: "card", width: 60, formats: [to] }]);
      for (const { bytes } of files) {
        expect(partsOf(to, bytes).filter((part) => !PARTS[to].some((known) => known === part))).toEqual([]);
        for (const mark of MARKS) expect(Buffer.from(bytes).includes(mark), mark).toBe(false);
        if (!READ_BY_EXIFR.includes(to)) continue;
        const { ifd0 = {}, ...others } = await metadataOf(bytes);
        expect(others).toEqual({});
        // Of a TIFF, exifr tells the tags of the pixels.
        const tags = Object.keys(ifd0 ?? {});
        expect(
          tags.filter((tag) => /make|model|copyright|artist|software|date|gps|description/i.test(tag)),
        ).toEqual([]);
        if (to !== "tiff") expect(tags).toEqual([]);
      }
    },
  );

  it("takes IPTC and what else the other JPEG holds out too", async () => {
    const files = await render(await jpegFullOfMetadata(SIZE), [
      { name: "card", width: 60, formats: [...RENDITION_FORMATS] },
    ]);
    for (const { bytes, format } of files) {
      expect(partsOf(format, bytes).filter((part) => !PARTS[format].some((known) => known === part))).toEqual(
        [],
      );
      for (const mark of MARKS) expect(Buffer.from(bytes).includes(mark), mark).toBe(false);
    }
  });

  it("keeps the copyright notice alone when the spec says so", async () => {
    const bytes = await jpegFullOfMetadata(SIZE);
    const [file] = await render(bytes, [{ name: "card", width: 60, formats: ["jpeg"], keepCopyright: true }]);
    const { ifd0, exif, gps, ...others } = await metadataOf(file?.bytes ?? new Uint8Array());
    expect(ifd0).toMatchObject({ Copyright: SECRETS[1] });
    expect(JSON.stringify([ifd0, exif, others])).not.toMatch(/Camera 0815|Headline|latitude/);
    expect([gps, Object.keys(others)]).toEqual([undefined, []]);
  });

  it("records camera and time, and the position only when that is wanted", async () => {
    const capture = { camera: `Maker ${SECRETS[0]}`, takenAt: "2026-07-01T12:30:00+02:00" };
    const bytes = await photo(SIZE).withExif(EXIF).jpeg().toBuffer();
    expect((await imaging.inspect(bytes)).capture).toEqual(capture);
    const withPosition = sharpImaging({ maxPixels: 50_000_000, threads: 1, keepsPosition: true });
    for (const format of ["jpeg", "png", "webp", "avif"] as const) {
      const made = await sharp(bytes).withExif(EXIF).toFormat(format).toBuffer();
      expect((await withPosition.inspect(made)).capture, format).toEqual({
        ...capture,
        position: { latitude: -52.52, longitude: 13.4 },
      });
    }
  });

  it("sees what is hidden behind the end of a file", async () => {
    for (const format of ["jpeg", "png", "webp", "gif"] as const) {
      const file = await photo(SIZE).toFormat(format).toBuffer();
      expect(partsOf(format, Buffer.concat([file, Buffer.from("hidden")])), format).toContain("rest");
    }
  });
});
