import { expect, test } from "vitest";
import { EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

const index = (name: string, hash: string, range: string, projection: object) => ({
  name,
  keySchemas: [
    { attributeName: hash, keyType: "HASH" },
    { attributeName: range, keyType: "RANGE" },
  ],
  ...projection,
});

test("the table is encrypted with the stack's key, recoverable to any second, and protected", async () => {
  const { inputs, protect } = resourceNamed(await runProgram(), "assets-table");
  expect(inputs).toMatchObject({
    name: "image-pipeline-dev-assets",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "ImageKey",
    attributes: [
      { name: "ImageKey", type: "S" },
      { name: "KeyShard", type: "S" },
      { name: "StateShard", type: "S" },
      { name: "UploadTime", type: "S" },
      { name: "FormatShard", type: "S" },
      { name: "SizeBytes", type: "N" },
    ],
    globalSecondaryIndexes: [
      index("ByKey", "KeyShard", "ImageKey", { projectionType: "KEYS_ONLY" }),
      index("ByState", "StateShard", "UploadTime", {
        projectionType: "INCLUDE",
        nonKeyAttributes: ["ReasonCode", "SizeBytes", "SpecsFingerprint"],
      }),
      index("ByFormat", "FormatShard", "SizeBytes", { projectionType: "KEYS_ONLY" }),
    ],
    serverSideEncryption: { enabled: true, kmsKeyArn: KEY_ARN },
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: true,
  });
  expect(protect).toBe(true);
});

test("each object tag that is recorded has an index of its own", async () => {
  const config = { email: EMAIL, recordTags: '["album","cost-center"]' };
  const { inputs } = resourceNamed(await runProgram({ config }), "assets-table");
  expect(inputs["globalSecondaryIndexes"]).toMatchObject([
    { name: "ByKey" },
    { name: "ByState" },
    { name: "ByFormat" },
    index("ByTag_album", "TagShard_album", "UploadTime", { projectionType: "KEYS_ONLY" }),
    index("ByTag_cost_2dcenter", "TagShard_cost_2dcenter", "UploadTime", { projectionType: "KEYS_ONLY" }),
  ]);
  expect(inputs["attributes"]).toEqual(
    expect.arrayContaining([
      { name: "TagShard_album", type: "S" },
      { name: "TagShard_cost_2dcenter", type: "S" },
    ]),
  );
});

test("an owner who gives up the protection may destroy it", async () => {
  const table = resourceNamed(
    await runProgram({ config: { email: EMAIL, protectData: "false" } }),
    "assets-table",
  );
  expect(table.inputs["deletionProtectionEnabled"]).toBe(false);
  expect(table.protect).toBe(false);
});
