import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { key } from "../../../local/provider/kms.ts";
import { bucket } from "../../../local/provider/s3-bucket.ts";
import {
  lifecycleConfiguration,
  serverSideEncryption,
  versioning,
} from "../../../local/provider/s3-bucket-storage.ts";
import { emulatedAws } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("objects are encrypted with the key that the bucket's encryption names", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "sealed" }, aws);
  const { outputs: keyOutputs } = await key.create({}, aws);
  const inputs = (kmsMasterKeyId: unknown) => ({
    bucket: "sealed",
    rules: [
      {
        bucketKeyEnabled: true,
        blockedEncryptionTypes: ["SSE-C"],
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId },
      },
    ],
  });
  const { id, outputs } = await serverSideEncryption.create(inputs(keyOutputs["arn"]), aws);
  expect(await serverSideEncryption.read(id, aws)).toEqual(inputs(keyOutputs["arn"]));
  await aws.s3.send(new PutObjectCommand({ Bucket: "sealed", Key: "a", Body: "a" }));
  expect(await aws.s3.send(new HeadObjectCommand({ Bucket: "sealed", Key: "a" }))).toMatchObject({
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: keyOutputs["arn"],
  });

  const { outputs: otherOutputs } = await key.create({}, aws);
  await serverSideEncryption.update(id, inputs(otherOutputs["arn"]), outputs, aws);
  expect(await serverSideEncryption.read(id, aws)).toEqual(inputs(otherOutputs["arn"]));
  await serverSideEncryption.delete(id, outputs, aws);
  expect(await serverSideEncryption.read(id, aws)).not.toEqual(inputs(otherOutputs["arn"]));
});

test("versioning is enabled, and suspended when it is deleted", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "kept" }, aws);
  expect(await versioning.read("kept", aws)).toBeUndefined();
  const inputs = (status: string) => ({ bucket: "kept", versioningConfiguration: { status } });
  const { id, outputs } = await versioning.create(inputs("Enabled"), aws);
  const { VersionId } = await aws.s3.send(new PutObjectCommand({ Bucket: "kept", Key: "a", Body: "a" }));
  expect(VersionId).toMatch(/./);
  await versioning.update(id, inputs("Suspended"), outputs, aws);
  expect(await versioning.read(id, aws)).toEqual(inputs("Suspended"));
  await versioning.update(id, inputs("Enabled"), outputs, aws);
  await versioning.delete(id, inputs("Enabled"), aws);
  expect(await versioning.read(id, aws)).toEqual(inputs("Suspended"));
});

test("sets, changes and removes lifecycle rules", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "aging" }, aws);
  const inputs = (noncurrentDays: number) => ({
    bucket: "aging",
    rules: [
      {
        id: "abort-incomplete-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      {
        id: "expire-noncurrent-versions",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays },
        expiration: { expiredObjectDeleteMarker: true },
      },
    ],
  });
  const { id, outputs } = await lifecycleConfiguration.create(inputs(30), aws);
  expect(await lifecycleConfiguration.read(id, aws)).toEqual(inputs(30));
  await lifecycleConfiguration.update(id, inputs(10), outputs, aws);
  expect(await lifecycleConfiguration.read(id, aws)).toEqual(inputs(10));
  await lifecycleConfiguration.delete(id, outputs, aws);
  expect(await lifecycleConfiguration.read(id, aws)).toBeUndefined();
});
