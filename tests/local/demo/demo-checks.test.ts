import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import sharp, { type Sharp } from "sharp";
import { beforeAll, expect, test } from "vitest";
import type { AssetRecord } from "../../../handler/core/record/record.ts";
import { demoProblems } from "../../../local/demo/demo-checks.ts";
import type { Mail } from "../../../local/start/mailbox.ts";
import type { Pipeline } from "../../../local/start/pipeline.ts";
import { type DemoPhoto, demoPhotos } from "../../../page/sample-photos.ts";
import { localPipeline } from "../support/local-pipeline.ts";

const local = localPipeline();
let pipeline: Pipeline;
let photos: readonly DemoPhoto[];
beforeAll(async () => {
  pipeline = local.pipeline;
  photos = await demoPhotos();
});

const photoOf = (key: string): DemoPhoto => {
  const found = photos.find((photo) => photo.key === key);
  if (found === undefined) {
    throw new Error(`There is no ${key}.`);
  }
  return found;
};
const mail = (subject: string): Mail => ({
  from: "",
  to: "",
  subject,
  date: new Date(),
  body: "",
  attributes: {},
});
const GOOD = mail("New Image Processed");

test("the phone's photo is one of 24 megapixels, on its side, that tells where it was taken", async () => {
  const metadata = await sharp(photoOf("holiday/day 1/IMG_0001.JPG").bytes).metadata();
  expect(metadata).toMatchObject({ format: "jpeg", width: 6000, height: 4000, orientation: 6 });
  expect(metadata.exif?.toString("latin1")).toContain("Phone 24");
});

test("what is as it must be has no problems, and each thing that is not is told", async () => {
  const { aws, outputs } = pipeline;
  const photo = photoOf("no-extension");
  const record: AssetRecord = await pipeline.waitForRecord(await pipeline.upload(photo.bytes, photo.key));
  expect(await demoProblems(pipeline, photo, record, GOOD)).toEqual([]);

  expect(await demoProblems(pipeline, photo, record, undefined)).toEqual(["no-extension: no mail has come"]);
  expect(await demoProblems(pipeline, photo, record, mail("Hello"))).toEqual([
    'no-extension: expected the mail "New Image Processed", got "Hello"',
  ]);
  expect(await demoProblems(pipeline, photo, { ...record, Width: 1799, Attempts: 2 }, GOOD)).toEqual([
    "no-extension: expected Attempts 1 in its record, found 2",
    "no-extension: expected Width 1800 in its record, found 1799",
  ]);

  const change = async (name: string, edit: (image: Sharp) => Sharp, ContentType: string) => {
    const place = { Bucket: outputs.destinationBucket, Key: `no-extension/${name}` };
    const { Body } = await aws.s3.send(new GetObjectCommand(place));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const edited = await edit(sharp(bytes)).toBuffer();
    await aws.s3.send(new PutObjectCommand({ ...place, Body: edited, ContentType }));
  };
  await change("thumbnail.jpg", (image) => image.flip(), "image/jpeg");
  await change("thumbnail.webp", (image) => image.resize(100, 100), "image/webp");
  await change("medium.jpg", (image) => image.withExif({ IFD0: { Make: "Demo" } }), "image/jpeg");
  await change("medium.webp", (image) => image.png(), "image/png");
  await aws.s3.send(
    new DeleteObjectCommand({ Bucket: outputs.destinationBucket, Key: "no-extension/large.webp" }),
  );
  expect(await demoProblems(pipeline, photo, record, GOOD)).toEqual([
    "no-extension/thumbnail.webp: expected the size 200 x 200, found 100 x 100",
    "no-extension/thumbnail.jpg: expected the sky above true, found false",
    "no-extension/medium.webp: expected the format webp, found png",
    "no-extension/medium.webp: expected the content type image/webp, found image/png",
    expect.stringMatching(/^no-extension\/medium\.jpg: expected EXIF 0, found \d+$/),
    "no-extension/large.webp: is not in the destination bucket",
  ]);
});

test("renditions of what is no image are told", async () => {
  const photo = photoOf("nothing.png");
  const record = await pipeline.waitForRecord(await pipeline.upload(photo.bytes, photo.key));
  expect(await demoProblems(pipeline, photo, record, mail("Image Not Processed"))).toEqual([]);
  await pipeline.aws.s3.send(
    new PutObjectCommand({
      Bucket: pipeline.outputs.destinationBucket,
      Key: "nothing.png/thumbnail.webp",
      Body: "a",
    }),
  );
  expect(await demoProblems(pipeline, photo, { ...record, ReasonCode: "OTHER" }, GOOD)).toEqual([
    "nothing.png: expected ReasonCode EMPTY_OBJECT in its record, found OTHER",
    'nothing.png: expected the mail "Image Not Processed", got "New Image Processed"',
    "nothing.png/thumbnail.webp: should not be there",
  ]);
});
