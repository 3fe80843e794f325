import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { table } from "../../../local/provider/dynamodb.ts";
import { key } from "../../../local/provider/kms.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("creates, reads, changes and deletes a table", async () => {
  const { aws } = emulated;
  const { outputs: keyOutputs } = await key.create({}, aws);
  const inputs = {
    name: "assets",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "ImageKey",
    attributes: [{ name: "ImageKey", type: "S" }],
    serverSideEncryption: { enabled: true, kmsKeyArn: keyOutputs["arn"] },
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: true,
    tags: { Project: "p" },
  };
  const { id, outputs } = await table.create(inputs, aws);
  expect(id).toBe("assets");
  expect(outputs).toEqual({
    ...inputs,
    tableClass: "STANDARD",
    arn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/assets`,
    tagsAll: { Project: "p" },
  });
  expect(await table.read(id, aws)).toEqual({
    ...inputs,
    arn: outputs["arn"],
    tagsAll: { Project: "p" },
  });

  await expect(table.delete(id, inputs, aws)).rejects.toThrow(/deletion protection/i);

  const changed = {
    ...inputs,
    pointInTimeRecovery: { enabled: false },
    deletionProtectionEnabled: false,
    ttl: { attributeName: "ExpiresAt" },
    tags: { Stack: "s" },
  };
  await table.update(id, changed, outputs, aws);
  expect(await table.read(id, aws)).toMatchObject({
    pointInTimeRecovery: { enabled: false },
    deletionProtectionEnabled: false,
    ttl: { attributeName: "ExpiresAt", enabled: true },
    tags: { Stack: "s" },
  });

  await table.delete(id, changed, aws);
  expect(await table.read(id, aws)).toBeUndefined();
  await table.delete(id, changed, aws);
});

test("a table may have indexes", async () => {
  const { aws } = emulated;
  const inputs = {
    name: "indexed",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "ImageKey",
    attributes: [
      { name: "ImageKey", type: "S" },
      { name: "StateShard", type: "S" },
      { name: "SizeBytes", type: "N" },
    ],
    globalSecondaryIndexes: [
      {
        name: "ByState",
        keySchemas: [
          { attributeName: "StateShard", keyType: "HASH" },
          { attributeName: "SizeBytes", keyType: "RANGE" },
        ],
        projectionType: "INCLUDE",
        nonKeyAttributes: ["ReasonCode"],
      },
      {
        name: "ByKey",
        keySchemas: [{ attributeName: "ImageKey", keyType: "HASH" }],
        projectionType: "KEYS_ONLY",
      },
    ],
  };
  const { id } = await table.create(inputs, aws);
  expect(await table.read(id, aws)).toMatchObject(inputs);
});

test("a table may have a sort key", async () => {
  const { aws } = emulated;
  await table.create(
    {
      name: "sorted",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "A",
      rangeKey: "B",
      attributes: [
        { name: "A", type: "S" },
        { name: "B", type: "N" },
      ],
    },
    aws,
  );
  const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName: "sorted" }));
  expect(Table?.KeySchema).toEqual([
    { AttributeName: "A", KeyType: "HASH" },
    { AttributeName: "B", KeyType: "RANGE" },
  ]);
});
