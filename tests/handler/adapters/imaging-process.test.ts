import { hash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { imagingProcess } from "../../../handler/adapters/imaging-process.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import { planTransforms } from "../../../handler/core/plan/plan.ts";
import { renditionSpecs } from "../../../handler/core/spec/rendition-spec.ts";
import type { Imaging } from "../../../handler/ports/imaging.ts";
import type { RenditionFile } from "../../../handler/ports/renditions.ts";
import { gifOf } from "../../support/gif.ts";
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
    entry: join(ROOT, "handler/entries/imaging-process.ts"),
    options: { maxPixels: 50_000_000, threads: 1 },
    environment: process.env,
    maxSeconds: 60,
  });

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Two files, named first and second, of a side. */
const plansOf = (side: number, names: readonly string[] = ["first", "second"]) =>
  planTransforms(
    { format: "gif", width: side, height: side, pages: 1, hasAlpha: false },
    "a",
    renditionSpecs.parse(names.map((name) => ({ name, width: side, formats: ["gif"] }))),
    { maxBytes: 1e9, maxPixels: 1e9 },
  );
const PLANS = plansOf(1);

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
    expect((await imaging.inspect(bytes)).width).toBe(30_000_001);
    const sums: number[] = [];
    await imaging.transform(bytes, plansOf(2000), async (file) => {
      sums.push(file.bytes.subarray(10).reduce((sum, byte) => sum + byte, 0));
    });
    expect(sums).toEqual([210_000_000, 210_000_000]);
  });

  it("takes an empty file for one of its own", async () => {
    const imaging = faulty();
    await imaging.inspect(text("full"));
    expect((await imaging.inspect(new Uint8Array())).width).toBe(1);
  });

  it.runIf(process.platform === "linux")(
    "gives the process an environment of a few names, and no credentials",
    async () => {
      const { height: pid } = await faulty().inspect(text("x"));
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      const names = environment.split("\0").map((entry) => entry.split("=")[0] ?? "");
      expect(names).toContain("PATH");
      // glibc is kept from an arena of memory for each thread.
      expect(environment).toContain("MALLOC_ARENA_MAX=2");
      const allowed = [
        "",
        "FONTCONFIG_FILE",
        "HOME",
        "LANG",
        "LD_LIBRARY_PATH",
        "MALLOC_ARENA_MAX",
        "PATH",
        "TZ",
      ];
      expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
      expect(environment).not.toContain("secret");
    },
  );

  it("takes nothing that a library prints for an answer", async () => {
    const imaging = faulty();
    const { width, height: pid } = await imaging.inspect(text("print"));
    expect([width, (await imaging.inspect(text("fine"))).height]).toEqual([6, pid]);
  });

  it("gives an image one time for inspection and transform together", async () => {
    const imaging = faulty({}, 3);
    const bytes = text("take 2 s");
    await expect(imaging.inspect(bytes)).resolves.toBeDefined();
    expect(await rejection(imaging.transform(bytes, PLANS, async () => undefined))).toMatchObject({
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
    expect(await rejection(imaging.transform(text("hang"), PLANS, deliver))).toMatchObject({
      code: "TOO_MUCH_TIME",
      retryable: false,
      message: "The image was not done within 1 seconds, and was stopped.",
    });
    expect(keys).toEqual(["a/first.gif"]);
    const after = await imaging.inspect(text("fine"));
    expect([after.width, after.height === before.height]).toEqual([5, false]);
  });

  it("does not count the time that deliveries take", async () => {
    const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 700));
    await expect(faulty({}, 1).transform(text("fine"), PLANS, slowly)).resolves.toBeDefined();
  });

  it.each([
    ["crash", "DECODER_CRASHED", "SIGSEGV. munmap_chunk(): invalid pointer"],
    ["be killed", "TOO_MUCH_MEMORY", "SIGKILL. "],
  ])("takes a file on which the decoder would %s, twice, for good: %s", async (command, code, ended) => {
    const imaging = faulty();
    for (const work of [
      () => imaging.inspect(text(command)),
      () => imaging.transform(text(command), PLANS, async () => undefined),
    ]) {
      expect(await rejection(work())).toMatchObject({
        code,
        retryable: false,
        cause: { message: `The process ended with ${ended}` },
      });
      expect((await imaging.inspect(text("fine"))).width).toBe(5);
    }
  });

  it("tries a file again on which the decoder crashed once, and delivers nothing twice", async () => {
    const imaging = faulty({ markerFile: join(mkdtempSync(join(tmpdir(), "image-pipeline-")), "crashed") });
    const { keys, deliver } = keeping();
    await imaging.transform(text("crash once"), PLANS, deliver);
    expect(keys).toEqual(["a/first.gif", "a/second.gif"]);
  });

  it("hands on what a delivery throws, and wants no further file", async () => {
    const imaging = faulty();
    const reason = new PipelineError("STORE_FAILED", "No luck.");
    const delivered: string[] = [];
    const error = await rejection(
      imaging.transform(text("fine"), PLANS, async ({ key }) => {
        delivered.push(key);
        throw reason;
      }),
    );
    expect(error).toBe(reason);
    expect(delivered).toEqual(["a/first.gif"]);
    expect((await imaging.inspect(text("fine"))).width).toBe(5);
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

  it("does one piece of work at a time, also for several callers", async () => {
    const imaging = faulty();
    const asked = [1, 2, 3].map((length) => imaging.inspect(new Uint8Array(length)));
    const made = await Promise.all(asked);
    expect(made.map(({ width }) => width)).toEqual([2, 3, 4]);
    expect(new Set(made.map(({ height: pid }) => pid)).size).toBe(1);
  });

  it("does not wait for ever for a process to start", async () => {
    const imaging = imagingProcess({
      entry: join(ROOT, "tests/support/idle-decoder.ts"),
      options: {},
      environment: process.env,
      maxSeconds: 20,
      maxStartSeconds: 1,
    });
    expect(await rejection(imaging.inspect(text("x")))).toMatchObject({
      code: "TRANSFORM_FAILED",
      retryable: true,
      message: "The decoder's process could not be started.",
    });
  });

  it("makes files of every format that look as planned, of sides odd and even", async () => {
    const imaging = real();
    const bytes = await photo({ width: 67, height: 45 }).png().toBuffer();
    const image = await imaging.inspect(bytes);
    const specs = renditionSpecs.parse(
      [1, 2, 15, 16, 31, 64, 67].map((width) => ({
        name: `w${width}`,
        width,
        height: 33,
        fit: "cover",
        formats: ["avif", "webp", "tiff", "gif", "png", "jpeg"],
      })),
    );
    const plans = planTransforms(image, "a", specs, { maxBytes: 1e9, maxPixels: 1e9 });
    const { keys, deliver } = keeping();
    await imaging.transform(bytes, plans, deliver);
    expect(keys.toSorted()).toEqual(
      plans.flatMap(({ renditions }) => renditions.map(({ key }) => key)).toSorted(),
    );
  });

  it("puts the hash of a file into its key by itself", async () => {
    const imaging = real();
    const bytes = await photo({ width: 64, height: 48 }).png().toBuffer();
    const specs = renditionSpecs.parse([
      { name: "card", width: 32, formats: ["webp"], hashedKeys: true, manifest: true },
    ]);
    const plans = planTransforms(await imaging.inspect(bytes), "a", specs, { maxBytes: 1e9, maxPixels: 1e9 });
    const files: RenditionFile[] = [];
    await imaging.transform(bytes, plans, async (file) => {
      files.push(file);
    });
    const [{ key, bytes: content } = { key: "", bytes: text("") }] = files;
    expect(key).toBe(`a/card.${hash("sha256", content, "hex").slice(0, 16)}.webp`);
  });
});

