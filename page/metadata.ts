import exifReader from "exif-reader";
import sharp from "sharp";
import { type AcceptedInput, DEFAULT_INPUT, pictureIn } from "../handler/core/source/source-image.ts";
import type { MetadataView } from "./model.ts";

/** What of EXIF says most about whoever took the photo (https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf). */
const TOLD = {
  Make: "camera",
  Model: "camera",
  LensModel: "camera",
  Software: "camera",
  BodySerialNumber: "camera",
  LensSerialNumber: "camera",
  DateTime: "time",
  DateTimeOriginal: "time",
  OffsetTimeOriginal: "time",
  Artist: "person",
  CameraOwnerName: "person",
  Copyright: "person",
  ImageDescription: "person",
  UserComment: "person",
} as const satisfies Record<string, MetadataView["group"]>;

const MAX_VALUE_LENGTH = 200;

const textOf = (value: unknown): string =>
  (value instanceof Date ? value.toISOString() : String(value)).slice(0, MAX_VALUE_LENGTH);

const degrees = (parts: unknown, reference: unknown): string | undefined => {
  if (!Array.isArray(parts)) {
    return undefined;
  }
  const [degree = 0, minute = 0, second = 0] = parts.map(Number);
  return `${(degree + minute / 60 + second / 3600).toFixed(5)}° ${String(reference ?? "")}`.trim();
};

type Exif = ReturnType<typeof exifReader>;

/** Broken EXIF is EXIF all the same: it is in the file, though nobody can read it. */
const exifOf = (bytes: Buffer): Exif | undefined => {
  try {
    return exifReader(bytes);
  } catch {
    return undefined;
  }
};

const exifEntries = (bytes: Buffer): readonly MetadataView[] => {
  const exif = exifOf(bytes);
  const tags: Readonly<Record<string, unknown>> = { ...exif?.Image, ...exif?.Photo };
  const gps: Readonly<Record<string, unknown>> = { ...exif?.GPSInfo };
  const place = [
    degrees(gps["GPSLatitude"], gps["GPSLatitudeRef"]),
    degrees(gps["GPSLongitude"], gps["GPSLongitudeRef"]),
  ].filter((part) => part !== undefined);
  return [
    ...Object.entries(TOLD).flatMap(([name, group]) =>
      tags[name] === undefined ? [] : [{ group, name, value: textOf(tags[name]) }],
    ),
    ...(place.length === 0 ? [] : [{ group: "place" as const, name: "GPS", value: place.join(", ") }]),
    ...(exif?.Thumbnail === undefined
      ? []
      : [{ group: "other" as const, name: "Embedded thumbnail", value: "a small copy of the photo" }]),
    { group: "other", name: "EXIF", value: `${bytes.length} bytes` },
  ];
};

const blockEntry = (
  name: string,
  bytes: Buffer | undefined,
  group: MetadataView["group"] = "other",
): readonly MetadataView[] => (bytes === undefined ? [] : [{ group, name, value: `${bytes.length} bytes` }]);

const ORIENTATIONS: Readonly<Record<number, string>> = {
  2: "mirrored",
  3: "upside down",
  4: "upside down, mirrored",
  5: "on its side, mirrored",
  6: "on its side",
  7: "on its other side, mirrored",
  8: "on its other side",
};

/** Comments that are told; a PNG may have any number. */
const MAX_COMMENTS = 100;

/**
 * What a file tells besides its pixels.
 * @throws {PipelineError} when the function would refuse it by its first bytes
 * @throws {Error} when it is no image that sharp reads
 */
export const metadataOf = async (
  bytes: Uint8Array,
  input: AcceptedInput = DEFAULT_INPUT,
): Promise<readonly MetadataView[]> => {
  pictureIn(bytes, input);
  const header = await sharp(bytes, { limitInputPixels: false }).metadata();
  const turned = ORIENTATIONS[header.orientation ?? 1];
  return [
    ...(header.exif === undefined ? [] : exifEntries(header.exif)),
    ...blockEntry("XMP", header.xmp),
    ...blockEntry("IPTC", header.iptc),
    ...blockEntry("ICC profile", header.icc, "colour"),
    ...(turned === undefined
      ? []
      : [{ group: "other" as const, name: "Orientation", value: `stored ${turned}` }]),
    ...(header.comments ?? []).slice(0, MAX_COMMENTS).map(({ keyword, text }) => ({
      group: "other" as const,
      name: `Comment ${keyword}`,
      value: textOf(text),
    })),
  ];
};
