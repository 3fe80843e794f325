/** An ICC profile, as ICC.1:2022 lays it out. */
const HEADER_BYTES = 128;
const ENTRY_BYTES = 12;

/** Tags that are looked at; profiles of screens and cameras have some 15. */
const MAX_TAGS = 100;

/** Largest profile that can be as simple as sRGB's, in bytes: the one that came with the standard has 3,144. */
const MAX_BYTES = 65_536;

/**
 * sRGB's primaries, adapted to the profile connection space's D50
 * (https://www.color.org/chardata/rgb/srgb.xalter), each as X, Y, Z.
 */
const PRIMARIES = {
  rXYZ: [0.4361, 0.2225, 0.0139],
  gXYZ: [0.3851, 0.7169, 0.0971],
  bXYZ: [0.1431, 0.0606, 0.7141],
} as const;

const CURVES = ["rTRC", "gTRC", "bTRC"];

/** Tables of colours that go before primaries and curves. */
const TABLES = ["A2B0", "A2B1", "A2B2", "D2B0", "D2B1", "D2B2", "D2B3"];

/** Farthest that a primary may lie from sRGB's: half a step of 8 bits where all three are full. */
const PRIMARY_TOLERANCE = 0.5 / 255 / 3;

/** Farthest that a value may come to lie from where it was: half a step of 8 bits. */
const VALUE_TOLERANCE = 0.5 / 255;

type Tags = ReadonlyMap<string, DataView>;

const textAt = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));

/** @throws RangeError where the profile ends too early, though what holds it may go on */
const tagsOf = (view: DataView): Tags => {
  const tags = new Map<string, DataView>();
  const count = Math.min(view.getUint32(HEADER_BYTES), MAX_TAGS);
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + 4 + ENTRY_BYTES * index;
    const [offset, length] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    if (offset + length > view.byteLength) throw new RangeError("A tag lies outside of the profile.");
    tags.set(textAt(view, at), new DataView(view.buffer, view.byteOffset + offset, length));
  }
  return tags;
};

const fixed = (view: DataView, at: number): number => view.getInt32(at) / 65_536;

const isPrimary = (view: DataView | undefined, expected: readonly number[]): boolean =>
  view !== undefined &&
  expected.every((value, index) => Math.abs(fixed(view, 8 + 4 * index) - value) <= PRIMARY_TOLERANCE);

/** From a value to light, both 0 to 1. */
type Curve = (value: number) => number;

/** Parameters by function type, 10.18 of the specification: g, a, b, c, d, e, f. */
const parametric = (view: DataView): Curve | undefined => {
  const parameter = (index: number): number => fixed(view, 12 + 4 * index);
  const type = view.getUint16(8);
  if (type === 0) return (value) => value ** parameter(0);
  if (type !== 3 && type !== 4) return undefined;
  const [g, a, b, c, d] = [0, 1, 2, 3, 4].map(parameter);
  if (g === undefined || a === undefined || b === undefined || c === undefined || d === undefined)
    return undefined;
  const [e, f] = type === 4 ? [parameter(5), parameter(6)] : [0, 0];
  return (value) => (value >= d ? (a * value + b) ** g + e : c * value + f);
};

const sampled = (view: DataView): Curve | undefined => {
  const count = view.getUint32(8);
  if (count === 0) return (value) => value;
  if (count === 1) return (value) => value ** (view.getUint16(12) / 256);
  const sample = (index: number): number => view.getUint16(12 + 2 * Math.min(index, count - 1)) / 65_535;
  return (value) => {
    const at = value * (count - 1);
    const before = Math.floor(at);
    return sample(before) + (at - before) * (sample(before + 1) - sample(before));
  };
};

const curveOf = (view: DataView | undefined): Curve | undefined => {
  if (view === undefined) return undefined;
  const type = textAt(view, 0);
  if (type === "para") return parametric(view);
  return type === "curv" ? sampled(view) : undefined;
};

/** From light to an sRGB value (IEC 61966-2-1). */
const srgbValue = (light: number): number =>
  light <= 0.003_130_8 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;

/** Whether every value of 8 bits stays what it is on the way from the curve's values to sRGB's. */
const isSrgbCurve = (curve: Curve | undefined): boolean => {
  if (curve === undefined) return false;
  for (let level = 0; level <= 255; level += 1) {
    const value = level / 255;
    if (!(Math.abs(srgbValue(curve(value)) - value) <= VALUE_TOLERANCE)) return false;
  }
  return true;
};

/**
 * Whether a profile is sRGB's, whatever it calls itself: its primaries and curves are, to half a step of 8 bits. Pixels
 * with such a profile need no conversion. A profile that is damaged, or has tables of colours, is not told to be.
 */
export const isSrgbProfile = (profile: Uint8Array): boolean => {
  if (profile.length > MAX_BYTES) return false;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.length);
  try {
    if (textAt(view, 16) !== "RGB " || textAt(view, 20) !== "XYZ ") return false;
    const tags = tagsOf(view);
    return (
      !TABLES.some((name) => tags.has(name)) &&
      Object.entries(PRIMARIES).every(([name, expected]) => isPrimary(tags.get(name), expected)) &&
      CURVES.every((name) => isSrgbCurve(curveOf(tags.get(name))))
    );
  } catch {
    // It ends before what it promises: libvips is left to judge it.
    return false;
  }
};
