import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { imagingProcess } from "../../../handler/adapters/imaging-process.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import { planTransforms } from "../../../handler/core/plan.ts";
import { renditionSpecs } from "../../../handler/core/rendition.ts";
import type { Imaging, RenditionFile } from "../../../handler/ports.ts";
import { photo, solid } from "../../support/images.ts";
import { rejection } from "./aws-service.ts";
import * as inThisProcess from "./sharp/rendering.ts";

const ROOT = join(import.meta.dirname, "../../..");

const faulty = (options: object = {}, maxSeconds = 20): Imaging =>
  imagingProcess({
    entry: join(ROOT, "tests/support/faulty-decoder.ts"),
    options,
    environment: { ...process.env, AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "secret" },
    maxSeconds,
  });

const real = (): Imaging =>
  imagingProcess({
    entry: join(ROOT, "handler/imaging-process.ts"),
    options: { maxPixels: 50_000_000, threads: 1 },
    environment: process.env,
    maxSeconds: 60,
  });

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

const keeping = () => {
  const keys: string[] = [];
  return {
    keys,
    deliver: async ({ key }: RenditionFile): Promise<void> => {
      keys.push(key);
    },
  };
};

describe("imagingProcess", () => {
  it("makes what sharp makes in this process", async () => {
    const imaging = real();
    const bytes = await photo({ width: 640, height: 480 }).jpeg().toBuffer();
    const made = async (by: Imaging) => {
      const files: RenditionFile[] = [];
      const image = await by.inspect(bytes);
      const specs = renditionSpecs.parse([{ name: "card", width: 320, formats: ["webp", "png", "avif"] }]);
      const plans = planTransforms(image, "a", specs, { maxBytes: 1e9, maxPixels: 1e9 });
      const appearance = await by.transform(bytes, plans, async (file) => {
        files.push({ ...file, bytes: Buffer.from(file.bytes) });
      });
      return { image, files: files.toSorted((a, b) => (a.key < b.key ? -1 : 1)), appearance };
    };
    expect(await made(imaging)).toEqual(await made(inThisProcess.imaging));
  });

  it("brings the decoder's refusals over", async () => {
    const error = await rejection(real().inspect(text("no image")));
    expect(error).toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message: expect.stringMatching(/^The file's content is no kind of image/),
    });
    expect(error).toBeInstanceOf(PipelineError);
  });

  it("carries files of many megabytes", async () => {
    const bytes = new Uint8Array(30_000_000).fill(7);
    const imaging = faulty();
    expect((await imaging.inspect(bytes)).width).toBe(30_000_000);
    const sums: number[] = [];
    await imaging.transform(bytes, [], async (file) => {
      sums.push(file.bytes.reduce((sum, byte) => sum + byte, 0));
    });
    expect(sums).toEqual([210_000_000, 210_000_000]);
  });

  it("takes an empty file for one of its own", async () => {
    const imaging = faulty();
    await imaging.inspect(text("full"));
    expect((await imaging.inspect(new Uint8Array())).width).toBe(0);
  });

  it("gives the process no credentials", async () => {
    const { placeholder } = await faulty().transform(text("x"), [], async () => undefined);
    expect(placeholder).toContain("PATH");
    expect(placeholder).not.toMatch(/AWS|TOKEN|SECRET/);
  });

  it("keeps glibc from an arena of memory for each thread", async () => {
    const { placeholder } = await faulty().transform(text("x"), [], async () => undefined);
    expect(placeholder.split(",")).toContain("MALLOC_ARENA_MAX");
  });

  it("gives an image one time for inspection and transform together", async () => {
    const imaging = faulty({}, 3);
    const bytes = text("take 2 s");
    await expect(imaging.inspect(bytes)).resolves.toBeDefined();
    expect(await rejection(imaging.transform(bytes, [], async () => undefined))).toMatchObject({
      code: "TOO_MUCH_TIME",
      message: "The image was not done within 3 seconds, and was stopped.",
    });
    await expect(imaging.inspect(text("take 2 s"))).resolves.toBeDefined();
  });

  it("looks for edges by the thresholds that it is given", async () => {
    const bytes = await solid({ width: 40, height: 30 }, [255, 255, 255])
      .composite([{ input: await photo({ width: 10, height: 8 }).png().toBuffer(), left: 5, top: 6 }])
      .png()
      .toBuffer();
    const imaging = real();
    expect((await imaging.inspect(bytes, [10])).contents).toEqual([
      { threshold: 10, left: 5, top: 6, width: 10, height: 8 },
    ]);
    expect((await imaging.inspect(bytes)).contents).toBeUndefined();
  });

  it("stops what takes too long, and works on with the next", async () => {
    const imaging = faulty({}, 1);
    const before = await imaging.inspect(text("fine"));
    const { keys, deliver } = keeping();
    expect(await rejection(imaging.transform(text("hang"), [], deliver))).toMatchObject({
      code: "TOO_MUCH_TIME",
      retryable: false,
      message: "The image was not done within 1 seconds, and was stopped.",
    });
    expect(keys).toEqual(["first"]);
    const after = await imaging.inspect(text("fine"));
    expect([after.width, after.height === before.height]).toEqual([4, false]);
  });

  it("does not count the time that deliveries take", async () => {
    const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 700));
    await expect(faulty({}, 1).transform(text("fine"), [], slowly)).resolves.toBeDefined();
  });

  it.each([
    ["crash", "DECODER_CRASHED", "SIGSEGV. munmap_chunk(): invalid pointer"],
    ["be killed", "TOO_MUCH_MEMORY", "SIGKILL. "],
  ])("takes a file on which the decoder would %s, twice, for good: %s", async (command, code, ended) => {
    const imaging = faulty();
    for (const work of [
      () => imaging.inspect(text(command)),
      () => imaging.transform(text(command), [], async () => undefined),
    ]) {
      expect(await rejection(work())).toMatchObject({
        code,
        retryable: false,
        cause: { message: `The process ended with ${ended}` },
      });
      expect((await imaging.inspect(text("fine"))).width).toBe(4);
    }
  });

  it("tries a file again on which the decoder crashed once, and delivers nothing twice", async () => {
    const imaging = faulty({ markerFile: join(mkdtempSync(join(tmpdir(), "image-pipeline-")), "crashed") });
    const { keys, deliver } = keeping();
    await imaging.transform(text("crash once"), [], deliver);
    expect(keys).toEqual(["first", "second"]);
  });

  it("hands on what a delivery throws, and wants no further file", async () => {
    const imaging = faulty();
    const reason = new PipelineError("STORE_FAILED", "No luck.");
    const delivered: string[] = [];
    const error = await rejection(
      imaging.transform(text("fine"), [], async ({ key }) => {
        delivered.push(key);
        throw reason;
      }),
    );
    expect(error).toBe(reason);
    expect(delivered).toEqual(["first"]);
    expect((await imaging.inspect(text("fine"))).width).toBe(4);
  });

  it("says that a process can't be started, for another try", async () => {
    const imaging = imagingProcess({
      entry: join(ROOT, "tests/support/no-such-file.ts"),
      options: {},
      environment: process.env,
      maxSeconds: 5,
    });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await rejection(imaging.inspect(text("x")))).toMatchObject({
        code: "TRANSFORM_FAILED",
        retryable: true,
        message: "The decoder's process could not be started.",
      });
    }
  });
});
