/** Contenders as processes: each is started once, and then asked for a round at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { DEFAULT_RENDITIONS } from "../../../handler/core/spec/rendition-spec.ts";
import { SHARP_CONTENDERS } from "./sharp-contenders.ts";
import { imageMagick, pillow, type Tool, vipsthumbnail } from "./tools.ts";

const measured = z.object({ wallMs: z.number(), cpuMs: z.number(), peakBytes: z.number() });

export type Measured = z.output<typeof measured>;

/** A photo, and the folder that the renditions are to be in. */
export type Round = { readonly file: string; readonly out: string; readonly hasProfile: boolean };

export type ContenderProcess = {
  readonly name: string;
  readonly about: string;
  /** @param keep the renditions are to be written where the contender does not write them anyway */
  readonly run: (round: Round, keep: boolean) => Promise<Measured>;
  readonly stop: () => void;
};

const SUPPORT = import.meta.dirname;

/** Answers each line of JSON with a line of JSON. */
const conversation = (child: ChildProcess) => {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("Expected a process with pipes.");
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  return async (request: object): Promise<Measured> => {
    stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${child.spawnargs.join(" ")} ended early.`);
    return measured.parse(JSON.parse(value));
  };
};

const started = (
  name: string,
  about: string,
  command: readonly [program: string, ...args: string[]],
  request: (round: Round, keep: boolean) => object,
): ContenderProcess => {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ask = conversation(child);
  return {
    name,
    about,
    run: (round, keep) => ask(request(round, keep)),
    stop: () => child.stdin?.end(),
  };
};

const script = join(SUPPORT, "contender.py");

const inMemory = ({ file, out }: Round, keep: boolean) => ({ file, ...(keep && { out }) });

const SIDES = DEFAULT_RENDITIONS.map(({ name, width = 0, fit }) => ({
  name,
  side: width,
  isCut: fit === "cover",
}));

/** One run for each file, as a shell script has it. */
const vipsCommands =
  ({ program }: Tool) =>
  ({ file, out, hasProfile }: Round) => ({
    commands: SIDES.flatMap(({ name, side, isCut }) =>
      ["webp[Q=80,effort=2,strip]", "jpg[Q=80,interlace,optimize_coding,strip]"].map((format) => [
        program,
        file,
        ...["--size", isCut ? `${side}x${side}` : `${side}x${side}>`],
        ...(isCut ? ["--smartcrop", "centre"] : []),
        // Of a photo without a profile, vipsthumbnail 8.14 would change the colours.
        ...(hasProfile ? ["--export-profile", "srgb"] : []),
        ...["--output", join(out, `${name}.${format}`)],
      ]),
    ),
  });

/** One run for all files, which is faster than one for each: the photo is decoded once. */
const magickCommands =
  ({ program }: Tool) =>
  ({ file, out }: Round) => {
    const one = SIDES.flatMap(({ name, side, isCut }) => {
      const box = `${side}x${side}`;
      const scaled = isCut
        ? ["-resize", `${box}^`, "-gravity", "center", "-extent", box]
        : ["-resize", `${box}>`];
      return [
        ...["(", "+clone", "-filter", "Lanczos", ...scaled, "-strip", "-quality", "80"],
        ...[
          "-define",
          "webp:method=2",
          "-write",
          join(out, `${name}.webp`),
          "-interlace",
          "JPEG",
          "-sampling-factor",
          "4:2:0",
        ],
        ...["-write", join(out, `${name}.jpg`), "+delete", ")"],
      ];
    });
    return { commands: [[program, file, "-auto-orient", ...one, "null:"]] };
  };

/** Every contender that this machine has, and the versions of those from outside. */
export const startContenders = (threads: number) => {
  const contenders = Object.entries(SHARP_CONTENDERS).map(([name, { about }]) =>
    started(
      name,
      about,
      [process.execPath, join(SUPPORT, "sharp-contender.ts"), name, String(threads)],
      inMemory,
    ),
  );
  const versions: Record<string, string> = {};
  const python = pillow();
  if (python !== undefined) {
    versions["Pillow"] = python.version;
    contenders.push(started("pillow", "Pillow, one decode", [python.program, script, "pillow"], inMemory));
  }
  const vips = vipsthumbnail();
  if (vips !== undefined) {
    versions["vipsthumbnail"] = vips.version;
    const about = "vipsthumbnail, a run for each rendition";
    contenders.push(started("vipsthumbnail", about, ["python3", script, "commands"], vipsCommands(vips)));
  }
  const magick = imageMagick();
  if (magick !== undefined) {
    versions["ImageMagick"] = magick.version;
    const about = "ImageMagick, one run for all renditions";
    contenders.push(started("imagemagick", about, ["python3", script, "commands"], magickCommands(magick)));
  }
  return { contenders, versions };
};
