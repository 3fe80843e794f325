import { PutObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oneOf, timeOption, wholeNumber } from "../../operator/cli/options.ts";
import { OperatorError } from "../../operator/errors.ts";
import { search } from "../../operator/library/search.ts";
import type { Target } from "../../operator/target.ts";
import { presignUpload } from "../../operator/uploads/presign.ts";
import { OUTCOME_TIMEOUT_MS } from "../local/support/emulated-aws.ts";
import { localPipeline } from "../local/support/local-pipeline.ts";
import { HOSTILE_TEXTS, rawIn } from "../support/hostile-texts.ts";
import { notificationBody, s3Record } from "../support/upload-events.ts";
import { runCommand, targetOf } from "./support.ts";

/**
 * The emulator's grants match no line feed, so that the function may not read such an original, which has no outcome;
 * and its lists of a bucket have no carriage return.
 */
const isUnread = (key: string): boolean => key.includes("\n");

const local = localPipeline({ settings: { recordTags: '["album"]' } });
let target: Target;
beforeAll(async () => {
  target = targetOf(local.pipeline);
  for (const { text } of HOSTILE_TEXTS) {
    const uploaded = await local.pipeline.upload(Buffer.from("no image"), text);
    if (!isUnread(text)) await local.pipeline.waitForRecord(uploaded);
    await target.s3.send(
      new PutObjectCommand({ Bucket: target.outputs.destinationBucket, Key: `${text}/x.webp`, Body: "x" }),
    );
    await target.sqs.send(
      new SendMessageCommand({
        QueueUrl: target.outputs.deadLetterQueueUrl,
        MessageBody: notificationBody(s3Record({ object: { key: encodeURIComponent(text) } })),
      }),
    );
  }
}, OUTCOME_TIMEOUT_MS);
afterAll(() => target.close());

/**
 * Commands over what strangers have named, how many lines name each of them, and how many one that the emulator does not
 * let the function read: its record has the key and an error that repeats it, and its dead letter the key.
 */
const COMMANDS = [
  ["search", [], 1, 1],
  ["failures", [], 2, 3],
  ["verify", ["--grace", "0"], 1, 1],
] as const;

describe("what the tools print", () => {
  test.each(COMMANDS)(
    "npm run %s names every key on a line, by escapes",
    async (name, args, lines, unreadLines) => {
      const { out, errors } = await runCommand(local.pipeline, name, ...args);
      expect([rawIn(out), errors]).toEqual([undefined, ""]);
      for (const { text, shown } of HOSTILE_TEXTS) {
        expect(out.split("\n").filter((line) => line.includes(shown))).toHaveLength(
          isUnread(text) ? unreadLines : lines,
        );
      }
    },
  );

  test.each(COMMANDS)(
    "npm run %s --json gives the keys as they are, and prints none raw",
    async (name, args) => {
      const { out } = await runCommand(local.pipeline, name, ...args, "--json");
      expect(rawIn(out)).toBeUndefined();
      const values = JSON.stringify(JSON.parse(out));
      for (const { text } of HOSTILE_TEXTS) expect(values).toContain(JSON.stringify(text).slice(1, -1));
    },
  );

  test.each([
    ["status", []],
    ["redrive", ["--dry-run"]],
    ["reprocess", ["--all", "--dry-run"]],
    ["digest", []],
  ] as const)("npm run %s prints nothing raw", async (name, args) => {
    const { out, errors } = await runCommand(local.pipeline, name, ...args);
    expect(`${out}${errors}`).not.toBe("");
    expect([rawIn(out), rawIn(errors)]).toEqual([undefined, undefined]);
  });

  test.each(HOSTILE_TEXTS)("an error about what $what has no line of it", async ({ text, shown }) => {
    const messageOf = (found: () => unknown): Promise<unknown> =>
      (async () => found())().then(
        () => "no error",
        (error: unknown) => (error instanceof OperatorError ? error.message : error),
      );
    const form = { key: "a.jpg", maxBytes: 9, type: "image/jpeg" };
    const errors = [
      () => wholeNumber("limit", text, 1),
      () => oneOf("state", text, ["FAILED"]),
      () => timeOption("from", text, "begin"),
      () => search(target, { tag: `${text}=1` }),
      () => presignUpload(target, { ...form, type: text }),
      () => presignUpload(target, { ...form, key: `\${filename}${text}` }),
      () => local.pipeline.upload(`/nowhere/${text}`, "a.jpg"),
      () => local.pipeline.upload(Buffer.from("x"), text.repeat(200)),
      () => local.pipeline.waitForRecord({ key: text, versionId: "none" }, 0),
    ];
    for (const error of errors) {
      const message = `${await messageOf(error)}`;
      expect(rawIn(message)).toBeUndefined();
      expect(message).not.toContain("\n");
      // A key that is too long is itself again and again, and marks go on where it begins anew.
      expect(message).toContain(shown.slice(0, 4));
    }
  });

  test("an error is printed as plain as what it is about", async () => {
    const { code, errors } = await runCommand(local.pipeline, "search", "--state", "a\u{1B}[2J\u{202E}b");
    expect({ code, errors }).toEqual({
      code: 1,
      errors: "--state a\\u{1b}[2J\\u{202e}b: expected one of RECEIVED, PROCESSED, FAILED, DELETED.\n",
    });
  });

  test("npm run presign prints a form for such a key as JSON alone", async () => {
    const words = ["in\u{202E}box.jpg", "--max-bytes", "9", "--type", "image/jpeg"];
    expect(await runCommand(local.pipeline, "presign", ...words)).toEqual({
      code: 1,
      out: "",
      errors: "The key has characters that no terminal shows as they are: add --json.\n",
    });
    const { out } = await runCommand(local.pipeline, "presign", ...words, "--json");
    expect(rawIn(out)).toBeUndefined();
    expect(JSON.parse(out)).toMatchObject({ fields: { key: "in\u{202E}box.jpg" } });
  });
});
