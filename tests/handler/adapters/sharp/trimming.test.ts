import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { sharpImaging } from "../../../../handler/adapters/sharp.ts";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import type { RenditionFile } from "../../../../handler/ports/renditions.ts";
import { photo, psnr, solid, turnedJpeg } from "../../../support/images.ts";
import { MAX_PIXELS } from "./rendering.ts";

const imaging = sharpImaging({ maxPixels: MAX_PIXELS, threads: 1 });
const trims = [10];

const inner = await photo({ width: 60, height: 40 }).png().toBuffer();
/** A photo on a white sheet, 30 pixels from its left and 20 from its top. */
const sheet = solid({ width: 200, height: 100 }, [255, 255, 255]).composite([
  { input: inner, left: 30, top: 20 },
]);

const render = async (bytes: Uint8Array, spec: object): Promise<RenditionFile> => {
  const specs = renditionSpecs.parse([{ name: "card", formats: ["png"], trim: 10, ...spec }]);
  const limits = { maxBytes: 1e9, maxPixels: MAX_PIXELS };
  const files: RenditionFile[] = [];
  const plans = planTransforms(await imaging.inspect(bytes, trims), "a", specs, limits);
  await imaging.transform(bytes, plans, async (file) => {
    files.push(file);
  });
  const [file] = files;
  if (file === undefined) throw new Error("Expected a rendition.");
  return file;
};

describe("trim", () => {
  it("finds what stands on a sheet of one colour", async () => {
    const { contents } = await imaging.inspect(await sheet.png().toBuffer(), trims);
    expect(contents).toEqual([{ threshold: 10, left: 30, top: 20, width: 60, height: 40 }]);
  });

  it("finds it as it is displayed, whatever the EXIF orientation", async () => {
    const upright = await sheet.png().toBuffer();
    const onItsSide = await sharp(upright).rotate(270).withMetadata({ orientation: 6 }).png().toBuffer();
    const { contents } = await imaging.inspect(onItsSide, trims);
    expect(contents).toEqual([{ threshold: 10, left: 30, top: 20, width: 60, height: 40 }]);
  });

  it("makes a rendition of it alone, to the pixel", async () => {
    const file = await render(await sheet.png().toBuffer(), { width: 1000 });
    expect([file.width, file.height]).toEqual([60, 40]);
    expect(await psnr(file.bytes, inner)).toBe(Number.POSITIVE_INFINITY);
  });

  it("scales, turns and frames it like any image", async () => {
    const file = await render(await sheet.png().toBuffer(), {
      width: 20,
      height: 20,
      fit: "cover",
      rotate: 90,
    });
    expect([file.width, file.height]).toEqual([20, 20]);
    const expected = await sharp(await sharp(inner).resize(30, 20, { fit: "fill" }).png().toBuffer())
      .rotate(90)
      .extract({ left: 0, top: 5, width: 20, height: 20 })
      .png()
      .toBuffer();
    expect(await psnr(file.bytes, expected)).toBeGreaterThan(45);
  });

  it("leaves an image of one colour as it is", async () => {
    const file = await render(await solid({ width: 60, height: 40 }, [9, 9, 9]).png().toBuffer(), {
      width: 30,
    });
    expect([file.width, file.height]).toEqual([30, 20]);
  });

  it("takes nothing from an image that has no edge of one colour", async () => {
    const bytes = await turnedJpeg({ width: 60, height: 40 }, 6);
    expect((await imaging.inspect(bytes, trims)).contents).toEqual([
      { threshold: 10, left: 0, top: 0, width: 60, height: 40 },
    ]);
  });
});
