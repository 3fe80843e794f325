import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { isSrgbProfile } from "../../../../handler/core/source/icc-profile.ts";

const profileNamed = async (name: string): Promise<Buffer> => {
  const pixel = sharp({ create: { width: 1, height: 1, channels: 3, background: "#fff" } });
  const { icc } = await sharp(await pixel.withIccProfile(name).png().toBuffer()).metadata();
  if (icc === undefined) throw new Error(`Expected a profile ${name}.`);
  return icc;
};

const srgb = await profileNamed("srgb");

const SRGB_PRIMARIES = [
  [0.4361, 0.2225, 0.0139],
  [0.3851, 0.7169, 0.0971],
  [0.1431, 0.0606, 0.7141],
];

const fixed = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(Math.round(value * 65_536), 4 * index);
  return bytes;
};

const typed = (type: string, ...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(`${type}\0\0\0\0`, "latin1"), ...parts]);

const para = (type: number, ...values: readonly number[]): Buffer =>
  typed("para", Buffer.from([0, type, 0, 0]), fixed(...values));

const curv = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 + 2 * values.length);
  bytes.writeUInt32BE(values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(Math.round(value), 4 + 2 * index);
  return typed("curv", bytes);
};

const SRGB_CURVE = para(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.040_45);

const light = (value: number): number =>
  value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

/** As the profile of 1998 that most cameras write has it. */
const SRGB_SAMPLES = curv(...Array.from({ length: 1024 }, (_, index) => 65_535 * light(index / 1023)));

type Parts = {
  readonly space?: string;
  readonly primaries?: readonly (readonly number[])[];
  readonly curve?: Buffer;
  readonly more?: Readonly<Record<string, Buffer>>;
};

const profile = ({
  space = "RGB XYZ ",
  primaries = SRGB_PRIMARIES,
  curve = SRGB_CURVE,
  more = {},
}: Parts = {}) => {
  const [red, green, blue] = primaries.map((values) => typed("XYZ ", fixed(...values)));
  const tags = Object.entries({
    rXYZ: red,
    gXYZ: green,
    bXYZ: blue,
    rTRC: curve,
    gTRC: curve,
    bTRC: curve,
    ...more,
  });
  const header = Buffer.alloc(128 + 4 + 12 * tags.length);
  header.write(space, 16, "latin1");
  header.writeUInt32BE(tags.length, 128);
  let offset = header.length;
  const contents: Buffer[] = [];
  for (const [index, [name, content = Buffer.alloc(0)]] of tags.entries()) {
    const at = 132 + 12 * index;
    header.write(name, at, "latin1");
    header.writeUInt32BE(offset, at + 4);
    header.writeUInt32BE(content.length, at + 8);
    contents.push(content);
    offset += content.length;
  }
  return Buffer.concat([header, ...contents]);
};

describe("isSrgbProfile", () => {
  it("knows sRGB by its primaries and curves", () => {
    expect(isSrgbProfile(srgb)).toBe(true);
    expect(isSrgbProfile(profile())).toBe(true);
    expect(isSrgbProfile(profile({ curve: SRGB_SAMPLES }))).toBe(true);
    expect(
      isSrgbProfile(profile({ curve: para(4, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.040_45, 0, 0) })),
    ).toBe(true);
  });

  it("does not take Display P3 for it, whose curves are the same", async () => {
    expect(isSrgbProfile(await profileNamed("p3"))).toBe(false);
  });

  it.each<[string, Parts]>([
    ["another gamma", { curve: curv(2.2 * 256) }],
    ["another gamma as a parameter", { curve: para(0, 2.2) }],
    ["no gamma", { curve: curv() }],
    ["a kind of curve that is seldom met", { curve: para(1, 2.4, 1 / 1.055, 0.055 / 1.055) }],
    ["a curve of a type that does not exist", { curve: typed("none", fixed(1)) }],
    [
      "Adobe RGB's primaries",
      {
        primaries: [
          [0.6097, 0.3111, 0.0195],
          [0.2053, 0.6257, 0.0609],
          [0.1492, 0.0632, 0.7446],
        ],
      },
    ],
    [
      "one primary a little off",
      {
        primaries: [
          [0.4361, 0.2225, 0.0139],
          [0.3851, 0.7177, 0.0971],
          [0.1431, 0.0606, 0.7141],
        ],
      },
    ],
    ["tables of colours besides", { more: { A2B0: typed("mft2", fixed(1)) } }],
    ["another space", { space: "GRAYXYZ " }],
    ["colours by Lab", { space: "RGB Lab " }],
  ])("does not take %s for it", (_, parts) => {
    expect(isSrgbProfile(profile(parts))).toBe(false);
  });

  it("takes no damaged profile for it, wherever it ends", () => {
    const whole = profile();
    for (let length = 0; length < whole.length; length += 1) {
      expect(isSrgbProfile(whole.subarray(0, length)), `${length} bytes`).toBe(false);
    }
  });

  it("takes no profile of many kilobytes for it", () => {
    expect(isSrgbProfile(Buffer.concat([profile(), Buffer.alloc(65_536)]))).toBe(false);
  });
});
