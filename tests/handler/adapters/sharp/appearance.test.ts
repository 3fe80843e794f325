import sharp from "sharp";
import { thumbHashToAverageRGBA, thumbHashToRGBA } from "thumbhash";
import { describe, expect, it } from "vitest";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import { BLUE, halfTransparent, meanColour, photo, RED, solid } from "../../../support/images.ts";
import { expectColour, imaging } from "./rendering.ts";

const appearance = async (bytes: Uint8Array) => {
  const specs = renditionSpecs.parse([{ name: "card", width: 100, formats: ["webp"] }]);
  const limits = { maxBytes: 1e9, maxPixels: 1e8 };
  const plans = planTransforms(await imaging.inspect(bytes), "a", specs, limits);
  return imaging.transform(bytes, plans, async () => {});
};

const PREFIX = "data:image/webp;base64,";

describe("appearanceOf", () => {
  it("names the colour that most of the image has", async () => {
    const patch = await solid({ width: 60, height: 60 }, RED).png().toBuffer();
    const original = await solid({ width: 200, height: 100 }, BLUE)
      .composite([{ input: patch, left: 0, top: 0 }])
      .png()
      .toBuffer();
    const { dominantColour } = await appearance(original);
    expect(dominantColour).toMatch(/^#[0-9a-f]{6}$/);
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) =>
      Number.parseInt(dominantColour.slice(at, at + 2), 16),
    );
    expectColour([r, g, b], BLUE, 1);
  });

  it("names the grey of an image without colours", async () => {
    const grey = await solid({ width: 60, height: 60 }, [90, 90, 90]).toColourspace("b-w").png().toBuffer();
    expect((await sharp(grey).metadata()).channels).toBe(1);
    expect((await appearance(grey)).dominantColour).toBe("#5a5a5a");
  });

  it("counts what is transparent as white", async () => {
    const mostly = await halfTransparent({ width: 30, height: 30 }, RED)
      .extend({ right: 60, background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .png()
      .toBuffer();
    expect((await appearance(mostly)).dominantColour).toBe("#ffffff");
  });

  it("shows the whole image in a WebP of some 16 pixels and less than 400 characters", async () => {
    const { placeholder } = await appearance(await photo({ width: 300, height: 200 }).jpeg().toBuffer());
    expect(placeholder.startsWith(PREFIX)).toBe(true);
    expect(placeholder.length).toBeLessThan(400);
    const bytes = Buffer.from(placeholder.slice(PREFIX.length), "base64");
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "webp", width: 16, height: 11 });
  });

  it("keeps transparency in the placeholder", async () => {
    const { placeholder } = await appearance(
      await halfTransparent({ width: 100, height: 50 }, RED).png().toBuffer(),
    );
    const bytes = Buffer.from(placeholder.slice(PREFIX.length), "base64");
    const right = { left: 12, top: 2, width: 2, height: 2 };
    const alpha = await sharp(bytes).extract(right).extractChannel("alpha").raw().toBuffer();
    expect(Math.max(...alpha)).toBe(0);
    expectColour(await meanColour(bytes, { left: 2, top: 2, width: 3, height: 3 }), RED, 40);
  });

  it("has a ThumbHash of some 25 bytes, from which its rough shape and colours are drawn again", async () => {
    const original = await solid({ width: 200, height: 100 }, BLUE)
      .composite([{ input: await solid({ width: 100, height: 100 }, RED).png().toBuffer(), left: 0, top: 0 }])
      .png()
      .toBuffer();
    const hash = Buffer.from((await appearance(original)).thumbHash, "base64");
    expect(hash.length).toBeLessThan(30);
    const { w: width, h: height, rgba } = thumbHashToRGBA(hash);
    expect([width, height]).toEqual([32, 18]);
    const drawn = await sharp(rgba, { raw: { width, height, channels: 4 } })
      .png()
      .toBuffer();
    expectColour(await meanColour(drawn, { left: 2, top: 4, width: 8, height: 8 }), RED, 40);
    expectColour(await meanColour(drawn, { left: 22, top: 4, width: 8, height: 8 }), BLUE, 40);
  });

  it("keeps transparency and grey in the ThumbHash", async () => {
    const clear = await halfTransparent({ width: 100, height: 50 }, RED).png().toBuffer();
    const { w, rgba } = thumbHashToRGBA(Buffer.from((await appearance(clear)).thumbHash, "base64"));
    expect([rgba[4 * 2 + 3], rgba[4 * (w - 3) + 3]]).toEqual([255, 0]);
    const grey = await solid({ width: 60, height: 60 }, [90, 90, 90]).toColourspace("b-w").png().toBuffer();
    const mean = thumbHashToAverageRGBA(Buffer.from((await appearance(grey)).thumbHash, "base64"));
    for (const part of [mean.r, mean.g, mean.b]) expect(255 * part).toBeCloseTo(90, -1);
    expect(mean.a).toBe(1);
  });
});
