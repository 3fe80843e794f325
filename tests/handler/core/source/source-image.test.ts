import { describe, expect, it } from "vitest";
import {
  imageByFirstBytes,
  pictureIn,
  refuseByFirstBytes,
} from "../../../../handler/core/source/source-image.ts";
import { photo } from "../../../support/images.ts";
import { exifWithThumbnail, heicOf, jpegOfPrecision } from "../../../support/unusual-images.ts";

const INPUT = { allowsSvg: false, heicPreviewSide: 300 };
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');

const jpegOf = (width: number, height: number): Promise<Buffer> => photo({ width, height }).jpeg().toBuffer();

const refusal = (bytes: Uint8Array, input = INPUT): unknown => {
  try {
    return pictureIn(bytes, input);
  } catch (error) {
    return error;
  }
};

describe("pictureIn", () => {
  it("gives a common file to the decoder as it is", async () => {
    const bytes = await jpegOf(40, 30);
    expect(pictureIn(bytes, INPUT)).toMatchObject({
      format: "jpeg",
      bytes,
      isPreview: false,
      header: { width: 40, height: 30 },
    });
  });

  it("takes the JPEG in a HEIC for it when it is large enough, and the larger of several", async () => {
    const jpeg = await jpegOf(300, 200);
    expect(pictureIn(heicOf(jpeg), INPUT)).toMatchObject({
      format: "heic",
      bytes: jpeg,
      isPreview: true,
      header: { width: 300, height: 200 },
    });
  });

  it("finds the thumbnail of its EXIF too", async () => {
    const jpeg = await jpegOf(160, 120);
    const exif = Buffer.concat([Buffer.alloc(4), exifWithThumbnail(jpeg)]);
    const picture = pictureIn(heicOf(exif, "Exif"), { ...INPUT, heicPreviewSide: 160 });
    expect(Buffer.from(picture.bytes).equals(jpeg)).toBe(true);
  });

  it("refuses a HEIC that holds no JPEG, or too small a one", async () => {
    expect(refusal(heicOf(undefined))).toMatchObject({
      code: "HEIC_NOT_DECODED",
      message:
        "The file's content is a HEIC image, whose codec, HEVC, is patented and not in this build, and there is no JPEG preview in it.",
    });
    expect(refusal(heicOf(await jpegOf(299, 200)))).toMatchObject({
      code: "HEIC_NOT_DECODED",
      message:
        "The file's content is a HEIC image, whose codec, HEVC, is patented and not in this build, and the longer side of its JPEG preview has 299 pixels; at least 300 are used.",
    });
  });

  it("survives a HEIC that is cut off anywhere", async () => {
    const whole = heicOf(await jpegOf(300, 200));
    for (let length = 16; length < whole.length; length += 7) refusal(whole.subarray(0, length));
  });

  it("gives an SVG to the decoder only when that is allowed", () => {
    expect(refusal(SVG)).toMatchObject({ code: "SVG_NOT_ALLOWED", retryable: false });
    expect(pictureIn(SVG, { ...INPUT, allowsSvg: true })).toMatchObject({ format: "svg", bytes: SVG });
  });

  it("refuses a kind of JPEG that is not decoded, and says which", () => {
    expect(refusal(jpegOfPrecision(12))).toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message:
        "The file's content is a JPEG with 12 bits a channel, which is not decoded here; expected a common JPEG.",
    });
  });
});

describe("refuseByFirstBytes", () => {
  const limits = { maxPixels: 1199 };

  it("refuses what can't be processed, or has too many pixels", async () => {
    const bytes = await jpegOf(40, 30);
    expect(() => refuseByFirstBytes(Buffer.from("text"), INPUT, limits)).toThrow("no kind of image");
    expect(() => refuseByFirstBytes(bytes, INPUT, limits)).toThrow("40 x 30 pixels (1,200)");
    expect(() => refuseByFirstBytes(bytes, INPUT, { maxPixels: 1200 })).not.toThrow();
  });

  it("leaves to the whole file what the first bytes don't tell", async () => {
    expect(() => refuseByFirstBytes(heicOf(undefined), INPUT, limits)).not.toThrow();
    const bytes = await jpegOf(40, 30);
    expect(() => refuseByFirstBytes(bytes.subarray(0, 50), INPUT, limits)).not.toThrow();
  });
});

describe("imageByFirstBytes", () => {
  it("tells what a record of a refused image can say", async () => {
    expect(imageByFirstBytes(await jpegOf(40, 30))).toEqual({
      format: "jpeg",
      width: 40,
      height: 30,
      pages: 1,
      hasAlpha: false,
    });
    expect(imageByFirstBytes(Buffer.from("text"))).toBeUndefined();
    expect(imageByFirstBytes(jpegOfPrecision(12))).toBeUndefined();
  });
});
