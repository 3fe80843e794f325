import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { textPixels } from "../../../../handler/adapters/sharp/text.ts";
import { WATERMARK_TEXT } from "../../../../handler/core/spec/watermark.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const WHITE = { r: 255, g: 255, b: 255 };

const FONT = "node_modules/@polymer/font-roboto-local/fonts/roboto/Roboto-Medium.ttf";

/** The characters of a TrueType font, from its table of 16-bit codes (OpenType, cmap format 4). */
function charactersOf(font: Buffer): ReadonlySet<number> {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, index) => 12 + 16 * index);
  const entry = tables.find((at) => font.toString("latin1", at, at + 4) === "cmap") ?? 0;
  const cmap = font.readUInt32BE(entry + 8);
  const subtables = Array.from(
    { length: font.readUInt16BE(cmap + 2) },
    (_, index) => cmap + font.readUInt32BE(cmap + 8 + 8 * index),
  );
  const table = subtables.find((at) => font.readUInt16BE(at) === 4) ?? 0;
  const doubled = font.readUInt16BE(table + 6);
  const codes = new Set<number>();
  for (let at = 0; at < doubled; at += 2) {
    const last = font.readUInt16BE(table + 14 + at);
    const first = font.readUInt16BE(table + 16 + doubled + at);
    for (let code = first; code <= last; code += 1) codes.add(code);
  }
  return codes;
}

const PROGRAM = `
  import { createHash } from "node:crypto";
  import { textPixels } from "./handler/adapters/sharp/text.ts";
  const { data, size } = await textPixels("Mark 2026 – Ελλάδα Привет", { r: 255, g: 255, b: 255 }, 72);
  console.log(createHash("sha256").update(data).digest("hex"), size.width, size.height);
`;

const drawnElsewhere = (environment: Readonly<Record<string, string>>) =>
  promisify(execFile)(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], ...environment },
  });

describe("textPixels", () => {
  it("has a letter for every character that a spec may name", () => {
    const covered = charactersOf(readFileSync(join(ROOT, FONT)));
    const missing = Array.from({ length: 0x2200 }, (_, code) => code).filter(
      (code) => WATERMARK_TEXT.test(String.fromCodePoint(code)) && !covered.has(code),
    );
    expect(missing).toEqual([]);
    expect(covered.size).toBeGreaterThan(800);
  });

  it("draws the same whatever fonts and settings the machine has, and complains of nothing", async () => {
    const settings = { FONTCONFIG_FILE: join(ROOT, "handler/entries/fonts.conf") };
    const here = await drawnElsewhere({ ...settings, HOME: process.env["HOME"] ?? "" });
    const bare = await drawnElsewhere({ ...settings, HOME: "/nonexistent", XDG_CACHE_HOME: "/nonexistent" });
    expect(bare).toEqual({ stdout: here.stdout, stderr: "" });
    expect(bare.stdout).toMatch(/^[0-9a-f]{64} 9\d\d \d\d\n$/);
  });

  it("draws light letters on a dark shadow, and dark ones on a light one", async () => {
    for (const [colour, ink, shade] of [
      [WHITE, 255, 0],
      [{ r: 0, g: 0, b: 0 }, 0, 255],
    ] as const) {
      const { data, size, channels } = await textPixels("M", colour, 72);
      expect(channels).toBe(4);
      const pixels = Array.from({ length: size.width * size.height }, (_, at) => ({
        grey: data[at * 4] ?? 0,
        alpha: data[at * 4 + 3] ?? 0,
      }));
      const letters = pixels.filter(({ grey, alpha }) => grey === ink && alpha === 255);
      const shadow = pixels.filter(({ grey, alpha }) => grey === shade && alpha > 0);
      expect(letters.length).toBeGreaterThan(200);
      expect(shadow.length).toBeGreaterThan(200);
      expect(Math.max(...shadow.map(({ alpha }) => alpha))).toBeLessThan(255);
      // Nothing of the shadow is cut off.
      expect(pixels[0]?.alpha).toBe(0);
    }
  });

  it("draws markup as the signs that it is made of", async () => {
    const width = async (text: string) => (await textPixels(text, WHITE, 72)).size.width;
    expect(await width("<b>&amp;</b>")).toBeGreaterThan(2 * (await width("&")));
  });

  it("grows with its dots per inch", async () => {
    const [small, large] = await Promise.all([72, 144].map((dpi) => textPixels("Mark", WHITE, dpi)));
    expect((large?.size.width ?? 0) / (small?.size.width ?? 1)).toBeCloseTo(2, 1);
  });
});
