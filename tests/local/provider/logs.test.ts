import { ListTagsForResourceCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { logGroup } from "../../../local/provider/logs.ts";
import { ACCOUNT, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("creates, reads, changes and deletes a log group", async () => {
  const { aws } = emulated;
  const inputs = { name: "/aws/lambda/p", retentionInDays: 30, tags: { Project: "p" } };
  const { id, outputs } = await logGroup.create(inputs, aws);
  const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/p`;
  expect(id).toBe("/aws/lambda/p");
  expect(outputs).toEqual({
    ...inputs,
    logGroupClass: "STANDARD",
    skipDestroy: false,
    arn,
    tagsAll: { Project: "p" },
  });
  expect(await logGroup.read(id, aws)).toEqual({ name: id, arn, retentionInDays: 30 });
  await logGroup.update(id, { name: id, tags: { Stack: "s" } }, outputs, aws);
  expect(await logGroup.read(id, aws)).toEqual({ name: id, arn, retentionInDays: 0 });
  const { tags } = await aws.logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  expect(tags).toEqual({ Stack: "s" });
  await logGroup.delete(id, inputs, aws);
  expect(await logGroup.read(id, aws)).toBeUndefined();
  await logGroup.delete(id, inputs, aws);
});

test("a group whose name begins like another's is not taken for it", async () => {
  const { aws } = emulated;
  await logGroup.create({ name: "/a/longer" }, aws);
  expect(await logGroup.read("/a/long", aws)).toBeUndefined();
});

test("skipDestroy keeps the lines when the resource is deleted", async () => {
  const { aws } = emulated;
  const { id, outputs } = await logGroup.create({ name: "/kept", skipDestroy: true }, aws);
  await logGroup.delete(id, outputs, aws);
  expect(await logGroup.read(id, aws)).toMatchObject({ name: "/kept" });
});
