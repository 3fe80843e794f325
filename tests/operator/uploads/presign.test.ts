import { readFileSync } from "node:fs";
import { request } from "node:https";
import { setTimeout } from "node:timers/promises";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OperatorError } from "../../../operator/errors.ts";
import type { Target } from "../../../operator/target.ts";
import { type PresignedUpload, presignUpload } from "../../../operator/uploads/presign.ts";
import { localPipeline } from "../../local/support/local-pipeline.ts";
import { gradient } from "../../local/support/test-images.ts";
import { targetOf } from "../support.ts";

const LOGO = "brand/logo.png";
const local = localPipeline({
  settings: {
    renditions: JSON.stringify([
      { name: "small", width: 100, formats: ["webp"] },
      { name: "marked", prefix: "marked/", width: 100, formats: ["webp"], watermark: { image: LOGO } },
    ]),
  },
});
/** What S3 replaces by the name of the file. */
const FILENAME = `\${filename}`;
let target: Target;
beforeAll(() => {
  target = targetOf(local.pipeline);
});
afterAll(() => target.close());

type Answer = { readonly status: number; readonly code: string | undefined };

/** Posts the form as a browser does, over TLS. */
const post = async (
  { url, fields }: PresignedUpload,
  file: Uint8Array,
  changed: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changed })) form.append(name, value);
  form.append("file", new Blob([Buffer.from(file)]), "photo.jpg");
  const encoded = new Response(form);
  const body = Buffer.from(await encoded.arrayBuffer());
  const ca = readFileSync(local.pipeline.emulator.authorityFile ?? "");
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: "POST",
        ca,
        headers: { "content-type": encoded.headers.get("content-type") ?? "", "content-length": body.length },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, code: /<Code>(\w+)</.exec(text)?.[1] }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
};

const jpeg = (): Promise<Buffer> => gradient(300, 200).jpeg().toBuffer();

describe("a presigned upload", () => {
  test("takes a file from somebody without credentials, encrypted with the bucket's key, into the pipeline", async () => {
    const key = "presigned/holiday photo.jpg";
    const form = await presignUpload(target, { key, maxBytes: 1_000_000, type: "image/jpeg" });
    expect(await post(form, await jpeg())).toEqual({ status: 204, code: undefined });
    const stored = await target.s3.send(
      new HeadObjectCommand({ Bucket: target.outputs.sourceBucket, Key: key }),
    );
    expect(stored).toMatchObject({
      ContentType: "image/jpeg",
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: expect.stringMatching(/^arn:aws:kms:/),
    });
    expect(await local.pipeline.waitForRecord({ key, versionId: stored.VersionId })).toMatchObject({
      State: "PROCESSED",
      Width: 300,
      Height: 200,
    });
  });

  test("takes the file's own name and any image's type where the form says so", async () => {
    const form = await presignUpload(target, {
      key: `inbox/${FILENAME}`,
      maxBytes: 1_000_000,
      type: "image/*",
    });
    expect(await post(form, await jpeg(), { "Content-Type": "image/jpeg" })).toMatchObject({ status: 204 });
    const stored = await target.s3.send(
      new HeadObjectCommand({ Bucket: target.outputs.sourceBucket, Key: "inbox/photo.jpg" }),
    );
    expect(stored.ContentType).toBe("image/jpeg");
  });

  test.each([
    ["a file that is too large", { maxBytes: 100 }, {}, { status: 400, code: "EntityTooLarge" }],
    ["a file that is too small", { minBytes: 900_000 }, {}, { status: 400, code: "EntityTooSmall" }],
    ["another type", {}, { "Content-Type": "text/html" }, { status: 403, code: "AccessDenied" }],
    ["another key", {}, { key: "elsewhere.jpg" }, { status: 403, code: "AccessDenied" }],
    ["more fields than were signed", {}, { "x-amz-meta-a": "b" }, { status: 403, code: "AccessDenied" }],
    [
      "a policy that was changed",
      {},
      { Policy: Buffer.from('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}').toString("base64") },
      { status: 403, code: "SignatureDoesNotMatch" },
    ],
  ])("refuses %s", async (_what, options, changed, answer) => {
    const form = await presignUpload(target, {
      key: "refused.jpg",
      maxBytes: 1_000_000,
      type: "image/jpeg",
      ...options,
    });
    expect(await post(form, await jpeg(), changed)).toEqual(answer);
  });

  test("takes no key that does not begin with its prefix", async () => {
    const form = await presignUpload(target, {
      key: `inbox/${FILENAME}`,
      maxBytes: 1_000_000,
      type: "image/jpeg",
    });
    const answers = await Promise.all(
      [LOGO, "inbo", "INBOX/a.jpg", "/inbox/a.jpg"].map(async (key) => post(form, await jpeg(), { key })),
    );
    expect(answers).toEqual(answers.map(() => ({ status: 403, code: "AccessDenied" })));
  });

  test.each([
    ["is the watermark's", LOGO, "another key"],
    [
      "begins the watermark's folder",
      `brand/${FILENAME}`,
      `a prefix with which no watermark begins, such as inbox/${FILENAME}`,
    ],
    [
      "begins the watermark's name",
      `brand/lo${FILENAME}`,
      `a prefix with which no watermark begins, such as inbox/${FILENAME}`,
    ],
    [
      "is the watermark's whole name",
      `${LOGO}${FILENAME}`,
      `a prefix with which no watermark begins, such as inbox/${FILENAME}`,
    ],
  ])("is not made for a key that %s", async (_what, key, choice) => {
    await expect(presignUpload(target, { key, maxBytes: 10, type: "image/png" })).rejects.toThrow(
      new OperatorError(
        `The form would let its holder replace the watermark ${LOGO}, with which the function marks renditions: choose ${choice}. ` +
          "To replace the watermark itself, upload it with your own credentials.",
      ),
    );
  });

  test("leaves an operator to put the watermark into its place", async () => {
    await local.pipeline.upload(await gradient(40, 20).png().toBuffer(), LOGO);
    const marked = await local.pipeline.upload(await jpeg(), "marked/photo.jpg");
    expect(await local.pipeline.waitForRecord(marked)).toMatchObject({ State: "PROCESSED" });
  });

  test("refuses everybody once it has ended", async () => {
    const form = await presignUpload(target, {
      key: "late.jpg",
      maxBytes: 1_000_000,
      type: "image/jpeg",
      expiresSeconds: 1,
    });
    await setTimeout(1_500);
    expect(await post(form, await jpeg())).toEqual({ status: 403, code: "AccessDenied" });
  });

  test.each([
    [{ key: "" }, "Expected a key of 1 to 1,024 bytes, got 0."],
    [
      { key: `${FILENAME}/a` },
      `Expected ${FILENAME} at the end of the key and nowhere else, got ${FILENAME}/a.`,
    ],
    [
      { key: FILENAME },
      `Expected a prefix before ${FILENAME}, such as inbox/${FILENAME}: without one, the form would be for every key of the bucket.`,
    ],
    [{ maxBytes: 0 }, "Expected at most 1 to 5,368,709,120 bytes, got 0."],
    [{ minBytes: 11 }, "Expected at least 0 to 10 bytes, the most that it may have, got 11."],
    [{ type: "jpeg" }, "Expected a content type such as image/jpeg, or image/*, got jpeg."],
    [{ expiresSeconds: 700_000 }, "Expected 1 to 604,800 seconds, got 700000."],
  ])("tells of an option that S3 would refuse: %o", async (option, message) => {
    await expect(
      presignUpload(target, { key: "a.jpg", maxBytes: 10, type: "image/jpeg", ...option }),
    ).rejects.toThrow(message);
  });
});
