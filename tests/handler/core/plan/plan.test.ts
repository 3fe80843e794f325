import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodedSize, planTransforms, type Size } from "../../../../handler/core/plan/plan.ts";
import type { ImageInfo } from "../../../../handler/core/source/image-info.ts";
import { RENDITION_FORMATS } from "../../../../handler/core/spec/format.ts";
import { FITS } from "../../../../handler/core/spec/framing.ts";
import {
  DEFAULT_RENDITIONS,
  type RenditionSpec,
  renditionSpecs,
} from "../../../../handler/core/spec/rendition-spec.ts";

const HOUR = "public, max-age=3600";
const LIMITS = { maxBytes: 1e9, maxPixels: 50_000_000 };

const anImage = (overrides: Partial<ImageInfo> = {}): ImageInfo => ({
  format: "jpeg",
  width: 6000,
  height: 4000,
  pages: 1,
  hasAlpha: false,
  ...overrides,
});

const spec = (overrides: Partial<RenditionSpec> = {}): RenditionSpec => ({
  name: "card",
  fit: "inside",
  formats: ["webp"],
  ...overrides,
});

const planOne = (image: Partial<ImageInfo>, overrides: Partial<RenditionSpec>) => {
  const [plan] = planTransforms(anImage(image), "a.jpg", [spec(overrides)], LIMITS);
  if (plan === undefined) throw new Error("Expected one plan.");
  return plan;
};

const side = fc.integer({ min: 1, max: 400 });
const anySize = fc.record({ width: side, height: side });
const anySpec = fc
  .record({
    width: fc.option(side, { nil: undefined }),
    height: fc.option(side, { nil: undefined }),
    fit: fc.constantFrom(...FITS),
  })
  .filter(({ width, height, fit }) =>
    fit === "cover"
      ? width !== undefined && height !== undefined
      : width !== undefined || height !== undefined,
  );

