import sharp from "sharp";
import { describe, expect, it } from "vitest";
import {
  BLUE,
  GREEN,
  meanColour,
  photo,
  psnr,
  quarters,
  RED,
  solid,
  YELLOW,
} from "../../../support/images.ts";
import { alphaAt, expectColour, renderOne, whole } from "./rendering.ts";

const SIZE = { width: 120, height: 80 };
const original = await photo(SIZE).png().toBuffer();
const WHITE = [255, 255, 255] as const;

/** The colours of a png's quarters, from the left upper one on. */
const quartersOf = (bytes: Uint8Array, { width, height }: { width: number; height: number }) =>
  Promise.all(
    [0, height / 2].flatMap((top) =>
      [0, width / 2].map((left) => {
        const part = { left: left + 5, top: top + 5, width: width / 2 - 10, height: height / 2 - 10 };
        return meanColour(bytes, part);
      }),
    ),
  );

describe("framed", () => {
  it("scales with the kernel, from every pixel of the original", async () => {
    const file = await renderOne(original, { width: 30, kernel: "nearest" });
    const { width, height } = file;
    const resize = (kernel: "nearest" | "lanczos3") =>
      sharp(original).resize({ width, height, fit: "fill", kernel }).png().toBuffer();
    expect(await psnr(file.bytes, await resize("nearest"))).toBe(Number.POSITIVE_INFINITY);
    expect(await psnr(file.bytes, await resize("lanczos3"))).toBeLessThan(40);
  });

  it("pads with transparency when told, and with white where the format has none", async () => {
    const box = { width: 40, height: 40, fit: "contain", background: "transparent" };
    const red = await solid({ width: 80, height: 40 }, RED).png().toBuffer();
    const png = await renderOne(red, box);
    expect([await alphaAt(png.bytes, 5, 2), await alphaAt(png.bytes, 5, 20)]).toEqual([0, 255]);
    const jpeg = await renderOne(red, { ...box, formats: ["jpeg"] });
    expectColour(await meanColour(jpeg.bytes, { left: 5, top: 0, width: 30, height: 6 }), WHITE, 4);
  });

  it.each([
    [{ rotate: 90 }, [40, 60], [BLUE, RED, YELLOW, GREEN]],
    [{ rotate: 180 }, [60, 40], [YELLOW, BLUE, GREEN, RED]],
    [{ rotate: 270 }, [40, 60], [GREEN, YELLOW, RED, BLUE]],
    [{ flip: true }, [60, 40], [BLUE, YELLOW, RED, GREEN]],
    [{ flop: true }, [60, 40], [GREEN, RED, YELLOW, BLUE]],
    // Turned first, then mirrored.
    [{ rotate: 90, flip: true }, [40, 60], [YELLOW, GREEN, BLUE, RED]],
    [{ rotate: 90, flop: true }, [40, 60], [RED, BLUE, GREEN, YELLOW]],
    [{ rotate: 270, flip: true, flop: true }, [40, 60], [BLUE, RED, YELLOW, GREEN]],
  ] as const)("turns and mirrors: %j", async (spec, [width, height], colours) => {
    const bytes = await quarters(SIZE).png().toBuffer();
    const file = await renderOne(bytes, { width: 60, height: 60, ...spec });
    expect([file.width, file.height]).toEqual([width, height]);
    for (const [index, colour] of (await quartersOf(file.bytes, file)).entries()) {
      expectColour(colour, colours[index] ?? WHITE, 2);
    }
  });

  it("cuts around a point, to the pixel", async () => {
    const file = await renderOne(original, {
      width: 20,
      height: 80,
      fit: "cover",
      position: { x: 0.25, y: 0 },
    });
    const expected = await sharp(original)
      .extract({ left: 20, top: 0, width: 20, height: 80 })
      .png()
      .toBuffer();
    expect(await psnr(file.bytes, expected)).toBe(Number.POSITIVE_INFINITY);
  });

  it("pads with the image itself, blurred, in place of a colour", async () => {
    const striped = await quarters({ width: 160, height: 40 }).png().toBuffer();
    const file = await renderOne(striped, { width: 80, height: 80, fit: "contain", background: "blurred" });
    expect(await sharp(file.bytes).metadata()).toMatchObject({ width: 80, height: 80, channels: 3 });
    // The image stands in the middle as it is; above it are its colours, below too.
    expectColour(await meanColour(file.bytes, { left: 5, top: 32, width: 20, height: 6 }), RED, 2);
    expectColour(await meanColour(file.bytes, { left: 0, top: 0, width: 12, height: 8 }), RED, 12);
    expectColour(await meanColour(file.bytes, { left: 68, top: 72, width: 12, height: 8 }), YELLOW, 12);
  });

  it("gives a blurred background to what fills its box nothing to do", async () => {
    const bytes = await solid({ width: 80, height: 80 }, RED).png().toBuffer();
    const file = await renderOne(bytes, { width: 40, height: 40, fit: "contain", background: "blurred" });
    expectColour(await meanColour(file.bytes, whole(file)), RED, 0);
  });
});
