import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import type { Mail } from "../../../local/start/mailbox.ts";
import type { Pipeline } from "../../../local/start/pipeline.ts";
import { OUTCOME_TIMEOUT_MS } from "../support/emulated-aws.ts";
import { localPipeline } from "../support/local-pipeline.ts";
import { gradient } from "../support/test-images.ts";

const local = localPipeline({
  region: "eu-central-1",
  settings: { maxImageBytes: "300000", maxImagePixels: "4000000" },
});
let pipeline: Pipeline;
beforeAll(() => {
  pipeline = local.pipeline;
});

const mailAbout = async (key: string): Promise<Mail> => {
  for await (const mail of pipeline.mailbox.mails(AbortSignal.timeout(OUTCOME_TIMEOUT_MS))) {
    if (mail.attributes["imageKey"] === key) {
      return mail;
    }
  }
  throw new Error(`No mail about ${key} came.`);
};

const queued = async (url: string): Promise<number> => {
  const { Attributes } = await pipeline.aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
  );
  return (
    Number(Attributes?.["ApproximateNumberOfMessages"]) +
    Number(Attributes?.["ApproximateNumberOfMessagesNotVisible"])
  );
};

const blank = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "white" } })
    .png()
    .toBuffer();

const storedImage = async (key: string) => {
  const { Body, ContentType } = await pipeline.aws.s3.send(
    new GetObjectCommand({ Bucket: pipeline.outputs.destinationBucket, Key: key }),
  );
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  return { ContentType, ...(await sharp(bytes).metadata()) };
};

test("the program's outputs name what it made", () => {
  const { outputs, emulator } = pipeline;
  expect(outputs).toEqual({
    sourceBucket: expect.stringMatching(/^image-pipeline-local-source-[0-9a-f]{10}$/),
    destinationBucket: expect.stringMatching(/^image-pipeline-local-destination-[0-9a-f]{10}$/),
    topicArn: "arn:aws:sns:eu-central-1:000000000000:image-pipeline-local-notices",
    queueUrl: `${emulator.endpoint}/000000000000/image-pipeline-local-ingest`,
    deadLetterQueueUrl: `${emulator.endpoint}/000000000000/image-pipeline-local-ingest-dead-letters`,
    tableName: "image-pipeline-local-assets",
    functionName: "image-pipeline-local-processor",
    logGroupName: "/aws/lambda/image-pipeline-local-processor",
    digestFunctionName: "none",
    inventory: "off",
    recordTags: [],
  });
});

test("an upload becomes renditions, a record, a log line and a mail", async () => {
  const key = "holidays/2026/beach.jpg";
  // A camera held upright: stored on its side, and turned by its EXIF orientation.
  const bytes = await gradient(2000, 1500)
    .jpeg()
    .withExif({ IFD0: { Make: "Camera" }, IFD3: { GPSLatitude: "52/1 30/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const uploaded = await pipeline.upload(bytes, key);
  const record = await pipeline.waitForRecord(uploaded, OUTCOME_TIMEOUT_MS);
  expect(record).toMatchObject({
    ImageKey: key,
    SourceBucket: pipeline.outputs.sourceBucket,
    DestinationBucket: pipeline.outputs.destinationBucket,
    State: "PROCESSED",
    VersionId: uploaded.versionId,
    SizeBytes: bytes.length,
    Format: "jpeg",
    Width: 1500,
    Height: 2000,
    Pages: 1,
    HasAlpha: false,
    Attempts: 1,
  });
  // The very zip that was deployed, and what it holds.
  const { CodeSha256 = "" } = await pipeline.aws.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: pipeline.outputs.functionName }),
  );
  expect(record.MadeWith).toEqual({
    Code: Buffer.from(CodeSha256, "base64").toString("hex").slice(0, 16),
    Sharp: sharp.versions.sharp,
    Libvips: sharp.versions.vips,
  });
  const renditions = [
    ["thumbnail", "webp", 200, 200],
    ["thumbnail", "jpg", 200, 200],
    ["medium", "webp", 600, 800],
    ["medium", "jpg", 600, 800],
    ["large", "webp", 1200, 1600],
    ["large", "jpg", 1200, 1600],
  ] as const;
  expect(record.Renditions?.map(({ Key, Width, Height }) => [Key, Width, Height])).toEqual(
    renditions.map(([name, extension, width, height]) => [`${key}/${name}.${extension}`, width, height]),
  );
  const bySize = (objects: { key: string; sizeBytes: number }[]) =>
    objects.map(({ key: renditionKey, sizeBytes }) => `${renditionKey} ${sizeBytes}`).sort();
  expect(bySize(await pipeline.renditions(key))).toEqual(
    bySize((record.Renditions ?? []).map(({ Key, SizeBytes }) => ({ key: Key, sizeBytes: SizeBytes }))),
  );
  for (const [name, extension, width, height] of renditions) {
    const image = await storedImage(`${key}/${name}.${extension}`);
    expect(image).toMatchObject({ width, height, format: extension === "jpg" ? "jpeg" : "webp" });
    expect(image.exif).toBeUndefined();
    expect(image.orientation).toBeUndefined();
  }

  expect(await mailAbout(key)).toMatchObject({
    from: "Image pipeline <no-reply@sns.amazonaws.com>",
    to: "you@example.com",
    subject: "New Image Processed",
    body: expect.stringContaining(`s3://${pipeline.outputs.destinationBucket}/${key}/medium.webp`),
    attributes: { state: "PROCESSED", imageKey: key, format: "jpeg", renditions: "6" },
  });
  expect(await pipeline.logLines(key)).toMatchObject([
    { level: "INFO", message: "Image processed", imageKey: key, renditions: 6, delivery: 1 },
  ]);
});

