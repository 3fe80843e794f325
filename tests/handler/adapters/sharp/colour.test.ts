import { readFileSync } from "node:fs";
import { join } from "node:path";
import { differenceCiede2000 } from "culori";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { cmykPatches } from "../../../support/cmyk-patches.ts";
import { BLUE, GREEN, meanColour, photo, psnr, RED, YELLOW } from "../../../support/images.ts";
import { expectColour, imaging, renderOne } from "./rendering.ts";

const colour = z.tuple([z.number(), z.number(), z.number()]);

/** Images that Pillow wrote, and what LittleCMS says of their colours; see make-references.py beside them. */
const references = z
  .object({
    colours: z.array(z.object({ name: z.string(), file: z.base64().nullable(), srgb: z.array(colour) })),
    orientations: z.array(z.object({ format: z.string(), orientation: z.int(), file: z.base64() })),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "../../../fixtures/references.json"), "utf8")));

const SIDE = 16;
const COLUMNS = 6;

const difference = differenceCiede2000();

type Rgb = z.output<typeof colour>;

const deltaE = (a: Rgb, b: Rgb): number => {
  const [left, right] = [a, b].map(
    ([r, g, b]) => ({ mode: "rgb", r: r / 255, g: g / 255, b: b / 255 }) as const,
  );
  return left === undefined || right === undefined ? Number.NaN : difference(left, right);
};

/** The colours in the middle of the patches. */
const middles = async (image: Uint8Array, patches: number): Promise<readonly Rgb[]> => {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: patches }, (_, index) => {
    const x = (index % COLUMNS) * SIDE + SIDE / 2;
    const y = Math.floor(index / COLUMNS) * SIDE + SIDE / 2;
    const at = (y * info.width + x) * info.channels;
    return [data[at] ?? -1, data[at + 1] ?? -1, data[at + 2] ?? -1];
  });
};

describe("colours", () => {
  it.each(references.colours)("of $name are in sRGB what LittleCMS makes of them", async ({ file, srgb }) => {
    const original = file === null ? await cmykPatches() : Buffer.from(file, "base64");
    const rendition = await renderOne(original, { width: COLUMNS * SIDE });
    const shown = await middles(rendition.bytes, srgb.length);
    const differences = srgb.map((expected, index) => deltaE(shown[index] ?? [0, 0, 0], expected));
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
    // One unit of delta E 2000 is about what a trained eye sees side by side.
    expect(mean).toBeLessThan(1);
    expect(Math.max(...differences)).toBeLessThan(3);
  });

  it("with sRGB's own profile are left as they are, to the last bit", async () => {
    const plain = await photo({ width: 64, height: 48 }).png().toBuffer();
    const tagged = await sharp(plain).withIccProfile("srgb").png().toBuffer();
    const size = { width: 64, height: 48 };
    expect(await psnr((await renderOne(tagged, size)).bytes, plain)).toBe(Number.POSITIVE_INFINITY);
    const scaled = { width: 20, height: 15 };
    expect((await renderOne(tagged, scaled)).bytes).toEqual((await renderOne(plain, scaled)).bytes);
  });

  it("would be seen to be off when a profile were left out", async () => {
    for (const { name, file, srgb } of references.colours) {
      if (!/^(Display P3|Adobe RGB) in PNG$/.test(name) || file === null) continue;
      const raw = await sharp(Buffer.from(file, "base64"), { ignoreIcc: true }).png().toBuffer();
      const shown = await middles(raw, srgb.length);
      const most = Math.max(...srgb.map((expected, index) => deltaE(shown[index] ?? [0, 0, 0], expected)));
      expect(most, name).toBeGreaterThan(4);
    }
  });
});

describe("orientation", () => {
  it.each(references.orientations)(
    "$orientation of a $format is turned upright",
    async ({ format, file }) => {
      const original = Buffer.from(file, "base64");
      expect(await imaging.inspect(original)).toMatchObject({ format, width: 48, height: 32 });
      const rendition = await renderOne(original, { width: 48 });
      expect([rendition.width, rendition.height]).toEqual([48, 32]);
      const quarter = (left: number, top: number) =>
        meanColour(rendition.bytes, { left: left + 6, top: top + 4, width: 12, height: 8 });
      expectColour(await quarter(0, 0), RED, 12);
      expectColour(await quarter(24, 0), GREEN, 12);
      expectColour(await quarter(0, 16), BLUE, 12);
      expectColour(await quarter(24, 16), YELLOW, 12);
    },
  );
});
