import { expect, test } from "vitest";
import { bucket } from "../../../local/provider/s3-bucket.ts";
import {
  bucketPolicy,
  corsConfiguration,
  ownershipControls,
  publicAccessBlock,
} from "../../../local/provider/s3-bucket-access.ts";
import { emulatedAws } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("blocks and unblocks public access", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "blocked" }, aws);
  const all = {
    bucket: "blocked",
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  const { id, outputs } = await publicAccessBlock.create(all, aws);
  expect(id).toBe("blocked");
  expect(outputs).toEqual(all);
  expect(await publicAccessBlock.read(id, aws)).toEqual(all);
  const one = { bucket: "blocked", blockPublicAcls: true };
  await publicAccessBlock.update(id, one, all, aws);
  expect(await publicAccessBlock.read(id, aws)).toEqual({
    bucket: "blocked",
    blockPublicAcls: true,
    blockPublicPolicy: false,
    ignorePublicAcls: false,
    restrictPublicBuckets: false,
  });
  await publicAccessBlock.delete(id, one, aws);
  expect(await publicAccessBlock.read(id, aws)).toBeUndefined();
});

test("sets, changes and removes object ownership", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "owned" }, aws);
  const inputs = { bucket: "owned", rule: { objectOwnership: "BucketOwnerEnforced" } };
  const { id, outputs } = await ownershipControls.create(inputs, aws);
  expect(outputs).toEqual(inputs);
  expect(await ownershipControls.read(id, aws)).toEqual(inputs);
  const changed = { bucket: "owned", rule: { objectOwnership: "ObjectWriter" } };
  await ownershipControls.update(id, changed, outputs, aws);
  expect(await ownershipControls.read(id, aws)).toEqual(changed);
  await ownershipControls.delete(id, changed, aws);
  expect(await ownershipControls.read(id, aws)).toBeUndefined();
});

test("sets, changes and removes a bucket policy", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "policed" }, aws);
  const policy = (action: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: action,
          Resource: "arn:aws:s3:::policed/*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  const { id, outputs } = await bucketPolicy.create({ bucket: "policed", policy: policy("s3:*") }, aws);
  expect(await bucketPolicy.read(id, aws)).toEqual({ bucket: "policed", policy: policy("s3:*") });
  await bucketPolicy.update(id, { bucket: "policed", policy: policy("s3:PutObject") }, outputs, aws);
  expect(await bucketPolicy.read(id, aws)).toEqual({ bucket: "policed", policy: policy("s3:PutObject") });
  await bucketPolicy.delete(id, outputs, aws);
  expect(await bucketPolicy.read(id, aws)).toBeUndefined();
});

test("sets, changes and removes CORS rules", async () => {
  const { aws } = emulated;
  await bucket.create({ bucket: "shared" }, aws);
  const inputs = (origin: string) => ({
    bucket: "shared",
    corsRules: [
      {
        allowedMethods: ["PUT", "POST"],
        allowedOrigins: [origin],
        allowedHeaders: ["*"],
        exposeHeaders: ["ETag"],
        maxAgeSeconds: 3000,
      },
    ],
  });
  const { id, outputs } = await corsConfiguration.create(inputs("https://a.example"), aws);
  expect(await corsConfiguration.read(id, aws)).toEqual(inputs("https://a.example"));
  await corsConfiguration.update(id, inputs("https://b.example"), outputs, aws);
  expect(await corsConfiguration.read(id, aws)).toEqual(inputs("https://b.example"));
  await corsConfiguration.delete(id, outputs, aws);
  expect(await corsConfiguration.read(id, aws)).toBeUndefined();
});