test("keys of every kind are taken as they are", async () => {
  const bytes = await gradient(400, 300).png().toBuffer();
  const keys = [
    "with spaces and more.png",
    "plus+and%percent&ampersand=equals?.png",
    "日本語/ünïcödé – 🏖️.png",
    "deep/er/and/deep/er/down.png",
    "no-extension",
    "SHOUTING.PNG",
    "wrong-extension.txt",
    'quote\'s "and" (brackets) [too] {these} #hash ~tilde.png',
    "trailing-dot./a b/..hidden",
    `${"k".repeat(1000)}.png`,
  ];
  const records = await Promise.all(
    keys.map(async (key) => pipeline.waitForRecord(await pipeline.upload(bytes, key))),
  );
  expect(records.map(({ ImageKey, State, Width, Height }) => [ImageKey, State, Width, Height])).toEqual(
    keys.map((key) => [key, "PROCESSED", 400, 300]),
  );
  for (const key of keys) {
    expect((await pipeline.renditions(key)).map((rendition) => rendition.key).sort()).toEqual(
      ["large.jpg", "large.webp", "medium.jpg", "medium.webp", "thumbnail.jpg", "thumbnail.webp"].map(
        (name) => `${key}/${name}`,
      ),
    );
  }
});

test("files that no try could process are recorded with the reason, mailed, and not tried again", async () => {
  const jpeg = await gradient(800, 600).jpeg().toBuffer();
  const bad = [
    ["bad/empty.jpg", Buffer.alloc(0), "EMPTY_OBJECT"],
    ["bad/text.jpg", Buffer.from("This is no picture.\n".repeat(40)), "UNSUPPORTED_FORMAT"],
    ["bad/truncated.jpg", jpeg.subarray(0, jpeg.length / 2), "CORRUPT_IMAGE"],
    ["bad/heavy.bin", Buffer.alloc(300_001, 1), "TOO_MANY_BYTES"],
    ["bad/wide.png", await blank(2001, 2000), "TOO_MANY_PIXELS"],
    [`bad/${"k".repeat(1015)}.jpg`, jpeg, "KEY_TOO_LONG"],
  ] as const;
  for (const [key, bytes, reasonCode] of bad) {
    const record = await pipeline.waitForRecord(await pipeline.upload(bytes, key));
    expect(record).toMatchObject({ State: "FAILED", ReasonCode: reasonCode, Attempts: 1 });
    expect(record.Renditions).toBeUndefined();
    expect(await pipeline.renditions(key)).toEqual([]);
    expect(await mailAbout(key)).toMatchObject({
      subject: "Image Not Processed",
      body: expect.stringContaining(record.Reason ?? "no reason"),
      attributes: { state: "FAILED", reasonCode, renditions: "0" },
    });
  }
  expect(await queued(pipeline.outputs.queueUrl)).toBe(0);
  expect(await queued(pipeline.outputs.deadLetterQueueUrl)).toBe(0);
});

test("an original that is replaced has the record and renditions of the last one", async () => {
  const key = "again.jpg";
  const first = await pipeline.upload(await gradient(500, 400).jpeg().toBuffer(), key);
  await pipeline.waitForRecord(first);
  const second = await pipeline.upload(await gradient(300, 600).jpeg().toBuffer(), key);
  expect(await pipeline.waitForRecord(second)).toMatchObject({ Width: 300, Height: 600, Attempts: 1 });
  expect(await storedImage(`${key}/large.jpg`)).toMatchObject({ width: 300, height: 600 });
});

test("a folder made in the console and a deletion are no uploads", async () => {
  await pipeline.upload(Buffer.alloc(0), "folder/");
  const marker = await pipeline.upload(await gradient(20, 20).png().toBuffer(), "deleted.png");
  await pipeline.waitForRecord(marker);
  await pipeline.aws.s3.send(
    new DeleteObjectCommand({ Bucket: pipeline.outputs.sourceBucket, Key: "deleted.png" }),
  );
  await pipeline.waitForRecord(await pipeline.upload(await gradient(20, 20).png().toBuffer(), "after.png"));
  expect(await pipeline.record("folder/")).toBeUndefined();
  expect(await pipeline.logLines("folder/")).toMatchObject([
    { message: "Event ignored", reason: "the object marks a folder" },
  ]);
});

test("what cannot be uploaded is told", async () => {
  await expect(pipeline.upload("/nowhere/a.jpg", "a.jpg")).rejects.toThrow(
    "/nowhere/a.jpg: expected a file, but there is nothing.",
  );
  await expect(pipeline.upload(import.meta.dirname, "a.jpg")).rejects.toThrow(
    `${import.meta.dirname}: expected a file, but there is a folder.`,
  );
  await expect(pipeline.upload(Buffer.from("a"), "k".repeat(1025))).rejects.toThrow(
    /^The key k+ has 1025 bytes; S3 allows 1 to 1024\.$/,
  );
});

test("waiting for a record that does not come ends with what there is", async () => {
  await expect(pipeline.waitForRecord({ key: "never.jpg", versionId: undefined }, 100)).rejects.toThrow(
    "never.jpg has no outcome after 0.1 s; its record: none.",
  );
});
