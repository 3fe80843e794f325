import { ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { bucket } from "../../../local/provider/s3-bucket.ts";
import { emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("creates, reads, changes and deletes a bucket", async () => {
  const { aws } = emulated;
  const { id, outputs } = await bucket.create({ bucket: "originals", tags: { Project: "p" } }, aws);
  expect(id).toBe("originals");
  expect(outputs).toEqual({
    bucket: "originals",
    forceDestroy: false,
    tags: { Project: "p" },
    arn: "arn:aws:s3:::originals",
    bucketDomainName: "originals.s3.amazonaws.com",
    bucketRegionalDomainName: `originals.s3.${REGION}.amazonaws.com`,
    bucketRegion: REGION,
    tagsAll: { Project: "p" },
  });
  expect(await bucket.read(id, aws)).toMatchObject({ bucket: "originals", tags: { Project: "p" } });
  await bucket.update(id, { bucket: "originals" }, outputs, aws);
  expect(await bucket.read(id, aws)).toMatchObject({ tags: {} });
  await bucket.delete(id, outputs, aws);
  expect(await bucket.read(id, aws)).toBeUndefined();
  await bucket.delete(id, outputs, aws);
});

test("a bucket that exists already is not taken over", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "taken" }, aws);
  await expect(bucket.create({ bucket: "taken" }, aws)).rejects.toThrow(
    /^The bucket taken exists already\.$/,
  );
});

test("a bucket that holds objects is not emptied unless forceDestroy says so", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "full" }, aws);
  await aws.s3.send(
    new PutBucketVersioningCommand({ Bucket: "full", VersioningConfiguration: { Status: "Enabled" } }),
  );
  for (const body of ["first", "second"]) {
    await aws.s3.send(new PutObjectCommand({ Bucket: "full", Key: "a b.jpg", Body: body }));
  }
  await expect(bucket.delete("full", { bucket: "full" }, aws)).rejects.toMatchObject({
    name: "BucketNotEmpty",
  });
  const { Versions } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket: "full" }));
  expect(Versions).toHaveLength(2);

  await bucket.delete("full", { bucket: "full", forceDestroy: true }, aws);
  expect(await bucket.read("full", aws)).toBeUndefined();
});
