import sharp from "sharp";
import { describe, expect, it } from "vitest";
import {
  animatedGif,
  BLUE,
  type Colour,
  GREEN,
  joinedFrames,
  meanColour,
  photo,
  RED,
  solid,
} from "../../../support/images.ts";
import { expectColour, render, renderOne } from "./rendering.ts";

const SIZE = { width: 80, height: 40 };
const COLOURS = [RED, GREEN, BLUE] as const;
const original = await animatedGif(SIZE, COLOURS);

const timing = async (bytes: Uint8Array) => {
  const { width, height, pages = 1, delay, loop } = await sharp(bytes).metadata();
  return { width, height, pages, delay, loop };
};

const frame = (bytes: Uint8Array, page: number): Promise<Buffer> => sharp(bytes, { page }).png().toBuffer();

const colourOf = async (bytes: Uint8Array, page: number, width: number, height: number): Promise<Colour> =>
  meanColour(await frame(bytes, page), { left: 0, top: 0, width, height });

describe("an animation", () => {
  it.each(["webp", "gif"] as const)(
    "moves on as a %s, frame by frame and as fast as before",
    async (format) => {
      const timed = await joinedFrames(
        await Promise.all(COLOURS.map((colour) => solid(SIZE, colour).png().toBuffer())),
      )
        .webp({ delay: [100, 200, 300], loop: 2, lossless: true })
        .toBuffer();
      const { bytes, width, height } = await renderOne(timed, {
        width: 40,
        formats: [format],
        animated: true,
      });
      expect([width, height]).toEqual([40, 20]);
      expect(await timing(bytes)).toEqual({
        width: 40,
        height: 20,
        pages: 3,
        delay: [100, 200, 300],
        loop: 2,
      });
      for (const [page, colour] of COLOURS.entries()) {
        expectColour(await colourOf(bytes, page, 40, 20), colour, 6);
      }
    },
  );

  it("stands still unless the spec says otherwise, and in formats that can't move", async () => {
    const files = await render(original, [
      { name: "still", width: 40, formats: ["webp", "gif"] },
      { name: "moving", width: 40, formats: ["jpeg", "avif", "png", "tiff", "webp"], animated: true },
    ]);
    const pages = await Promise.all(
      files.map(async ({ name, format, bytes }) => [`${name}.${format}`, (await timing(bytes)).pages]),
    );
    expect(Object.fromEntries(pages)).toEqual({
      "still.webp": 1,
      "still.gif": 1,
      "moving.webp": 3,
      "moving.jpeg": 1,
      "moving.avif": 1,
      "moving.png": 1,
      "moving.tiff": 1,
    });
    for (const { bytes } of files) expectColour(await colourOf(bytes, 0, 40, 20), RED, 8);
  });

  it("is cut, padded, framed and marked in every frame alike", async () => {
    const watermark = { image: "logo.png", scale: 0.5, opacity: 1, position: "left top", margin: 0 };
    const logo = await solid({ width: 10, height: 10 }, [0, 0, 0]).png().toBuffer();
    const { bytes } = await renderOne(
      original,
      {
        width: 40,
        height: 40,
        fit: "contain",
        background: "#ffffff",
        border: { width: 4, colour: "#ffff00" },
        watermark,
        formats: ["webp"],
        lossless: true,
        animated: true,
      },
      new Map([["logo.png", logo]]),
    );
    expect(await timing(bytes)).toMatchObject({ width: 48, height: 48, pages: 3 });
    for (const [page, colour] of COLOURS.entries()) {
      const png = await frame(bytes, page);
      const at = (left: number, top: number) => meanColour(png, { left, top, width: 1, height: 1 });
      expectColour(await at(1, 1), [255, 255, 0], 1);
      expectColour(await at(6, 6), [0, 0, 0], 1);
      expectColour(await at(40, 6), [255, 255, 255], 1);
      expectColour(await at(40, 24), colour, 1);
    }
  });

  it("is cut where its first frame suggests, in every frame", async () => {
    // The one detail moves from the left to the right.
    const detail = await photo({ width: 20, height: 20 }).png().toBuffer();
    const frames = await Promise.all(
      [0, 60].map((left) =>
        solid({ width: 80, height: 20 }, [128, 128, 128])
          .composite([{ input: detail, left, top: 0 }])
          .png()
          .toBuffer(),
      ),
    );
    const moving = await joinedFrames(frames).webp({ lossless: true }).toBuffer();
    const { bytes } = await renderOne(moving, {
      width: 20,
      height: 20,
      fit: "cover",
      position: "entropy",
      formats: ["webp"],
      lossless: true,
      animated: true,
    });
    const deviations = await Promise.all(
      [0, 1].map(async (page) => (await sharp(await frame(bytes, page)).stats()).channels[0]?.stdev ?? 0),
    );
    expect(deviations[0]).toBeGreaterThan(5);
    expect(deviations[1]).toBe(0);
  });

  it("stays within a number of bytes by its quality", async () => {
    const frames = await Promise.all(
      [0, 1].map((seed) =>
        photo({ width: 160, height: 120 + seed })
          .resize(160, 120)
          .png()
          .toBuffer(),
      ),
    );
    const moving = await joinedFrames(frames).webp({ lossless: true }).toBuffer();
    const [{ bytes: free }, { bytes: bounded }] = await Promise.all([
      renderOne(moving, { width: 160, formats: ["webp"], animated: true }),
      renderOne(moving, { width: 160, formats: ["webp"], animated: true, maxBytes: 600 }),
    ]);
    expect(free.length).toBeGreaterThan(600);
    expect(bounded.length).toBeLessThanOrEqual(600);
    expect((await timing(bounded)).pages).toBe(2);
  });

  it("that breaks off after its first frame is damaged", async () => {
    const noisy = await joinedFrames(
      await Promise.all(
        [1, 2, 3].map((n) =>
          photo({ width: 64, height: 60 + n })
            .resize(64, 64)
            .png()
            .toBuffer(),
        ),
      ),
    )
      .webp({ lossless: true })
      .toBuffer();
    await expect(
      renderOne(noisy.subarray(0, noisy.length - 200), { width: 32, formats: ["webp"], animated: true }),
    ).rejects.toMatchObject({ code: "CORRUPT_IMAGE" });
  });
});
