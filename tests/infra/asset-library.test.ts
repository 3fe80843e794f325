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

test("an owner who gives up the protection may destroy it", async () => {
  const table = resourceNamed(
    await runProgram({ config: { email: EMAIL, protectData: "false" } }),
    "assets-table",
  );
  expect(table.inputs["deletionProtectionEnabled"]).toBe(false);
  expect(table.protect).toBe(false);
});