describe("planTransforms", () => {
  it("plans the default renditions of a 24-megapixel photo", () => {
    expect(planTransforms(anImage(), "holiday/beach.jpg", DEFAULT_RENDITIONS, LIMITS)).toEqual([
      {
        name: "thumbnail",
        source: { width: 300, height: 200 },
        scaled: { width: 300, height: 200 },
        framed: { width: 200, height: 200 },
        size: { width: 200, height: 200 },
        steps: [],
        framing: "crop",
        position: "centre",
        renditions: [
          { key: "holiday/beach.jpg/thumbnail.webp", format: "webp", cacheControl: HOUR, quality: 80 },
          { key: "holiday/beach.jpg/thumbnail.jpg", format: "jpeg", cacheControl: HOUR, quality: 80 },
        ],
      },
      {
        name: "medium",
        source: { width: 800, height: 533 },
        scaled: { width: 800, height: 533 },
        framed: { width: 800, height: 533 },
        size: { width: 800, height: 533 },
        steps: [],
        framing: "none",
        position: "centre",
        renditions: [
          { key: "holiday/beach.jpg/medium.webp", format: "webp", cacheControl: HOUR, quality: 80 },
          { key: "holiday/beach.jpg/medium.jpg", format: "jpeg", cacheControl: HOUR, quality: 80 },
        ],
      },
      {
        name: "large",
        source: { width: 1600, height: 1067 },
        scaled: { width: 1600, height: 1067 },
        framed: { width: 1600, height: 1067 },
        size: { width: 1600, height: 1067 },
        steps: [],
        framing: "none",
        position: "centre",
        renditions: [
          { key: "holiday/beach.jpg/large.webp", format: "webp", cacheControl: HOUR, quality: 80 },
          { key: "holiday/beach.jpg/large.jpg", format: "jpeg", cacheControl: HOUR, quality: 80 },
        ],
      },
    ]);
  });

  it.each([
    // fit, box, image, scaled, size, framing
    ["inside", [800, 800], [4000, 6000], [533, 800], [533, 800], "none"],
    ["inside", [800, undefined], [6000, 4000], [800, 533], [800, 533], "none"],
    ["inside", [undefined, 100], [6000, 4000], [150, 100], [150, 100], "none"],
    ["inside", [800, 800], [640, 480], [640, 480], [640, 480], "none"],
    ["outside", [800, 800], [6000, 4000], [1200, 800], [1200, 800], "none"],
    ["outside", [800, 800], [900, 300], [900, 300], [900, 300], "none"],
    ["cover", [200, 200], [6000, 4000], [300, 200], [200, 200], "crop"],
    ["cover", [200, 100], [4000, 6000], [200, 300], [200, 100], "crop"],
    ["cover", [200, 200], [100, 300], [100, 300], [100, 200], "crop"],
    ["cover", [200, 200], [100, 100], [100, 100], [100, 100], "none"],
    ["contain", [800, 800], [6000, 4000], [800, 533], [800, 800], "pad"],
    ["contain", [800, 800], [100, 50], [100, 50], [800, 800], "pad"],
    ["contain", [300, 200], [6000, 4000], [300, 200], [300, 200], "none"],
    ["contain", [800, undefined], [6000, 4000], [800, 533], [800, 533], "none"],
    ["fill", [800, 100], [6000, 4000], [800, 100], [800, 100], "none"],
    ["fill", [800, undefined], [6000, 4000], [800, 4000], [800, 4000], "none"],
    ["fill", [800, 800], [400, 1000], [400, 800], [400, 800], "none"],
    ["inside", [10, 10], [10_000, 3], [10, 1], [10, 1], "none"],
    // Sides that end with a half are rounded as libvips rounds them: 15.5, 4.5.
    ["inside", [31, undefined], [50, 25], [31, 15], [31, 15], "none"],
    ["inside", [18, undefined], [56, 14], [18, 4], [18, 4], "none"],
  ] as const)(
    "gives fit %s in %j for an image of %j: %j, then %j, by %s",
    (fit, box, image, scaled, size, framing) => {
      const plan = planOne(
        { width: image[0], height: image[1] },
        { fit, ...(box[0] && { width: box[0] }), ...(box[1] && { height: box[1] }) },
      );
      expect([plan.scaled, plan.size, plan.framing]).toEqual([
        { width: scaled[0], height: scaled[1] },
        { width: size[0], height: size[1] },
        framing,
      ]);
    },
  );

  it("gives the size that sharp gives with withoutEnlargement, for any image and spec", async () => {
    await fc.assert(
      fc.asyncProperty(anySize, anySpec, async (image, box) => {
        const pixels = sharp(Buffer.alloc(image.width * image.height), { raw: { ...image, channels: 1 } });
        const { info } = await pixels
          .resize({ ...box, withoutEnlargement: true })
          .raw()
          .toBuffer({ resolveWithObject: true });
        expect(planOne(image, box).size).toEqual({ width: info.width, height: info.height });
      }),
      { numRuns: 500 },
    );
  });

  it("never enlarges, keeps the image's shape to the pixel, and frames as it says", () => {
    fc.assert(
      fc.property(anySize, anySpec, (image, box) => {
        const { scaled, size, framing } = planOne(image, box);
        expect(scaled.width).toBeLessThanOrEqual(image.width);
        expect(scaled.height).toBeLessThanOrEqual(image.height);
        expect(Math.min(scaled.width, scaled.height, size.width, size.height)).toBeGreaterThanOrEqual(1);
        if (box.fit !== "fill" && Math.min(scaled.width, scaled.height) > 1) {
          const difference = Math.abs(scaled.width / image.width - scaled.height / image.height);
          expect(difference).toBeLessThanOrEqual(0.5 / image.width + 0.5 / image.height + 1e-9);
        }
        expect(framing === "crop").toBe(size.width < scaled.width || size.height < scaled.height);
        expect(framing === "pad").toBe(size.width > scaled.width || size.height > scaled.height);
        if (box.fit !== "contain")
          expect(size.width * size.height).toBeLessThanOrEqual(image.width * image.height);
        if (box.fit === "contain" && box.width !== undefined) expect(size.width).toBe(box.width);
        if (box.fit === "inside" && box.height !== undefined)
          expect(size.height).toBeLessThanOrEqual(box.height);
      }),
    );
  });

  it("makes auto a png of an image with transparency and a jpeg of any other", () => {
    const formats = (hasAlpha: boolean) =>
      planOne({ hasAlpha }, { width: 10, formats: ["auto"] }).renditions.map(({ format }) => format);
    expect([formats(true), formats(false)]).toEqual([["png"], ["jpeg"]]);
  });

  it("writes a format once, however often the spec comes to it", () => {
    const plan = planOne({}, { width: 10, formats: ["jpeg", "auto", "webp", "jpeg", "webp"] });
    expect(plan.renditions.map(({ format }) => format)).toEqual(["jpeg", "webp"]);
  });

  it("gives every lossy format the spec's quality, or its default, and lossless ones none", () => {
    const qualities = (quality: number | undefined) =>
      planOne({}, { width: 10, formats: [...RENDITION_FORMATS], quality }).renditions.map((rendition) => [
        rendition.format,
        rendition.quality,
      ]);
    expect(qualities(undefined)).toEqual([
      ["avif", 50],
      ["webp", 80],
      ["tiff", undefined],
      ["gif", undefined],
      ["png", undefined],
      ["jpeg", 80],
    ]);
    expect(qualities(33)).toEqual([
      ["avif", 33],
      ["webp", 33],
      ["tiff", undefined],
      ["gif", undefined],
      ["png", undefined],
      ["jpeg", 33],
    ]);
  });

  it("keeps the spec's position", () => {
    expect(planOne({}, { width: 10, height: 10, fit: "cover", position: "attention" }).position).toBe(
      "attention",
    );
  });

  it("plans one rendition for every width and every device pixel ratio", () => {
    const plans = planTransforms(
      anImage(),
      "a.jpg",
      [
        spec({ name: "hero", width: 1600, height: 900, fit: "cover", widths: [320, 640] }),
        spec({ name: "avatar", width: 100, height: 100, dpr: [1, 2], cornerRadius: 8, border: { width: 1 } }),
      ],
      LIMITS,
    );
    expect(plans.map(({ name, size, renditions }) => [name, size, renditions[0]?.key])).toEqual([
      ["hero-320w", { width: 320, height: 180 }, "a.jpg/hero-320w.webp"],
      ["hero-640w", { width: 640, height: 360 }, "a.jpg/hero-640w.webp"],
      ["avatar", { width: 102, height: 69 }, "a.jpg/avatar.webp"],
      ["avatar-2x", { width: 204, height: 137 }, "a.jpg/avatar-2x.webp"],
    ]);
    expect(plans[3]?.steps).toEqual([
      { name: "border", value: { width: 2, colour: { r: 255, g: 255, b: 255 } } },
      { name: "corners", value: { x: 16, y: 16 } },
    ]);
  });

  it("plans a hash into the keys of a spec that wants it, and refuses now what would be too long with it", () => {
    const plan = (key: string) =>
      planTransforms(anImage(), key, [spec({ width: 10, manifest: true, hashedKeys: true })], LIMITS)[0]
        ?.renditions[0];
    expect(plan("a.jpg")).toMatchObject({
      key: "a.jpg/card.webp",
      hasHashedKey: true,
      cacheControl: "public, max-age=31536000, immutable",
    });
    expect(plan("k".repeat(997))).toMatchObject({ hasHashedKey: true });
    expect(() => plan("k".repeat(998))).toThrow(
      "The key of the rendition with its hash would have 1,025 bytes; S3 allows 1,024.",
    );
  });

  it("plans the original's profile for the formats that have one, and only for what stands still", () => {
    const plans = (image: Partial<ImageInfo>, overrides: Partial<RenditionSpec>) =>
      planTransforms(anImage(image), "a", [spec({ width: 9, keepProfile: true, ...overrides })], LIMITS).map(
        ({ frames, keepsProfile, renditions }) => [
          frames,
          keepsProfile,
          renditions.map(({ format }) => format),
        ],
      );
    expect(plans({}, { formats: ["webp", "gif", "jpeg"] })).toEqual([
      [undefined, true, ["webp", "jpeg"]],
      [undefined, undefined, ["gif"]],
    ]);
    expect(
      plans(
        { format: "gif", pages: 3, width: 90, height: 60 },
        { formats: ["webp", "jpeg"], animated: true },
      ),
    ).toEqual([
      [3, undefined, ["webp"]],
      [undefined, true, ["jpeg"]],
    ]);
  });

  it("lets a kernel see every pixel of the image, and nothing else", () => {
    expect(planOne({}, { width: 100, kernel: "nearest" }).source).toEqual({ width: 6000, height: 4000 });
    expect(planOne({}, { width: 100, sharpen: 1 }).source).toEqual({ width: 100, height: 67 });
  });

  it.each([
    [false, {}, "jpeg"],
    [true, {}, "png"],
    [true, { background: "#102030" }, "jpeg"],
    [true, { background: "transparent" }, "png"],
    [false, { background: "transparent" }, "jpeg"],
    [false, { background: "transparent", fit: "contain" }, "png"],
    [false, { background: "blurred", fit: "contain" }, "jpeg"],
    [true, { background: "blurred", fit: "contain" }, "png"],
    [false, { background: "#102030", cornerRadius: 3 }, "png"],
  ] as const)("makes auto, with transparency %j and %j, a %s", (hasAlpha, options, format) => {
    const plan = planOne({ hasAlpha }, { width: 100, height: 100, formats: ["auto"], ...options });
    expect(plan.renditions.map((rendition) => rendition.format)).toEqual([format]);
  });

  it("accepts as many pixels as the limit and refuses one more", () => {
    const plan = (width: number, height: number) => () =>
      planTransforms(anImage({ width, height }), "a.jpg", [spec({ width: 10 })], LIMITS);
    expect(plan(10_000, 5_000)()).toHaveLength(1);
    expect(plan(50_000_001, 1)).toThrow(
      expect.objectContaining({
        code: "TOO_MANY_PIXELS",
        message: "The image has 50000001 x 1 pixels (50,000,001); at most 50,000,000 are processed.",
      }),
    );
  });

  it("refuses a rendition with a side that its format cannot hold", () => {
    const plan = (format: "webp" | "jpeg") => () =>
      planOne({ width: 1000, height: 20_000 }, { width: 1000, formats: [format] });
    expect(plan("jpeg")().size).toEqual({ width: 1000, height: 20_000 });
    expect(plan("webp")).toThrow(
      expect.objectContaining({
        code: "RENDITION_TOO_LARGE",
        message: "The rendition card would have 1000 x 20000 pixels; a side of webp has at most 16,383.",
      }),
    );
  });

  it("refuses to pad an image to more pixels than are processed", () => {
    expect(() => planOne({}, { width: 10_000, height: 5_001, fit: "contain" })).toThrow(
      expect.objectContaining({
        code: "RENDITION_TOO_LARGE",
        message:
          "The rendition card would have 10000 x 5001 pixels (50,010,000); at most 50,000,000 are made.",
      }),
    );
  });

  it("refuses a key that grows too long", () => {
    expect(() => planTransforms(anImage(), "x".repeat(1015), [spec({ width: 1 })], LIMITS)).toThrow(
      expect.objectContaining({ code: "KEY_TOO_LONG" }),
    );
  });
});

