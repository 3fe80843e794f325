import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { Pipeline } from "../local/start/pipeline.ts";
import { OUTCOME_TIMEOUT_MS } from "./local/support/emulated-aws.ts";
import { localPipeline } from "./local/support/local-pipeline.ts";
import { photo } from "./support/images.ts";
import { EMAIL, runProgram } from "./support/program.ts";

const stackFile = z.strictObject({
  config: z.record(z.templateLiteral(["image-pipeline:", z.string()]), z.unknown()),
});

const quotas = z.object({
  memorySize: z.number(),
  reservedConcurrentExecutions: z.number().optional(),
});
const mapping = z.object({ scalingConfig: z.object({ maximumConcurrency: z.number() }) });

/** The example's settings as the engine hands them to the program: structured values as JSON. */
const settingsOf = (example: string): Record<string, string> => {
  const text = readFileSync(join(import.meta.dirname, "..", "examples", `${example}.yaml`), "utf8");
  return Object.fromEntries(
    Object.entries(stackFile.parse(parse(text)).config).map(([key, value]) => [
      key.slice("image-pipeline:".length),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
};

/** What only AWS has: the emulator serves nothing to the world, and has one machine to run on. */
const onThisMachine = (settings: Record<string, string>): Record<string, string> => {
  const { delivery, renditionLinks, maximumConcurrency, ...rest } = settings;
  return rest;
};

const EXAMPLES = [
  {
    example: "profile-photos",
    key: "avatars/ada.jpg",
    renditions: {
      "avatar.webp": [64, 64],
      "avatar.png": [64, 64],
      "avatar-2x.webp": [128, 128],
      "avatar-2x.png": [128, 128],
      "portrait.webp": [256, 256],
      "portrait.jpg": [256, 256],
      "portrait-2x.webp": [512, 512],
      "portrait-2x.jpg": [512, 512],
    },
    pictures: ["avatar", "portrait"],
  },
  {
    example: "shop",
    key: "products/chair.jpg",
    renditions: {
      "tile.webp": [320, 320],
      "tile.jpg": [320, 320],
      "tile-2x.webp": [640, 640],
      "tile-2x.jpg": [640, 640],
      "product-640w.webp": [640, 480],
      "product-640w.jpg": [640, 480],
      "product-1280w.webp": [1280, 960],
      "product-1280w.jpg": [1280, 960],
      "product-2048w.webp": [1600, 1200],
      "product-2048w.jpg": [1600, 1200],
      "feed.jpg": [1200, 1200],
    },
    pictures: ["tile", "product"],
  },
  {
    example: "user-content",
    key: "posts/2026/beach.jpg",
    renditions: {
      "preview.webp": [240, 240],
      "preview.jpg": [240, 240],
      "preview-2x.webp": [480, 480],
      "preview-2x.jpg": [480, 480],
      "feed-480w.webp": [480, 360],
      "feed-480w.jpg": [480, 360],
      "feed-960w.webp": [960, 720],
      "feed-960w.jpg": [960, 720],
      "feed-1440w.webp": [1440, 1080],
      "feed-1440w.jpg": [1440, 1080],
      "veiled.jpg": [480, 360],
    },
    pictures: ["preview", "feed", "veiled"],
  },
] as const;

/** Concurrent runs of all functions of a new account in a region; Lambda lets it reserve none of them. */
const NEW_ACCOUNT_RUNS = 10;
/** Memory of a function in a new account, in MiB. */
const NEW_ACCOUNT_MEMORY = 3008;

test.each(["", ...EXAMPLES.map(({ example }) => example)])(
  "a new account takes the configuration %j",
  async (example) => {
    const settings = example === "" ? {} : settingsOf(example);
    const { resources } = await runProgram({
      config: { ...settings, inventory: "daily", notices: "digest", email: EMAIL },
    });
    const functions = resources.filter(({ type }) => type === "aws:lambda/function:Function");
    expect(functions.length).toBe(3);
    for (const { name, inputs } of functions) {
      const { memorySize, reservedConcurrentExecutions: reserved = 0 } = quotas.parse(inputs);
      expect(memorySize, name).toBeLessThanOrEqual(NEW_ACCOUNT_MEMORY);
      expect(reserved, name).toBe(0);
    }
    const { scalingConfig } = mapping.parse(
      resources.find(({ name }) => name === "processor-uploads")?.inputs,
    );
    expect(scalingConfig.maximumConcurrency).toBeLessThanOrEqual(NEW_ACCOUNT_RUNS);
  },
);

describe.each(EXAMPLES)("the example $example", ({ example, key, renditions, pictures }) => {
  const settings = settingsOf(example);
  const local = localPipeline({ settings: onThisMachine(settings) });
  let pipeline: Pipeline;
  beforeAll(() => {
    pipeline = local.pipeline;
  });

  test("is a configuration that the program takes", async () => {
    const { resources } = await runProgram({ config: { ...settings, email: EMAIL } });
    const delivered = resources.some(({ type }) => type === "aws:cloudfront/distribution:Distribution");
    expect(delivered).toBe(settings["delivery"] === "true");
  });

  test("makes of a photo what it says, and a manifest that lists it", async () => {
    const bytes = await photo({ width: 1600, height: 1200 }).jpeg().toBuffer();
    const record = await pipeline.waitForRecord(await pipeline.upload(bytes, key), OUTCOME_TIMEOUT_MS);
    expect(record.State).toBe("PROCESSED");
    expect(
      Object.fromEntries(
        (record.Renditions ?? []).map(({ Key, Width, Height }) => [
          Key.slice(key.length + 1),
          [Width, Height],
        ]),
      ),
    ).toEqual(renditions);
    const stored = async (name: string): Promise<Buffer> => {
      const { Body } = await pipeline.aws.s3.send(
        new GetObjectCommand({ Bucket: pipeline.outputs.destinationBucket, Key: `${key}/${name}` }),
      );
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    };
    for (const [name, [width, height]] of Object.entries(renditions)) {
      expect(await sharp(await stored(name)).metadata()).toMatchObject({ width, height });
    }
    const manifest: unknown = JSON.parse((await stored("manifest.json")).toString());
    expect(manifest).toMatchObject({ version: 1, original: { key, width: 1600, height: 1200 } });
    expect(
      Object.keys(z.looseObject({ pictures: z.record(z.string(), z.unknown()) }).parse(manifest).pictures),
    ).toEqual(pictures);
  });

  test("makes nothing of what lies elsewhere", async () => {
    const bytes = await photo({ width: 64, height: 48 }).jpeg().toBuffer();
    const record = await pipeline.waitForRecord(
      await pipeline.upload(bytes, "elsewhere.jpg"),
      OUTCOME_TIMEOUT_MS,
    );
    expect(record).toMatchObject({ State: "PROCESSED" });
    expect(record.Renditions ?? []).toEqual([]);
  });
});
