import { type Directory, tiffDirectory } from "./tiff-directory.ts";

/** EXIF 2.32: tags of the first directory, 4.6.8; of the EXIF directory, 4.6.5; of the GPS directory, 4.6.6. */
const TAG = {
  make: 0x010f,
  model: 0x0110,
  copyright: 0x8298,
  exifDirectory: 0x8769,
  gpsDirectory: 0x8825,
  takenAt: 0x9003,
  takenAtOffset: 0x9011,
  latitudeRef: 1,
  latitude: 2,
  longitudeRef: 3,
  longitude: 4,
} as const;

/** Longest copyright notice and longest camera name that are kept, in characters. */
const MAX_NOTICE = 1024;
const MAX_CAMERA = 100;

const PREFIX = [0x45, 0x78, 0x69, 0x66, 0, 0];

/** How a photo came to be, as its camera wrote it. Serial numbers, owners and the like are never read. */
export type Capture = {
  /** Maker and model. */
  readonly camera?: string | undefined;
  /** Local time of the place, ISO 8601; with the offset from UTC where the camera knew it. */
  readonly takenAt?: string | undefined;
  readonly position?: Position | undefined;
};

/** Degrees, WGS 84; north and east are positive. */
export type Position = { readonly latitude: number; readonly longitude: number };

/** The first directory of an EXIF block, with or without the `Exif` that stands before it in a JPEG. */
const firstDirectory = (exif: Uint8Array): Directory | undefined =>
  tiffDirectory(PREFIX.every((byte, index) => exif[index] === byte) ? exif.subarray(PREFIX.length) : exif);

/** The copyright notice of an EXIF block; `undefined` when it has none, or one too long, or is damaged. */
export const copyrightOf = (exif: Uint8Array): string | undefined => {
  const notice = firstDirectory(exif)?.text(TAG.copyright);
  return notice !== undefined && notice.length <= MAX_NOTICE ? notice : undefined;
};

/** Many models begin with their maker's name. */
const cameraOf = (directory: Directory): string | undefined => {
  const make = directory.text(TAG.make) ?? "";
  const model = directory.text(TAG.model) ?? "";
  const isNamed = model.toLowerCase().startsWith(make.toLowerCase().split(" ")[0] ?? "");
  return (
    (isNamed ? model : `${make} ${model}`)
      .replace(/[^\P{C} ]/gu, "")
      .trim()
      .slice(0, MAX_CAMERA) || undefined
  );
};

const takenAtOf = (directory: Directory): string | undefined => {
  const exif = directory.directory(TAG.exifDirectory);
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(exif?.text(TAG.takenAt) ?? "");
  if (parts === null) return undefined;
  const [, year, month, day, time] = parts;
  const offset = /^[+-]\d\d:\d\d$/.exec(exif?.text(TAG.takenAtOffset) ?? "")?.[0] ?? "";
  return `${year}-${month}-${day}T${time}${offset}`;
};

const degrees = (
  gps: Directory,
  valueTag: number,
  refTag: number,
  [positive, negative]: readonly [string, string],
  limit: number,
): number | undefined => {
  const [whole = Number.NaN, minutes = 0, seconds = 0] = gps.fractions(valueTag) ?? [];
  const value = whole + minutes / 60 + seconds / 3600;
  const sign = { [positive]: 1, [negative]: -1 }[gps.text(refTag)?.toUpperCase() ?? ""];
  // Six decimals are a tenth of a metre.
  return sign === undefined || !(value <= limit) ? undefined : sign * Number(value.toFixed(6));
};

const positionOf = (directory: Directory): Position | undefined => {
  const gps = directory.directory(TAG.gpsDirectory);
  if (gps === undefined) return undefined;
  const latitude = degrees(gps, TAG.latitude, TAG.latitudeRef, ["N", "S"], 90);
  const longitude = degrees(gps, TAG.longitude, TAG.longitudeRef, ["E", "W"], 180);
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
};

/**
 * What an EXIF block, or a TIFF file, says of the photo's making, if anything; what is missing or damaged is left out.
 * @param keepsPosition whether the GPS position is wanted
 */
export const captureOf = (exif: Uint8Array, keepsPosition: boolean): Capture | undefined => {
  const directory = firstDirectory(exif);
  if (directory === undefined) return undefined;
  const camera = cameraOf(directory);
  const takenAt = takenAtOf(directory);
  const position = keepsPosition ? positionOf(directory) : undefined;
  const isBare = camera === undefined && takenAt === undefined && position === undefined;
  return isBare ? undefined : { camera, takenAt, position };
};