describe("decodedSize", () => {
  it("is the largest of each side that is scaled to", () => {
    expect(decodedSize(planTransforms(anImage(), "a.jpg", DEFAULT_RENDITIONS, LIMITS))).toEqual({
      width: 1600,
      height: 1067,
    });
    const specs = renditionSpecs.parse([
      { name: "wide", width: 3000, height: 10, fit: "fill", formats: ["webp"] },
      { name: "high", height: 2000, width: 10, fit: "fill", formats: ["webp"] },
    ]);
    expect(decodedSize(planTransforms(anImage(), "a.jpg", specs, LIMITS))).toEqual({
      width: 3000,
      height: 2000,
    });
  });

  it("holds every plan and is held by the image", () => {
    fc.assert(
      fc.property(anySize, fc.array(anySpec, { minLength: 1, maxLength: 5 }), (image, boxes) => {
        const specs = boxes.map((box, index) => spec({ ...box, name: `s${index}` }));
        const plans = planTransforms(anImage(image), "a.jpg", specs, LIMITS);
        const decoded = decodedSize(plans);
        const fits = (inner: Size, outer: Size) => inner.width <= outer.width && inner.height <= outer.height;
        expect(plans.every(({ scaled }) => fits(scaled, decoded))).toBe(true);
        expect(fits(decoded, image)).toBe(true);
      }),
    );
  });
});
