import { expect, test } from "vitest";
import { getCallerIdentity, getPartition, getRegion } from "../../../local/provider/invokes.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("tells the caller's account", async () => {
  expect(await getCallerIdentity({}, emulated.aws)).toEqual({
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:root`,
    id: ACCOUNT,
    userId: ACCOUNT,
  });
});

test("tells the region and its partition", async () => {
  expect(await getRegion({}, emulated.aws)).toEqual({
    id: REGION,
    region: REGION,
    name: REGION,
    description: REGION,
    endpoint: `ec2.${REGION}.amazonaws.com`,
  });
  expect(await getPartition({}, emulated.aws)).toEqual({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  });
  expect(await getPartition({}, { ...emulated.aws, region: "cn-north-1" })).toMatchObject({
    partition: "aws-cn",
    dnsSuffix: "amazonaws.com.cn",
  });
});

test("an unknown argument is refused by its name", async () => {
  await expect(getCallerIdentity({ account: "1" }, emulated.aws)).rejects.toThrow(
    /^"account" is not supported here$/,
  );
});