describe("imagingProcess, with a decoder that a file has taken over", () => {
  const hostile = (maxSeconds = 20): Imaging =>
    imagingProcess({
      entry: join(ROOT, "tests/support/hostile-decoder.ts"),
      options: {},
      environment: process.env,
      maxSeconds,
    });
  const plans = plansOf(1, ["card"]);

  it.each([
    ["a frame of 4 GiB", "It sent a frame of 4294967295 bytes."],
    ["a frame with 4 billion blobs", "It sent a frame of 4294967295 blobs."],
    ["no JSON", "It sent a message that is no reply."],
    ["an unknown kind", "It sent a message that is no reply."],
    ["a message of another shape", "It sent a message that is no reply."],
    ["a reason of many lines", "It sent a message that is no reply."],
    ["a reason of another stage", "It sent a message that is no reply."],
    ["an answer to another request", "It sent inspected, which nobody waits for."],
    ["that it is ready, again", "It sent ready, which nobody waits for."],
    ["bytes beside an inspection", "It sent 10 bytes where at most 0 may come."],
    ["a file that nobody asked for", "It sent 10 bytes where at most 0 may come."],
    ["a picture's looks for an inspection", "It sent transformed, which is no answer to this."],
    ["a description for an inspection", "It sent described, which is no answer to this."],
    ["half a frame, and ends", "The process ended with exit code 0. "],
    ["nothing, with its channel closed", "It closed its channel."],
    ["nothing, and leaves a process with its descriptors", "The process ended with SIGSEGV. "],
  ])("takes %s for a crash when an inspection is asked for", async (act, message) => {
    const imaging = hostile();
    const { height: before } = await imaging.inspect(text("fine"));
    expect(await rejection(imaging.inspect(text(act)))).toMatchObject({
      code: "DECODER_CRASHED",
      retryable: false,
      message: "The decoder crashed each time it worked on the file.",
      cause: { message },
    });
    const after = await imaging.inspect(text("fine"));
    expect([after.width, after.height === before]).toEqual([1, false]);
  });

  it.each([
    ["a file under another original's key", [], "It sent a file that is not planned, or sent before."],
    ["a file of 4 GiB", [], "It sent 4294967295 bytes where at most 1048584 may come."],
    ["a file without bytes", [], "It sent a file that is not as planned."],
    ["a page for a picture", [], "It sent a file that is not as planned."],
    ["a picture of another size", [], "It sent a file that is not as planned."],
    ["an end before all is made", [], "It sent transformed, which is no answer to this."],
    ["a file twice", ["a/card.gif"], "It sent a file that is not planned, or sent before."],
    ["looks that leave their attribute", ["a/card.gif"], "It sent a message that is no reply."],
  ])("takes %s for a crash, and stores nothing but what is planned", async (act, stored, message) => {
    const imaging = hostile();
    const { keys, deliver } = keeping();
    expect(await rejection(imaging.transform(text(act), plans, deliver))).toMatchObject({
      code: "DECODER_CRASHED",
      retryable: false,
      cause: { message },
    });
    expect(keys).toEqual(stored);
    expect((await imaging.inspect(text("fine"))).width).toBe(1);
  });

  it("stores a planned file under the key of its plan, also when another is sent with it", async () => {
    const files: RenditionFile[] = [];
    await hostile().transform(text("a planned file with another key"), plans, async (file) => {
      files.push(file);
    });
    expect(files).toEqual([
      {
        name: "card",
        key: "a/card.gif",
        format: "gif",
        width: 1,
        height: 1,
        cacheControl: plans[0]?.renditions[0]?.cacheControl,
        bytes: gifOf({ width: 1, height: 1 }),
      },
    ]);
  });
});
