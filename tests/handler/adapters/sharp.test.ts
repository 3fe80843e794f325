import { createHash } from "node:crypto";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { sharpImaging } from "../../../handler/adapters/sharp.ts";
import { planTransforms } from "../../../handler/core/plan/plan.ts";
import { SOURCE_FORMAT_FACTS, SOURCE_FORMATS } from "../../../handler/core/source/image-format.ts";
import { RENDITION_FORMATS } from "../../../handler/core/spec/format.ts";
import { DEFAULT_RENDITIONS, renditionSpecs } from "../../../handler/core/spec/rendition-spec.ts";
import {
  animatedGif,
  BLUE,
  GREEN,
  halfTransparent,
  jpegFullOfMetadata,
  meanColour,
  ORIENTATIONS,
  photo,
  psnr,
  quarters,
  RED,
  SECRETS,
  solid,
  turnedJpeg,
  YELLOW,
} from "../../support/images.ts";
import { expectColour, imaging, MAX_PIXELS, render, renderOne, whole } from "./sharp/rendering.ts";

const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>');

describe("inspect", () => {
  it.each(SOURCE_FORMATS)("tells the size of a %s", async (format) => {
    const bytes = await photo({ width: 64, height: 48 }).toFormat(format).toBuffer();
    expect(await imaging.inspect(bytes)).toEqual({
      format,
      width: 64,
      height: 48,
      pages: 1,
      hasAlpha: false,
      decodeBytes: expect.any(Number),
    });
  });

  it.each(ORIENTATIONS)("tells the size as displayed with EXIF orientation %i", async (orientation) => {
    const bytes = await turnedJpeg({ width: 60, height: 40 }, orientation);
    expect(await imaging.inspect(bytes)).toMatchObject({ width: 60, height: 40 });
  });

  it("counts the frames of an animation and tells the size of one", async () => {
    const bytes = await animatedGif({ width: 30, height: 20 }, [RED, GREEN, BLUE]);
    expect(await imaging.inspect(bytes)).toMatchObject({ format: "gif", width: 30, height: 20, pages: 3 });
  });

  it("finds alpha where a pixel is not opaque, and none where a channel hides nothing", async () => {
    const size = { width: 50, height: 50 };
    const clear = await halfTransparent(size, RED).png().toBuffer();
    const opaque = await solid(size, RED).ensureAlpha(1).png().toBuffer();
    expect((await sharp(opaque).metadata()).hasAlpha).toBe(true);
    expect([(await imaging.inspect(clear)).hasAlpha, (await imaging.inspect(opaque)).hasAlpha]).toEqual([
      true,
      false,
    ]);
  });

  it("finds a single pixel that is not opaque", async () => {
    const data = new Uint8Array(100 * 100 * 4).fill(255);
    data[4 * 5_050 + 3] = 254;
    const bytes = await sharp(data, { raw: { width: 100, height: 100, channels: 4 } })
      .png()
      .toBuffer();
    expect((await imaging.inspect(bytes)).hasAlpha).toBe(true);
  });

  it("tells the size of an image with too many pixels without decoding it", async () => {
    const strict = sharpImaging({ maxPixels: 100, threads: 1 });
    const bytes = await halfTransparent({ width: 50, height: 40 }, RED).png().toBuffer();
    expect(await strict.inspect(bytes)).toEqual({
      format: "png",
      width: 50,
      height: 40,
      pages: 1,
      hasAlpha: false,
      decodeBytes: expect.any(Number),
    });
  });

  it("refuses a text file, whatever its name", async () => {
    expect(await refusal(imaging.inspect(Buffer.from("I am a text, renamed to .jpg")))).toMatchObject({
      code: "UNSUPPORTED_FORMAT",
    });
  });

  it("refuses nothing at all", async () => {
    expect(await refusal(imaging.inspect(new Uint8Array()))).toMatchObject({ code: "UNSUPPORTED_FORMAT" });
  });

  it("refuses an SVG, though sharp could draw it", async () => {
    expect(await refusal(imaging.inspect(SVG))).toMatchObject({
      code: "SVG_NOT_ALLOWED",
      message:
        "The file's content is an SVG drawing, which is a program more than a picture; this pipeline is not set to draw it.",
    });
  });

  it("leaves no loader open but those of the supported formats, should a file slip through", async () => {
    await expect(sharp(SVG).metadata()).rejects.toThrow("unsupported image format");
  });

  it.each(SOURCE_FORMATS)("refuses a %s of which only the signature is left", async (format) => {
    const bytes = await photo({ width: 64, height: 48 }).toFormat(format).toBuffer();
    const stump = bytes.subarray(0, format === "avif" ? 32 : 14);
    expect(await refusal(imaging.inspect(stump))).toMatchObject({
      code: "CORRUPT_IMAGE",
      retryable: false,
      message: `The file begins as ${SOURCE_FORMAT_FACTS[format].name} but cannot be decoded: it is damaged or incomplete.`,
      cause: expect.any(Error),
    });
  });
});

