import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { bucket } from "../../../local/provider/s3-bucket.ts";
import { inventory } from "../../../local/provider/s3-bucket-inventory.ts";
import { emulatedAws } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

const KEY_ARN = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555";

test("asks for an inventory, changes what is asked, and takes it back, while the bucket stays", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "listed" }, aws);
  const inputs = (frequency: string) => ({
    bucket: "listed",
    name: "all",
    enabled: true,
    includedObjectVersions: "Current",
    optionalFields: ["Size", "LastModifiedDate", "ETag"],
    schedule: { frequency },
    destination: {
      bucket: {
        accountId: "000000000000",
        bucketArn: "arn:aws:s3:::lists",
        format: "CSV",
        prefix: "lists",
        encryption: { sseKms: { keyId: KEY_ARN } },
      },
    },
  });
  const { id, outputs } = await inventory.create(inputs("Daily"), aws);
  expect(id).toBe("listed:all");
  expect(await inventory.read(id, aws)).toEqual(inputs("Daily"));
  await inventory.update(id, inputs("Weekly"), outputs, aws);
  expect(await inventory.read(id, aws)).toEqual(inputs("Weekly"));
  await inventory.delete(id, inputs("Weekly"), aws);
  expect(await inventory.read(id, aws)).toBeUndefined();
  await inventory.delete(id, inputs("Weekly"), aws);
  await aws.s3.send(new HeadBucketCommand({ Bucket: "listed" }));
});

test("is none that S3 does not know", async () => {
  const { aws } = emulated;
  await expect(inventory.create({ bucket: "listed", name: "all" }, aws)).rejects.toThrow(
    /includedObjectVersions/,
  );
});
