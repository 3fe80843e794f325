/** Programs that are measured against, or measure quality. What is not there is left out, with a line that says so. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "./results.ts";

/** What a program prints, errors included; `undefined` when it is not there or fails. */
const printed = (program: string, ...args: readonly string[]): string | undefined => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? `${stdout}${stderr}` : undefined;
};

const version = (text: string | undefined): string | undefined =>
  /\d+(?:\.\d+)+(?:-\d+)?/.exec(text ?? "")?.[0];

export type Tool = { readonly program: string; readonly version: string };

const found = (programs: readonly string[], ...args: readonly string[]): Tool | undefined => {
  for (const program of programs) {
    const tells = version(printed(program, ...args));
    if (tells !== undefined) return { program, version: tells };
  }
  return undefined;
};

const left = (what: string, how: string): undefined => {
  console.log(`${what} is left out: ${how}.`);
  return undefined;
};

export const vipsthumbnail = (): Tool | undefined =>
  found(["vipsthumbnail"], "--version") ??
  left("vipsthumbnail", "not installed (Debian, Ubuntu: apt-get install libvips-tools)");

/** Version 7's program, else version 6's, whose other name is also that of other programs. */
export const imageMagick = (): Tool | undefined =>
  found(["magick", "convert-im6.q16"], "--version") ??
  left("ImageMagick", "not installed (Debian, Ubuntu: apt-get install imagemagick)");

const REQUIREMENTS = join(import.meta.dirname, "..", "requirements.txt");

/** Python with the pinned Pillow in an environment of its own, made when it is not there. */
export const pillow = (): Tool | undefined => {
  const environment = join(CACHE, "pillow");
  const python = join(environment, "bin", "python");
  const asked = ["-c", "import PIL; print(PIL.__version__)"];
  const there = found([python], ...asked);
  if (there !== undefined) return there;
  printed("python3", "-m", "venv", environment);
  printed(python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", REQUIREMENTS);
  return found([python], ...asked) ?? left("Pillow", "pip could not install it");
};

const SSIMULACRA2_VERSION = "0.5.2";

/**
 * rust-av's program for SSIMULACRA2 (BSD-2-Clause), the perceptual measure that follows people's judgement closest of
 * those that are free. Instead of `dssim`, which is AGPL, and of SSIM in JavaScript, which sees neither colour nor
 * scale as people do. cargo builds it where it is not there, in some minutes.
 */
export const ssimulacra2 = (): Tool | undefined => {
  const root = join(CACHE, "ssimulacra2");
  const program = join(root, "bin", "ssimulacra2_rs");
  if (!existsSync(program)) {
    console.log("building ssimulacra2_rs, once ...");
    printed(
      ...(["cargo", "install", "ssimulacra2_rs", "--version", SSIMULACRA2_VERSION] as const),
      ...(["--locked", "--no-default-features", "--root", root] as const),
    );
  }
  return existsSync(program)
    ? { program, version: SSIMULACRA2_VERSION }
    : left("SSIMULACRA2", "cargo could not build ssimulacra2_rs");
};
