import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import {
  s3Client,
  s3RenditionWriter,
  s3SourceReader,
  s3WatermarkReader,
} from "../../../handler/adapters/s3.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import { RENDITION_FORMAT_FACTS, RENDITION_FORMATS } from "../../../handler/core/rendition-format.ts";
import type { Upload } from "../../../handler/core/upload-event.ts";
import type { Arrival } from "../../../handler/ports.ts";
import { anUpload } from "../../support/upload-events.ts";
import { type Answer, AwsService, rejection, s3Error } from "./aws-service.ts";

const MAX_BYTES = 1_000;

const read = (
  service: AwsService,
  upload: Upload = anUpload(),
  judge: (arrival: Arrival) => void = () => undefined,
  maxBytes = MAX_BYTES,
) => s3SourceReader(s3Client(service.config)).read(upload, maxBytes, judge);

const object = (content: string): Answer => ({
  headers: { "content-length": String(Buffer.byteLength(content)) },
  body: content,
});

describe("s3SourceReader", () => {
  it("gets exactly the version of the event", async () => {
    const service = new AwsService(object("an image"));
    const bytes = await read(service);
    expect(Buffer.from(bytes).toString()).toBe("an image");
    expect(service.requests).toHaveLength(1);
    expect(service.lastRequest).toMatchObject({
      method: "GET",
      path: "/holiday/beach.jpg",
      query: { "x-id": "GetObject", versionId: "v1" },
      headers: { host: "source-bucket.s3.eu-central-1.amazonaws.com", "x-amz-checksum-mode": "ENABLED" },
    });
    expect(service.lastRequest.headers["if-match"]).toBeUndefined();
  });

  it("gets the object of the event's ETag where there are no versions", async () => {
    const service = new AwsService(object("an image"));
    await read(service, anUpload({ versionId: undefined }));
    expect(service.lastRequest.query).toEqual({ "x-id": "GetObject" });
    expect(service.lastRequest.headers["if-match"]).toBe('"0123456789abcdef0123456789abcdef"');
  });

  it("gets whatever is there when the event has neither", async () => {
    const service = new AwsService(object("an image"));
    await read(service, anUpload({ versionId: undefined, eTag: undefined }));
    expect(service.lastRequest.headers["if-match"]).toBeUndefined();
  });

  it.each([
    ["a b+c/50%/日.jpg", "/a%20b%2Bc/50%25/%E6%97%A5.jpg"],
    ["UPPER.JPG", "/UPPER.JPG"],
    ["no-extension", "/no-extension"],
    ["a//b/./c", "/a//b/./c"],
  ])("asks for the true key %s", async (key, path) => {
    const service = new AwsService(object("an image"));
    await read(service, anUpload({ key }));
    expect(service.lastRequest.path).toBe(path);
  });

  it.each([
    [404, "NoSuchKey", "SOURCE_MISSING"],
    [404, "NoSuchVersion", "SOURCE_MISSING"],
    [405, "MethodNotAllowed", "SOURCE_MISSING"],
    [412, "PreconditionFailed", "SOURCE_REPLACED"],
    [403, "InvalidObjectState", "SOURCE_ARCHIVED"],
  ])("takes %i %s for good: %s", async (status, code, expected) => {
    const service = new AwsService(s3Error(status, code));
    const error = await rejection(read(service));
    expect(error).toMatchObject({ code: expected, retryable: false, cause: { name: code } });
    expect(service.requests).toHaveLength(1);
  });

  it.each([
    [403, "AccessDenied", 1],
    [404, "NoSuchBucket", 1],
    [400, "InvalidRequest", 1],
    [500, "InternalError", 3],
    [503, "SlowDown", 3],
  ])("reports %i %s for another try, after %i of its own", async (status, code, tries) => {
    const service = new AwsService(s3Error(status, code));
    const error = await rejection(read(service));
    expect(error).toMatchObject({
      code: "READ_FAILED",
      retryable: true,
      message: "holiday/beach.jpg could not be read from the bucket source-bucket.",
      cause: { name: code },
    });
    expect(service.requests).toHaveLength(tries);
  });

  it("survives a fault that passes", async () => {
    const service = new AwsService(s3Error(503, "SlowDown"), object("an image"));
    expect(Buffer.from(await read(service)).toString()).toBe("an image");
  });

  it("reports a network that fails, before and within the body, for another try", async () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(await rejection(read(new AwsService(refused)))).toMatchObject({
      code: "READ_FAILED",
      retryable: true,
    });

    const body = new Readable({ read: () => undefined });
    process.nextTick(() => body.destroy(new Error("ECONNRESET")));
    const cut = new AwsService({ headers: { "content-length": "100" }, body });
    expect(await rejection(read(cut))).toMatchObject({ code: "READ_FAILED", retryable: true });
  });

  it("judges the size before it reads a byte, and lets the connection go", async () => {
    let isRead = false;
    const body = new Readable({
      read() {
        isRead = true;
        this.push(Buffer.alloc(1_001));
        this.push(null);
      },
      highWaterMark: 0,
    });
    const service = new AwsService({ headers: { "content-length": "1001" }, body });
    expect(await rejection(read(service))).toMatchObject({
      code: "TOO_MANY_BYTES",
      message: "The file has 1,001 bytes; at most 1,000 are read.",
    });
    expect([isRead, body.destroyed]).toEqual([false, true]);
  });

  it("shows the first bytes and the declared type before it reads on", async () => {
    const service = new AwsService({
      headers: { "content-length": "8", "content-type": "image/png" },
      body: "an image",
    });
    const arrivals: Arrival[] = [];
    await read(service, anUpload(), (arrival) => arrivals.push(arrival));
    expect(
      arrivals.map(({ firstBytes, contentType }) => [String(Buffer.from(firstBytes)), contentType]),
    ).toEqual([["an image", "image/png"]]);
  });

  it("reads no more of a file that its first bytes refuse, and lets the connection go", async () => {
    const chunk = Buffer.alloc(16 * 1024, 1);
    const length = 100 * chunk.length;
    let pushed = 0;
    const body = new Readable({
      read() {
        pushed += chunk.length;
        this.push(pushed > length ? null : chunk);
      },
    });
    const service = new AwsService({ headers: { "content-length": String(length) }, body });
    let shown = 0;
    const refuse = ({ firstBytes }: Arrival): void => {
      shown = firstBytes.length;
      throw new PipelineError("UNSUPPORTED_FORMAT", "No image.");
    };
    expect(await rejection(read(service, anUpload(), refuse, length))).toMatchObject({
      code: "UNSUPPORTED_FORMAT",
    });
    expect([shown, body.destroyed]).toEqual([64 * 1024, true]);
    // What a stream reads ahead, 64 KiB, is lost.
    expect(pushed).toBeLessThanOrEqual(192 * 1024);
  });

  it.each([99, 101])("reports a body of %i bytes that was to have 100 for another try", async (length) => {
    const service = new AwsService({
      headers: { "content-length": "100" },
      body: Readable.from([Buffer.alloc(length)]),
    });
    expect(await rejection(read(service))).toMatchObject({ code: "READ_FAILED", retryable: true });
  });

  it("refuses an object that is empty", async () => {
    const service = new AwsService({ headers: { "content-length": "0" } });
    expect(await rejection(read(service))).toMatchObject({ code: "EMPTY_OBJECT" });
  });

  it("refuses a body that does not match S3's checksum", async () => {
    const service = new AwsService({
      headers: { "content-length": "8", "x-amz-checksum-crc32": "AAAAAA==" },
      body: "an image",
    });
    expect(await rejection(read(service))).toMatchObject({ code: "READ_FAILED", retryable: true });
  });
});

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
    [
      "missing",
      s3Error(404, "NoSuchKey"),
      "is not in the bucket source-bucket, or archived there: upload it.",
    ],
    [
      "archived",
      s3Error(403, "InvalidObjectState"),
      "is not in the bucket source-bucket, or archived there: upload it.",
    ],
    ["empty", logo("", '"1"'), "is empty or larger than 2,097,152 bytes."],
    [
      "too large",
      { headers: { "content-length": "2097153" }, body: "xx" },
      "is empty or larger than 2,097,152 bytes.",
    ],
  ] as const)("fails for another try when the image is %s", async (_, answer, reason) => {
    const service = new AwsService(answer);
    const { read } = s3WatermarkReader(s3Client(service.config));
    expect(await rejection(read("source-bucket", KEY))).toMatchObject({
      code: "WATERMARK_UNUSABLE",
      retryable: true,
      message: `The watermark ${KEY} ${reason}`,
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

describe("s3RenditionWriter", () => {
  const file = {
    name: "card",
    key: "my holiday/beach.jpg/card.webp",
    format: "webp",
    width: 400,
    height: 300,
    cacheControl: "private, max-age=60",
    bytes: Buffer.from("a rendition"),
  } as const;

  const write = (service: AwsService, overrides: object = {}, upload: Upload = anUpload()) =>
    s3RenditionWriter(s3Client(service.config), "renditions").write(
      { ...file, ...overrides },
      upload,
      "nothing",
    );

  it("puts the rendition with its type, its caching and the version it was made of", async () => {
    const service = new AwsService({});
    await write(service);
    expect(service.lastRequest).toMatchObject({
      method: "PUT",
      path: "/my%20holiday/beach.jpg/card.webp",
      headers: {
        host: "renditions.s3.eu-central-1.amazonaws.com",
        "content-type": "image/webp",
        "cache-control": "private, max-age=60",
        "x-amz-meta-original-bucket": "source-bucket",
        "x-amz-meta-original-version-id": "v1",
        "x-amz-meta-original-etag": "0123456789abcdef0123456789abcdef",
        "x-amz-meta-original-sequencer": "0055AED6DCD90281E500000000000000",
        "x-amz-checksum-crc32": expect.stringMatching(/^[A-Za-z0-9+/]{6}==$/),
      },
    });
    expect(service.lastRequest.body).toBe("a rendition");
  });

  it("puts a manifest as JSON, with the version it was made of", async () => {
    const service = new AwsService({});
    const manifest = {
      version: 1,
      original: { key: "a.jpg", format: "jpeg", width: 9, height: 9 },
      dominantColour: "#336699",
      placeholder: "data:image/webp;base64,AAAA",
      thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
      renditions: [],
      pictures: {},
    } as const;
    const writer = s3RenditionWriter(s3Client(service.config), "renditions");
    await writer.writeManifest("a.jpg/manifest.json", manifest, anUpload(), "nothing");
    expect(service.lastRequest).toMatchObject({
      method: "PUT",
      path: "/a.jpg/manifest.json",
      headers: {
        "content-type": "application/json",
        "cache-control": "public, max-age=3600",
        "x-amz-meta-original-version-id": "v1",
      },
    });
    expect(JSON.parse(service.lastRequest.body)).toEqual(manifest);
  });

  it.each(RENDITION_FORMATS)("says that a %s is one", async (format) => {
    const service = new AwsService({});
    await write(service, { format });
    expect(service.lastRequest.headers["content-type"]).toBe(RENDITION_FORMAT_FACTS[format].contentType);
  });

  it("names no version and no ETag where there are none", async () => {
    const service = new AwsService({});
    await write(service, {}, anUpload({ versionId: undefined, eTag: undefined }));
    const metadata = Object.keys(service.lastRequest.headers).filter((name) =>
      name.startsWith("x-amz-meta-"),
    );
    expect(metadata.sort()).toEqual(["x-amz-meta-original-bucket", "x-amz-meta-original-sequencer"]);
  });

  it.each([
    [403, "AccessDenied"],
    [404, "NoSuchBucket"],
    [503, "SlowDown"],
  ])("reports %i %s for another try", async (status, code) => {
    expect(await rejection(write(new AwsService(s3Error(status, code))))).toMatchObject({
      code: "STORE_FAILED",
      retryable: true,
      message: "my holiday/beach.jpg/card.webp could not be stored in the bucket renditions.",
      cause: { name: code },
    });
  });
});

describe("s3SourceReader.tags", () => {
  const tags = (service: AwsService, versionId?: string) =>
    s3SourceReader(s3Client(service.config)).tags(anUpload({ key: "a b.jpg", versionId }), [
      "album",
      "owner",
    ]);
  const tagged: Answer = {
    headers: { "content-type": "application/xml" },
    body: "<Tagging><TagSet><Tag><Key>album</Key><Value>holiday &amp; sea</Value></Tag><Tag><Key>other</Key><Value>x</Value></Tag></TagSet></Tagging>",
  };

  it("reads the tags of the very version, those that are asked for alone", async () => {
    const service = new AwsService(tagged);
    expect(await tags(service, "v1")).toEqual({ album: "holiday & sea", owner: undefined });
    expect(service.lastRequest).toMatchObject({ method: "GET", path: "/a%20b.jpg" });
    expect(service.lastRequest.query).toMatchObject({ tagging: "", versionId: "v1" });
  });

  it("reads those of the object where the bucket has no versions", async () => {
    const service = new AwsService(tagged);
    await tags(service);
    expect(Object.keys(service.lastRequest.query)).not.toContain("versionId");
  });

  it.each([
    [404, "NoSuchKey", "SOURCE_MISSING", false],
    [404, "NoSuchVersion", "SOURCE_MISSING", false],
    [403, "AccessDenied", "READ_FAILED", true],
    [503, "SlowDown", "READ_FAILED", true],
  ])("reports %i %s as %s", async (status, name, code, retryable) => {
    expect(await rejection(tags(new AwsService(s3Error(status, name))))).toMatchObject({ code, retryable });
  });
});

describe("s3SourceReader.current", () => {
  const current = (service: AwsService) =>
    s3SourceReader(s3Client(service.config)).current("source-bucket", "a b.jpg");

  it("tells what lies under the key now, without reading it", async () => {
    const service = new AwsService({
      headers: {
        "content-length": "4000",
        etag: '"0123"',
        "x-amz-version-id": "v7",
        "last-modified": "Mon, 23 Nov 2026 10:00:00 GMT",
      },
    });
    expect(await current(service)).toEqual({
      bucket: "source-bucket",
      key: "a b.jpg",
      sizeBytes: 4000,
      eTag: "0123",
      versionId: "v7",
      uploadTime: "2026-11-23T10:00:00.000Z",
    });
    expect(service.requests).toMatchObject([{ method: "HEAD", path: "/a%20b.jpg" }]);
  });

  it("tells when nothing does", async () => {
    expect(await current(new AwsService({ status: 404 }))).toBeUndefined();
  });

  it.each([403, 500])("reports %i for another try", async (status) => {
    expect(await rejection(current(new AwsService({ status })))).toMatchObject({
      code: "READ_FAILED",
      retryable: true,
      message: "It could not be told whether a b.jpg is in the bucket source-bucket.",
    });
  });
});

describe("s3RenditionWriter and what is there already", () => {
  const upload = anUpload();
  const write = (service: AwsService, expected: "nothing" | "earlier renditions") =>
    s3RenditionWriter(s3Client(service.config), "renditions").write(
      {
        name: "card",
        key: "a.jpg/card.webp",
        format: "webp",
        width: 4,
        height: 3,
        cacheControl: "no-cache",
        bytes: Buffer.from("new"),
      },
      upload,
      expected,
    );

  const found = (sequencer: string | undefined, etag = '"e1"'): Answer => ({
    headers: { etag, ...(sequencer === undefined ? {} : { "x-amz-meta-original-sequencer": sequencer }) },
  });
  const requestsOf = ({ requests }: AwsService) =>
    requests.map(({ method, headers }) => [method, headers["if-match"] ?? headers["if-none-match"]]);

  it("takes a free place by one request, and no other", async () => {
    const service = new AwsService({});
    await write(service, "nothing");
    expect(requestsOf(service)).toEqual([["PUT", "*"]]);
  });

  it.each([
    ["of an earlier upload", "0055AED6DCD90281E400000000000000"],
    ["of an earlier attempt", upload.sequencer],
    ["of somebody else", undefined],
  ])("takes the place of what is %s, if it is still that", async (_of, sequencer) => {
    const service = new AwsService(found(sequencer), {});
    await write(service, "earlier renditions");
    expect(requestsOf(service)).toEqual([
      ["HEAD", undefined],
      ["PUT", '"e1"'],
    ]);
  });

  it("leaves what a later upload has stored", async () => {
    const service = new AwsService(found("0055AED6DCD90281E600000000000000"));
    await write(service, "earlier renditions");
    expect(requestsOf(service)).toEqual([["HEAD", undefined]]);
  });

  it.each([
    [412, "PreconditionFailed"],
    [409, "ConditionalRequestConflict"],
  ])("looks again after %i %s", async (status, code) => {
    const service = new AwsService(s3Error(status, code), found("0"), {});
    await write(service, "nothing");
    expect(requestsOf(service)).toEqual([
      ["PUT", "*"],
      ["HEAD", undefined],
      ["PUT", '"e1"'],
    ]);
  });

  it("takes the place when what was there is gone meanwhile", async () => {
    const service = new AwsService(found("0"), s3Error(404, "NoSuchKey"), { status: 404 }, {});
    await write(service, "earlier renditions");
    expect(requestsOf(service)).toEqual([
      ["HEAD", undefined],
      ["PUT", '"e1"'],
      ["HEAD", undefined],
      ["PUT", "*"],
    ]);
  });

  it("reports a place that never comes to rest for another try", async () => {
    const turns = Array.from({ length: 5 }, () => [s3Error(412, "PreconditionFailed"), found("0")]).flat();
    expect(await rejection(write(new AwsService(...turns), "nothing"))).toMatchObject({
      code: "STORE_FAILED",
      cause: { name: "PreconditionFailed" },
    });
  });
});

describe("s3RenditionWriter.remove", () => {
  const page = (keys: readonly string[], token?: string): Answer => ({
    body: `<?xml version="1.0"?><ListBucketResult><IsTruncated>${token !== undefined}</IsTruncated>${
      token === undefined ? "" : `<NextContinuationToken>${token}</NextContinuationToken>`
    }${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("")}</ListBucketResult>`,
  });
  const found = (sequencer: string): Answer => ({
    headers: { etag: `"${sequencer}"`, "x-amz-meta-original-sequencer": sequencer },
  });
  const remove = (service: AwsService) =>
    s3RenditionWriter(s3Client(service.config), "renditions").remove(
      "a.jpg",
      ({ key, sequencer }) => key !== "a.jpg/kept.webp" && sequencer < "5",
    );

  it("deletes the files beside the original's renditions that are left over, on every page", async () => {
    const service = new AwsService(
      page(["a.jpg/old.webp", "a.jpg/kept.webp"], "next"),
      found("4"),
      { status: 204 },
      found("4"),
      page(["a.jpg/new.webp"]),
      found("5"),
    );
    expect(await remove(service)).toEqual(["a.jpg/old.webp"]);
    expect(service.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /",
      "HEAD /a.jpg/old.webp",
      "DELETE /a.jpg/old.webp",
      "HEAD /a.jpg/kept.webp",
      "GET /",
      "HEAD /a.jpg/new.webp",
    ]);
    expect(service.requests[0]?.query).toMatchObject({ prefix: "a.jpg/", delimiter: "/" });
    expect(service.requests[2]?.headers["if-match"]).toBe('"4"');
  });

  it("leaves what a later upload has put in the place meanwhile", async () => {
    const service = new AwsService(
      page(["a.jpg/old.webp"]),
      found("4"),
      s3Error(412, "PreconditionFailed"),
      found("6"),
    );
    expect(await remove(service)).toEqual([]);
  });

  it("reports what S3 refuses for another try", async () => {
    expect(await rejection(remove(new AwsService(s3Error(403, "AccessDenied"))))).toMatchObject({
      code: "REMOVE_FAILED",
      retryable: true,
      message: "What is left over of a.jpg could not be removed from the bucket renditions.",
      cause: { name: "AccessDenied" },
    });
  });
});
