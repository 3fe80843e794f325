import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { s3Client, s3CurrentOriginal, s3SourceReader } from "../../../handler/adapters/s3.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import type { Upload } from "../../../handler/core/events/s3-event.ts";
import type { Arrival } from "../../../handler/ports/source.ts";
import { anUpload } from "../../support/upload-events.ts";
import { type Answer, AwsService, rejection, s3Error } from "./aws-service.ts";

const MAX_BYTES = 1_000;
const OWN_KEY = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const FOREIGN_KEY = "arn:aws:kms:eu-central-1:999999999999:key/99999999-2222-3333-4444-555555555555";

const read = (
  service: AwsService,
  upload: Upload = anUpload(),
  judge: (arrival: Arrival) => void = () => undefined,
  maxBytes = MAX_BYTES,
) => s3SourceReader(s3Client(service.config), OWN_KEY).read(upload, maxBytes, judge);

const object = (content: string): Answer => ({
  headers: { "content-length": String(Buffer.byteLength(content)) },
  body: content,
});

/** What HEAD says of an object under a key of KMS. */
const encrypted = (keyArn: string): Answer => ({
  headers: {
    "x-amz-server-side-encryption": "aws:kms",
    "x-amz-server-side-encryption-aws-kms-key-id": keyArn,
  },
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

  it("takes an original under a key that its uploader keeps (SSE-C) for good", async () => {
    const sentence =
      "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.";
    const service = new AwsService(s3Error(400, "InvalidRequest", sentence));
    const error = await rejection(read(service));
    expect(error).toMatchObject({
      code: "SOURCE_ENCRYPTED_BY_CUSTOMER",
      retryable: false,
      cause: { name: "InvalidRequest" },
    });
    expect(service.requests).toHaveLength(1);
  });

  it.each([
    [403, "AccessDenied"],
    [400, "KMS.DisabledException"],
    [400, "KMS.InvalidKeyUsageException"],
    [400, "KMS.KMSInvalidStateException"],
    [400, "KMS.NotFoundException"],
  ])(
    "takes %i %s for good where the original is under another key than the stack's",
    async (status, code) => {
      const service = new AwsService(s3Error(status, code), encrypted(FOREIGN_KEY));
      const error = await rejection(read(service));
      expect(error).toMatchObject({
        code: "SOURCE_KEY_UNUSABLE",
        retryable: false,
        message: `The file is encrypted with ${FOREIGN_KEY}, which is not the stack's key, and S3 answers ${code}.`,
        cause: { name: code },
      });
      expect(service.requests.map(({ method, path, query }) => [method, path, query["versionId"]])).toEqual([
        ["GET", "/holiday/beach.jpg", "v1"],
        ["HEAD", "/holiday/beach.jpg", "v1"],
      ]);
    },
  );

  it.each([
    ["is under the stack's own key, whose grant may come back", encrypted(OWN_KEY)],
    ["is under no key of KMS", { headers: {} }],
    ["may not be looked at either: it is S3 who refuses", { status: 403 }],
    ["can't be looked at", { status: 500 }],
  ])("reports AccessDenied for another try where the original %s", async (_where, answer) => {
    const service = new AwsService(s3Error(403, "AccessDenied"), answer);
    expect(await rejection(read(service))).toMatchObject({
      code: "READ_FAILED",
      retryable: true,
      cause: { name: "AccessDenied" },
    });
  });

  it.each(["KMS.ThrottlingException", "KMS.KMSInternalException", "KMS.KeyUnavailableException"])(
    "reports %s for another try, whatever key the original is under",
    async (code) => {
      const service = new AwsService(s3Error(400, code), encrypted(FOREIGN_KEY));
      expect(await rejection(read(service))).toMatchObject({ code: "READ_FAILED", retryable: true });
      expect(service.requests.filter(({ method }) => method === "HEAD")).toEqual([]);
    },
  );

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
    expect(service.requests.filter(({ method }) => method === "GET")).toHaveLength(tries);
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

describe("s3SourceReader.tags", () => {
  const tags = (service: AwsService, versionId?: string) =>
    s3SourceReader(s3Client(service.config), OWN_KEY).tags(anUpload({ key: "a b.jpg", versionId }), [
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

describe("s3CurrentOriginal", () => {
  const current = (service: AwsService) =>
    s3CurrentOriginal(s3Client(service.config))("source-bucket", "a b.jpg");

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

  const listing = (key: string): Answer => ({
    headers: { "content-type": "application/xml" },
    body: `<ListBucketResult><KeyCount>1</KeyCount><Contents><Key>${key}</Key><LastModified>2026-11-23T10:00:00.000Z</LastModified><ETag>&quot;0123&quot;</ETag><Size>4000</Size></Contents></ListBucketResult>`,
  });

  it("asks the listing for what S3 hides because its uploader keeps the key (SSE-C)", async () => {
    const service = new AwsService({ status: 400 }, listing("a b.jpg"));
    expect(await current(service)).toEqual({
      bucket: "source-bucket",
      key: "a b.jpg",
      sizeBytes: 4000,
      eTag: "0123",
      versionId: undefined,
      uploadTime: "2026-11-23T10:00:00.000Z",
    });
    expect(service.requests.map(({ method, query }) => [method, query["prefix"], query["max-keys"]])).toEqual(
      [
        ["HEAD", undefined, undefined],
        ["GET", "a b.jpg", "1"],
      ],
    );
    expect(await current(new AwsService({ status: 400 }, listing("a b.jpg2")))).toBeUndefined();
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
