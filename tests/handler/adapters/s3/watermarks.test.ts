import { describe, expect, it } from "vitest";
import { s3WatermarkReader } from "../../../../handler/adapters/s3/watermarks.ts";
import { s3Client } from "../../../../handler/adapters/s3.ts";
import { type Answer, AwsService, rejection, s3Error } from "../aws-service.ts";

describe("s3WatermarkReader", () => {
  const KEY = "brand/my logo.png";
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  const logo = (content: string, eTag: string): Answer => ({
    headers: { "content-length": String(Buffer.byteLength(content)), etag: eTag },
    body: content,
  });

  it("reads once, then asks once a minute whether the image changed", async () => {
    const service = new AwsService(logo("one", '"1"'), { status: 304 }, logo("two", '"2"'));
    let now = 0;
    const { read } = s3WatermarkReader(s3Client(service.config), () => now);
    const readAt = async (seconds: number) => {
      now = seconds * 1000;
      return [text(await read("source-bucket", KEY)), service.requests.length];
    };
    expect(await readAt(0)).toEqual(["one", 1]);
    expect(service.lastRequest.path).toBe("/brand/my%20logo.png");
    expect(service.lastRequest.headers["if-none-match"]).toBeUndefined();
    expect(await readAt(59)).toEqual(["one", 1]);
    expect(await readAt(60)).toEqual(["one", 2]);
    expect(service.lastRequest.headers["if-none-match"]).toBe('"1"');
    expect(await readAt(119)).toEqual(["one", 2]);
    expect(await readAt(120)).toEqual(["two", 3]);
    expect(service.lastRequest.headers["if-none-match"]).toBe('"1"');
    expect(await readAt(121)).toEqual(["two", 3]);
  });

  it("does not take one image for another", async () => {
    const service = new AwsService(logo("one", '"1"'), logo("two", '"2"'));
    const { read } = s3WatermarkReader(s3Client(service.config), () => 0);
    expect(text(await read("source-bucket", "one.png"))).toBe("one");
    expect(text(await read("source-bucket", "two.png"))).toBe("two");
    expect(text(await read("source-bucket", "one.png"))).toBe("one");
    expect(service.requests).toHaveLength(2);
  });

  it.each([
    ["missing", s3Error(404, "NoSuchKey"), "is not in the bucket source-bucket, or archived there"],
    ["archived", s3Error(403, "InvalidObjectState"), "is not in the bucket source-bucket, or archived there"],
    ["empty", logo("", '"1"'), "is empty or larger than 2,097,152 bytes"],
    [
      "too large",
      { headers: { "content-length": "2097153" }, body: "xx" },
      "is empty or larger than 2,097,152 bytes",
    ],
  ] as const)("fails for another try when the image is %s", async (_, answer, reason) => {
    const service = new AwsService(answer);
    const { read } = s3WatermarkReader(s3Client(service.config));
    expect(await rejection(read("source-bucket", KEY))).toMatchObject({
      code: "WATERMARK_UNUSABLE",
      retryable: true,
      message: `The watermark ${KEY} ${reason}: upload it again, or bring back its last version, which the source bucket keeps; then \`npm run redrive\` brings back what failed meanwhile.`,
    });
  });

  it("forgets an image that is gone, and reads it when it is back", async () => {
    const service = new AwsService(logo("one", '"1"'), s3Error(404, "NoSuchKey"), logo("two", '"2"'));
    let now = 0;
    const { read } = s3WatermarkReader(s3Client(service.config), () => now);
    await read("source-bucket", KEY);
    now = 60_000;
    expect(await rejection(read("source-bucket", KEY))).toMatchObject({ code: "WATERMARK_UNUSABLE" });
    expect(text(await read("source-bucket", KEY))).toBe("two");
    expect(service.lastRequest.headers["if-none-match"]).toBeUndefined();
  });

  it("fails as any read does when S3 does not answer", async () => {
    const service = new AwsService(s3Error(403, "AccessDenied"));
    const { read } = s3WatermarkReader(s3Client(service.config));
    expect(await rejection(read("source-bucket", KEY))).toMatchObject({
      code: "READ_FAILED",
      retryable: true,
    });
  });
});
