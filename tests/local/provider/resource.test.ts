import { expect, test } from "vitest";
import { bucket } from "../../../local/provider/s3-bucket.ts";
import { queue } from "../../../local/provider/sqs.ts";
import { emulatedAws } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

test("an unknown property is refused by its name, and nothing is created", async () => {
  const { aws } = emulated;
  await expect(queue.create({ name: "one", fifoQueue: true }, aws)).rejects.toThrow(
    /^"fifoQueue" is not supported here$/,
  );
  await expect(bucket.create({ bucket: "one-bucket", acl: "public-read", website: {} }, aws)).rejects.toThrow(
    /^"acl", "website" is not supported here$/,
  );
  expect(await bucket.read("one-bucket", aws)).toBeUndefined();
});

test("every property of a wrong type is named, without its value", async () => {
  const inputs = { name: "one", delaySeconds: "hunter2", visibilityTimeoutSeconds: -1 };
  const error: unknown = await queue.create(inputs, emulated.aws).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "InputError",
    message: expect.stringMatching(/^"delaySeconds": .*; "visibilityTimeoutSeconds": /),
  });
  expect(String(error)).not.toContain("hunter2");
});

test("an update is refused when it brings an unknown property", async () => {
  const { aws } = emulated;
  const { id, outputs } = await queue.create({ name: "two" }, aws);
  await expect(queue.update(id, { name: "two", colour: "red" }, outputs, aws)).rejects.toThrow(
    /^"colour" is not supported here$/,
  );
});
