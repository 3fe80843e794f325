import { randomBytes } from "node:crypto";
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, expect, test } from "vitest";
import { s3SourceReader } from "../../handler/adapters/s3.ts";
import { lookAt } from "../../operator/verify/stored-objects.ts";
import { anUpload } from "../support/upload-events.ts";
import { emulatedAws } from "./support/emulated-aws.ts";

const BUCKET = "originals";
const KEY = "holiday/secret.jpg";

const emulated = emulatedAws();
let versionId: string | undefined;
let eTag: string | undefined;

beforeAll(async () => {
  const { s3 } = emulated.aws;
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Enabled" } }),
  );
  const put = await s3.send(
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: KEY,
      Body: "a picture",
      SSECustomerAlgorithm: "AES256",
      SSECustomerKey: randomBytes(32).toString("base64"),
    }),
  );
  versionId = put.VersionId;
  eTag = put.ETag?.replaceAll('"', "");
});

const reader = () =>
  s3SourceReader(emulated.aws.s3, "arn:aws:kms:eu-central-1:000000000000:key/11111111-2222-3333-4444");

test("an original under a key that its uploader keeps (SSE-C) is refused for good, by version and without one", async () => {
  for (const upload of [
    anUpload({ bucket: BUCKET, key: KEY, versionId, eTag }),
    anUpload({ bucket: BUCKET, key: KEY, versionId: undefined, eTag }),
  ]) {
    await expect(reader().read(upload, 1_000, () => undefined)).rejects.toMatchObject({
      code: "SOURCE_ENCRYPTED_BY_CUSTOMER",
      retryable: false,
    });
  }
});

test("what lies under the key is told all the same, so that the end of a delete marker over it is followed", async () => {
  expect(await reader().current(BUCKET, KEY)).toEqual({
    bucket: BUCKET,
    key: KEY,
    sizeBytes: 9,
    eTag,
    versionId: undefined,
    uploadTime: expect.stringMatching(/^2\d{3}-/),
  });
  expect(await lookAt(emulated.aws, BUCKET, KEY)).toMatchObject({ sizeBytes: 9, eTag });
});
