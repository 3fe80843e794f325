import { describe, expect, it } from "vitest";
import { s3RenditionWriter } from "../../../../handler/adapters/s3/renditions.ts";
import { s3Client } from "../../../../handler/adapters/s3.ts";
import type { Upload } from "../../../../handler/core/events/s3-event.ts";
import { RENDITION_FORMAT_FACTS, RENDITION_FORMATS } from "../../../../handler/core/spec/format.ts";
import { anUpload } from "../../../support/upload-events.ts";
import { type Answer, AwsService, rejection, s3Error } from "../aws-service.ts";

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