describe("transform", () => {
  it("puts the hash of a file into its key when the spec wants it", async () => {
    const spec = { width: 40, formats: ["webp", "png"], hashedKeys: true, manifest: true };
    const make = async (colour: typeof RED) =>
      render(await solid({ width: 80, height: 80 }, colour).png().toBuffer(), [{ name: "card", ...spec }]);
    const files = await make(RED);
    for (const { key, format, bytes, cacheControl } of files) {
      const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
      expect(key).toBe(`a/card.${hash}.${format}`);
      expect(cacheControl).toBe("public, max-age=31536000, immutable");
    }
    const keys = files.map(({ key }) => key);
    expect((await make(RED)).map(({ key }) => key)).toEqual(keys);
    expect((await make(BLUE)).filter(({ key }) => keys.includes(key))).toEqual([]);
  });

  it.each(SOURCE_FORMATS.flatMap((from) => RENDITION_FORMATS.map((to) => [from, to] as const)))(
    "makes of %s a %s of the planned size and the same look",
    async (from, to) => {
      const size = { width: 240, height: 160 };
      const original = await photo(size).toFormat(from).toBuffer();
      const file = await renderOne(original, { width: 120, formats: [to] });
      const header = await sharp(file.bytes).metadata();
      expect(file).toMatchObject({ name: "card", format: to, width: 120, height: 80 });
      expect([header.format === "heif" ? "avif" : header.format, header.width, header.height]).toEqual([
        to,
        120,
        80,
      ]);
      const expected = await sharp(original).resize(120, 80).png().toBuffer();
      // A palette of 256 colours costs more than any compression; from and to are both palettes at worst.
      expect(await psnr(file.bytes, expected)).toBeGreaterThan(to === "gif" ? 22 : 28);
    },
  );

  it.each(ORIENTATIONS)("turns EXIF orientation %i upright, in a cut too", async (orientation) => {
    const bytes = await turnedJpeg({ width: 240, height: 160 }, orientation);
    for (const [spec, width, height] of [
      [{ width: 120 }, 120, 80],
      [{ width: 60, height: 60, fit: "cover" }, 60, 60],
    ] as const) {
      const file = await renderOne(bytes, spec);
      expect([file.width, file.height]).toEqual([width, height]);
      expect((await sharp(file.bytes).metadata()).orientation).toBeUndefined();
      const corner = (left: number, top: number) =>
        meanColour(file.bytes, { left, top, width: 10, height: 10 });
      expectColour(await corner(5, 5), RED, 12);
      expectColour(await corner(width - 15, 5), GREEN, 12);
      expectColour(await corner(5, height - 15), BLUE, 12);
      expectColour(await corner(width - 15, height - 15), YELLOW, 12);
    }
  });

  it.each(RENDITION_FORMATS)("takes position, camera, owner and profile out of a %s", async (format) => {
    const original = await jpegFullOfMetadata({ width: 200, height: 100 });
    const before = await sharp(original).metadata();
    expect([before.hasProfile, before.exif, before.xmp, before.iptc].map(Boolean)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    for (const secret of SECRETS) expect(original.includes(secret)).toBe(true);

    const file = await renderOne(original, { width: 100, formats: [format] });
    const after = await sharp(file.bytes).metadata();
    expect([after.hasProfile, after.exif, after.xmp, after.iptc]).toEqual([
      false,
      undefined,
      undefined,
      undefined,
    ]);
    // TIFF always states an orientation; 1 is upright.
    expect(after.orientation ?? 1).toBe(1);
    const bytes = Buffer.from(file.bytes);
    for (const trace of [...SECRETS, "GPS", "Exif\0", "xmpmeta", "Photoshop 3.0", "ICC_PROFILE"]) {
      expect(bytes.includes(trace), trace).toBe(false);
    }
  });

  it("shows the colours of a wide profile in sRGB, with 8 and with 16 bits a channel", async () => {
    for (const depth of ["srgb", "rgb16"]) {
      const original = await solid({ width: 40, height: 40 }, RED)
        .toColourspace(depth)
        .withIccProfile("p3")
        .png()
        .toBuffer();
      expect((await sharp(original).metadata()).hasProfile).toBe(true);
      const file = await renderOne(original, { width: 20 });
      expectColour(await meanColour(file.bytes, whole(file)), RED, 3);
    }
  });

  it("reads 16 bits a channel without a profile as sRGB", async () => {
    const original = await solid({ width: 40, height: 40 }, RED).toColourspace("rgb16").png().toBuffer();
    expect(await sharp(original).metadata()).toMatchObject({ depth: "ushort", hasProfile: false });
    const file = await renderOne(original, { width: 20 });
    expectColour(await meanColour(file.bytes, whole(file)), RED, 3);
  });

  it("turns CMYK into sRGB", async () => {
    const original = await solid({ width: 60, height: 40 }, BLUE)
      .toColourspace("cmyk")
      .jpeg({ quality: 95 })
      .toBuffer();
    expect((await sharp(original).metadata()).space).toBe("cmyk");
    for (const format of RENDITION_FORMATS) {
      const file = await renderOne(original, { width: 30, formats: [format] });
      expect((await sharp(file.bytes).metadata()).space).toBe("srgb");
      const [red, green, blue] = await meanColour(file.bytes, whole(file));
      // Print's gamut holds no such blue; it comes back darker, and still blue.
      expect(blue).toBeGreaterThan(Math.max(red, green) + 40);
    }
  });

  it("keeps greys grey", async () => {
    const original = await photo({ width: 60, height: 40 }).toColourspace("b-w").jpeg().toBuffer();
    expect((await sharp(original).metadata()).channels).toBe(1);
    const file = await renderOne(original, { width: 30, formats: ["jpeg"] });
    const [red, green, blue] = await meanColour(file.bytes, whole(file));
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThanOrEqual(1);
  });

  it("keeps transparency where the format has it, as auto chooses, and puts white behind it elsewhere", async () => {
    const original = await halfTransparent({ width: 80, height: 40 }, RED)
      .webp({ lossless: true })
      .toBuffer();
    const files = await render(original, [
      { name: "card", width: 40, formats: ["auto", "webp", "avif", "tiff", "gif", "jpeg"] },
    ]);
    expect(files.map(({ format }) => format)).toEqual(["png", "webp", "avif", "tiff", "gif", "jpeg"]);
    for (const { bytes, format } of files) {
      const right = { left: 25, top: 5, width: 10, height: 10 };
      if (format === "jpeg") {
        expectColour(await meanColour(bytes, right), [255, 255, 255], 4);
      } else {
        const alpha = await sharp(bytes).extract(right).extractChannel("alpha").raw().toBuffer();
        // avif compresses alpha with loss.
        expect(Math.max(...alpha), format).toBeLessThanOrEqual(format === "avif" ? 2 : 0);
      }
      expectColour(await meanColour(bytes, { left: 5, top: 5, width: 10, height: 10 }), RED, 12);
    }
  });

  it("has no dark or light seam where colour meets transparency", async () => {
    const original = await halfTransparent({ width: 300, height: 60 }, GREEN).png().toBuffer();
    const file = await renderOne(original, { width: 100 });
    const { data, info } = await sharp(file.bytes).raw().toBuffer({ resolveWithObject: true });
    for (let index = 0; index < data.length; index += info.channels) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(index, index + 4);
      if (alpha > 16) expectColour([red, green, blue], GREEN, 8);
    }
  });

  it("drops an alpha channel that hides nothing", async () => {
    const original = await solid({ width: 80, height: 40 }, RED).ensureAlpha(1).png().toBuffer();
    const files = await render(original, [{ name: "card", width: 40, formats: ["auto", "webp", "png"] }]);
    expect(files.map(({ format }) => format)).toEqual(["jpeg", "webp", "png"]);
    for (const { bytes } of files) expect((await sharp(bytes).metadata()).hasAlpha).toBe(false);
  });

  it("uses the first frame of an animation", async () => {
    const original = await animatedGif({ width: 40, height: 30 }, [RED, GREEN, BLUE]);
    const file = await renderOne(original, { width: 20, formats: ["webp"] });
    expect((await sharp(file.bytes).metadata()).pages ?? 1).toBe(1);
    expect([file.width, file.height]).toEqual([20, 15]);
    expectColour(await meanColour(file.bytes, whole(file)), RED, 8);
  });

  it.each([
    ["left", RED, BLUE],
    ["right", GREEN, YELLOW],
  ] as const)("cuts a cover at the %s", async (position, above, below) => {
    const original = await quarters({ width: 400, height: 100 }).png().toBuffer();
    const file = await renderOne(original, { width: 50, height: 50, fit: "cover", position });
    expectColour(await meanColour(file.bytes, { left: 5, top: 5, width: 40, height: 15 }), above);
    expectColour(await meanColour(file.bytes, { left: 5, top: 30, width: 40, height: 15 }), below);
  });

  it.each(["entropy", "attention"])("cuts a cover where %s finds most", async (position) => {
    const busy = await photo({ width: 100, height: 100 }).png().toBuffer();
    const original = await solid({ width: 400, height: 100 }, [128, 128, 128])
      .composite([{ input: busy, left: 300, top: 0 }])
      .png()
      .toBuffer();
    const file = await renderOne(original, { width: 50, height: 50, fit: "cover", position });
    const { channels } = await sharp(file.bytes).stats();
    expect(channels[0]?.stdev).toBeGreaterThan(10);
  });

  it("pads a contain with white, and with nothing when the image has transparency", async () => {
    const box = { width: 60, height: 60, fit: "contain" };
    const opaque = await renderOne(await solid({ width: 120, height: 60 }, RED).png().toBuffer(), box);
    expect([opaque.width, opaque.height]).toEqual([60, 60]);
    expectColour(
      await meanColour(opaque.bytes, { left: 0, top: 0, width: 60, height: 12 }),
      [255, 255, 255],
      0,
    );
    expectColour(await meanColour(opaque.bytes, { left: 0, top: 20, width: 60, height: 20 }), RED, 2);

    const clear = await renderOne(
      await halfTransparent({ width: 120, height: 60 }, RED).png().toBuffer(),
      box,
    );
    const alpha = await sharp(clear.bytes).extractChannel("alpha").raw().toBuffer();
    expect(Math.max(...alpha.subarray(0, 60 * 12))).toBe(0);
  });

  it("never enlarges", async () => {
    const original = await solid({ width: 30, height: 20 }, RED).png().toBuffer();
    const files = await render(original, [
      { name: "inside", width: 100, height: 100, formats: ["png"] },
      { name: "cover", width: 25, height: 100, fit: "cover", formats: ["png"] },
      { name: "fill", width: 100, height: 10, fit: "fill", formats: ["png"] },
    ]);
    expect(files.map(({ width, height }) => [width, height])).toEqual([
      [30, 20],
      [25, 20],
      [30, 10],
    ]);
  });

  it("pads a small image to its box without enlarging it", async () => {
    const original = await solid({ width: 30, height: 20 }, RED).png().toBuffer();
    const file = await renderOne(original, { width: 100, height: 50, fit: "contain" });
    expectColour(await meanColour(file.bytes, { left: 35, top: 15, width: 30, height: 20 }), RED, 0);
    const [red, green, blue] = await meanColour(file.bytes, whole(file));
    const share = (30 * 20) / (100 * 50);
    expectColour([red, green, blue], [255 - 25 * share, 255 - 225 * share, 255 - 225 * share], 1);
  });

  it.each([0.3, 0.6, 0.9, 0.99])("refuses a JPEG of which only %d is there", async (part) => {
    const bytes = await photo({ width: 640, height: 480 }).jpeg().toBuffer();
    expect(await refusal(renderOne(bytes.subarray(0, bytes.length * part), { width: 100 }))).toMatchObject({
      code: "CORRUPT_IMAGE",
      retryable: false,
    });
  });

  it.each(["png", "webp", "gif", "avif", "tiff"] as const)("refuses a %s without its end", async (format) => {
    const bytes = await photo({ width: 640, height: 480 }).toFormat(format).toBuffer();
    expect(await refusal(renderOne(bytes.subarray(0, bytes.length * 0.6), { width: 100 }))).toMatchObject({
      code: "CORRUPT_IMAGE",
    });
  });

  it("refuses a PNG with a damaged middle", async () => {
    const bytes = await photo({ width: 640, height: 480 }).png().toBuffer();
    const damaged = Buffer.from(bytes);
    damaged.fill(0, bytes.length / 2, bytes.length / 2 + 200);
    expect(await refusal(renderOne(damaged, { width: 100 }))).toMatchObject({ code: "CORRUPT_IMAGE" });
  });

  it("refuses to decode more pixels than the limit, also when the plan did not", async () => {
    const bytes = await photo({ width: 200, height: 100 }).jpeg().toBuffer();
    const plans = planTransforms(
      await imaging.inspect(bytes),
      "a",
      renditionSpecs.parse([{ name: "card", width: 10, formats: ["webp"] }]),
      { maxBytes: 1e9, maxPixels: MAX_PIXELS },
    );
    const strict = sharpImaging({ maxPixels: 19_999, threads: 1 });
    expect(await refusal(strict.transform(bytes, plans, async () => {}))).toMatchObject({
      code: "CORRUPT_IMAGE",
    });
  });

  it.each([1, 2])("encodes %i files at once with as many threads, the costliest first", async (threads) => {
    const bytes = await photo({ width: 300, height: 200 }).jpeg().toBuffer();
    const specs = renditionSpecs.parse([
      { name: "small", width: 50, formats: ["jpeg"] },
      { name: "card", width: 200, formats: ["jpeg", "webp"] },
    ]);
    const limits = { maxBytes: 1e9, maxPixels: MAX_PIXELS };
    const plans = planTransforms(await imaging.inspect(bytes), "a", specs, limits);
    const delivered: string[] = [];
    const full = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    const end = sharpImaging({ maxPixels: MAX_PIXELS, threads }).transform(bytes, plans, async ({ key }) => {
      delivered.push(key);
      if (delivered.length === threads) full.resolve();
      await opened.promise;
    });
    await full.promise;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(delivered.toSorted()).toEqual(["a/card.webp", "a/card.jpg"].slice(0, threads).toSorted());
    opened.resolve();
    await end;
    expect(delivered.at(-1)).toBe("a/small.jpg");
  });

  it("makes the same bytes of the same original each time", async () => {
    const bytes = await photo({ width: 300, height: 200 }).jpeg().toBuffer();
    const specs = [{ name: "card", width: 100, formats: [...RENDITION_FORMATS] }];
    expect(await render(bytes, specs)).toEqual(await render(bytes, specs));
  });

  describe("decoding once", () => {
    /** The distance to a rendition that is scaled, losslessly, from all pixels of the original. */
    const distances = async (original: Buffer, width: number) => {
      const full = await sharp(original).png({ compressionLevel: 1 }).toBuffer();
      const file = (
        await render(original, [
          { name: "large", width: 1200, formats: ["png"] },
          { name: "small", width, formats: ["png"] },
        ])
      )[1];
      if (file === undefined) throw new Error("Expected two renditions.");
      const size = { width: file.width, height: file.height, fit: "fill" } as const;
      const best = await sharp(full).resize(size).png().toBuffer();
      const alone = await sharp(original).resize(size).png().toBuffer();
      return { shared: await psnr(file.bytes, best), alone: await psnr(alone, best) };
    };

    it.each([1000, 800, 600, 300, 150])("costs no quality at a width of %i", async (width) => {
      const original = await photo({ width: 3000, height: 2000 }).jpeg({ quality: 92 }).toBuffer();
      const { shared, alone } = await distances(original, width);
      // What sharp loses by itself is what it saves by decoding JPEG at a half, a quarter or an eighth; at a third
      // it saves nothing. Beyond 48 dB a pixel is off by one on average.
      expect(shared).toBeGreaterThan(Math.min(alone - 3, 48));
    });

    it("gives the largest rendition exactly as sharp would alone", async () => {
      const original = await photo({ width: 3000, height: 2000 }).jpeg({ quality: 92 }).toBuffer();
      const files = await render(original, [
        { name: "large", width: 1200, formats: ["png"] },
        { name: "small", width: 100, formats: ["png"] },
      ]);
      const alone = await sharp(original).resize(1200, 800).png().toBuffer();
      expect(await psnr(files[0]?.bytes ?? new Uint8Array(), alone)).toBe(Number.POSITIVE_INFINITY);
    });
  });

  it("makes the default renditions of a 24-megapixel JPEG within seconds", async () => {
    const original = await photo({ width: 6000, height: 4000 }).jpeg({ quality: 90 }).toBuffer();
    const start = performance.now();
    const files = await render(original, DEFAULT_RENDITIONS);
    expect(performance.now() - start).toBeLessThan(8_000);
    expect(files.map(({ key, width, height }) => [key, width, height])).toEqual([
      ["a/thumbnail.webp", 200, 200],
      ["a/thumbnail.jpg", 200, 200],
      ["a/medium.webp", 800, 533],
      ["a/medium.jpg", 800, 533],
      ["a/large.webp", 1600, 1067],
      ["a/large.jpg", 1600, 1067],
    ]);
  });
});
