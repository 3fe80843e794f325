import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PERMANENT_CODES, PipelineError } from "../../../../handler/core/errors.ts";
import { givenUpNotice, noticeFor } from "../../../../handler/core/notice/notice.ts";
import { MAX_BODY_BYTES } from "../../../../handler/core/notice/text.ts";
import type { FailedAsset, ProcessedAsset } from "../../../../handler/core/record/asset.ts";
import type { NoticePlaces } from "../../../../handler/core/settings/notice-places.ts";
import { anUpload } from "../../../support/upload-events.ts";

const places: NoticePlaces = {
  region: "eu-central-1",
  destinationBucket: "renditions",
  links: { kind: "none" },
};

const processed = (overrides: Partial<ProcessedAsset> = {}): ProcessedAsset => ({
  state: "PROCESSED",
  upload: anUpload({ key: "my holiday/beach.jpg", sizeBytes: 4_619_264 }),
  processedAt: new Date("2026-11-23T10:00:06.000Z"),
  durationMs: 949,
  specsFingerprint: "fedcba9876543210",
  madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
  sha256: "o1",
  transformMs: 600,
  appearance: {
    dominantColour: "#336699",
    placeholder: "data:image/webp;base64,AAAA",
    thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
  },
  image: { format: "jpeg", width: 6000, height: 4000, pages: 1, hasAlpha: false },
  renditions: [
    {
      name: "thumbnail",
      key: "my holiday/beach.jpg/thumbnail.webp",
      format: "webp",
      width: 200,
      height: 200,
      sizeBytes: 9_318,
      sha256: "r1",
    },
    {
      name: "large",
      key: "my holiday/beach.jpg/large.jpg",
      format: "jpeg",
      width: 1600,
      height: 1067,
      sizeBytes: 5_000_000,
      sha256: "r1",
    },
  ],
  ...overrides,
});

const failed = (overrides: Partial<FailedAsset> = {}): FailedAsset => ({
  state: "FAILED",
  upload: anUpload({ key: "scan.pdf", sizeBytes: 2_048 }),
  processedAt: new Date("2026-11-23T10:00:06.000Z"),
  durationMs: 20,
  specsFingerprint: "fedcba9876543210",
  madeWith: { code: "0123456789abcdef", sharp: "0.35.5", libvips: "8.18.7" },
  image: undefined,
  reason: new PipelineError("UNSUPPORTED_FORMAT", "The file's content is a PDF document."),
  ...overrides,
});

describe("the notice of a processed image", () => {
  it("says what came, what was made, what it saves and where it is", () => {
    expect(noticeFor(processed(), places)).toEqual({
      subject: "New Image Processed",
      body: [
        '"my holiday/beach.jpg" was processed in 0.9 s.',
        "",
        "Original",
        "JPEG, 6000 x 4000 pixels, 4.4 MiB, uploaded 2026-11-23T10:00:00.000Z",
        "s3://source-bucket/my holiday/beach.jpg",
        "",
        "Renditions: 2, in the bucket renditions",
        "",
        "thumbnail, webp: 200 x 200 pixels, 9.1 KiB, 99.7 % smaller",
        "s3://renditions/my holiday/beach.jpg/thumbnail.webp",
        "",
        "large, jpeg: 1600 x 1067 pixels, 4.8 MiB, 8.2 % larger",
        "s3://renditions/my holiday/beach.jpg/large.jpg",
        "",
      ].join("\n"),
      attributes: {
        state: { type: "String", value: "PROCESSED" },
        imageKey: { type: "String", value: "my holiday/beach.jpg" },
        format: { type: "String", value: "jpeg" },
        renditions: { type: "Number", value: "2" },
      },
    });
  });

  it("links to the console, original and renditions", () => {
    const { body } = noticeFor(processed(), { ...places, links: { kind: "console" } });
    const console = "https://eu-central-1.console.aws.amazon.com/s3/object";
    expect(body.match(/^https.*$/gm)).toEqual([
      `${console}/source-bucket?region=eu-central-1&prefix=my%20holiday%2Fbeach.jpg`,
      `${console}/renditions?region=eu-central-1&prefix=my%20holiday%2Fbeach.jpg%2Fthumbnail.webp`,
      `${console}/renditions?region=eu-central-1&prefix=my%20holiday%2Fbeach.jpg%2Flarge.jpg`,
    ]);
  });

  it("links to renditions below the base URL, which does not serve the original", () => {
    const { body } = noticeFor(processed(), {
      ...places,
      links: { kind: "base", url: "https://img.example.com" },
    });
    expect(body).toContain("\ns3://source-bucket/my holiday/beach.jpg\n");
    expect(body.match(/^https.*$/gm)).toEqual([
      "https://img.example.com/my%20holiday/beach.jpg/thumbnail.webp",
      "https://img.example.com/my%20holiday/beach.jpg/large.jpg",
    ]);
  });

  it("says that only the first of several frames was used", () => {
    const image = { format: "gif", width: 10, height: 20, pages: 12, hasAlpha: false } as const;
    expect(noticeFor(processed({ image }), places).body).toContain(
      "\nGIF, 10 x 20 pixels, 12 pages or frames, of which the first was used, 4.4 MiB, uploaded",
    );
  });

  it.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1_023, "1023 bytes"],
    [1_024, "1.0 KiB"],
    [1_126, "1.1 KiB"],
  ])("gives a file of %i bytes as %s", (sizeBytes, shown) => {
    const upload = anUpload({ sizeBytes });
    expect(noticeFor(failed({ upload }), places).body).toContain(`\n${shown}, uploaded `);
  });

  it("never claims that all was saved", () => {
    const tiny = processed().renditions.map((rendition) => ({ ...rendition, sizeBytes: 1 }));
    expect(noticeFor(processed({ renditions: tiny }), places).body).toContain("99.9 % smaller");
  });
});

describe("the notice of a failed image", () => {
  it("says why and what to do", () => {
    expect(noticeFor(failed(), places)).toEqual({
      subject: "Image Not Processed",
      body: [
        '"scan.pdf" was not processed.',
        "",
        "Reason: UNSUPPORTED_FORMAT",
        "The file's content is a PDF document.",
        "",
        "What to do",
        "Save the picture as one of jpeg, png, webp, gif, avif, tiff, and upload it again.",
        "",
        "Original",
        "2.0 KiB, uploaded 2026-11-23T10:00:00.000Z",
        "s3://source-bucket/scan.pdf",
        "",
      ].join("\n"),
      attributes: {
        state: { type: "String", value: "FAILED" },
        imageKey: { type: "String", value: "scan.pdf" },
        reasonCode: { type: "String", value: "UNSUPPORTED_FORMAT" },
        renditions: { type: "Number", value: "0" },
      },
    });
  });

  it("has advice for every reason", () => {
    const bodies = PERMANENT_CODES.map(
      (code) => noticeFor(failed({ reason: new PipelineError(code, "Why.") }), places).body,
    );
    const advice = bodies.map((body) => /\nWhat to do\n(.+)\n/.exec(body)?.[1]);
    expect(new Set(advice).size).toBe(PERMANENT_CODES.length);
    expect(advice).not.toContain(undefined);
  });

  it("says what is known of an image that was refused", () => {
    const image = { format: "png", width: 20_000, height: 20_000, pages: 1, hasAlpha: false } as const;
    const { body, attributes } = noticeFor(failed({ image }), places);
    expect(body).toContain("\nPNG, 20000 x 20000 pixels, 2.0 KiB");
    expect(attributes["format"]).toEqual({ type: "String", value: "png" });
  });
});

describe("any notice", () => {
  // SNS takes these characters only (https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html, XML 1.0).
  const allowed = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

  it("holds only characters that SNS takes, whatever the key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 50 }), (key) => {
        const { subject, body, attributes } = noticeFor(failed({ upload: anUpload({ key }) }), places);
        expect(subject).toBe("Image Not Processed");
        expect(body).toMatch(allowed);
        expect(attributes["imageKey"]?.value).toMatch(allowed);
        expect(attributes["imageKey"]?.value).not.toMatch(/[\n\r]/);
      }),
    );
  });

  it.each([
    ["\n", "\\u{a}"],
    ["\r", "\\u{d}"],
    ["\u2028", "\\u{2028}"],
    ["\u2029", "\\u{2029}"],
    ["\u0085", "\\u{85}"],
  ])("keeps a key with the line break %j on its line", (lineBreak, shown) => {
    const { body } = noticeFor(failed({ upload: anUpload({ key: `a${lineBreak}Reason: b` }) }), places);
    expect(body.split("\n")[0]).toBe(`"a${shown}Reason: b" was not processed.`);
  });

  it("stays below SNS's size with as many and as long keys as there can be", () => {
    const key = "日".repeat(330);
    const renditions = Array.from({ length: 120 }, (_, index) => ({
      name: `rendition-${index}`,
      key: `${key}/rendition-${index}.webp`,
      format: "webp" as const,
      width: 100,
      height: 100,
      sizeBytes: 1_000,
      sha256: "r1",
    }));
    const { body } = noticeFor(processed({ upload: anUpload({ key }), renditions }), {
      ...places,
      links: { kind: "console" },
    });
    const left = /\nand (\d+) more; the asset record lists them all\.\n$/.exec(body)?.[1];
    const listed = body.match(/^rendition-\d+, webp/gm)?.length ?? 0;
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(listed).toBeGreaterThan(50);
    expect(listed + Number(left)).toBe(120);
  });
});

describe("the notice of an upload that every try has failed on", () => {
  it("says on what, after how many tries, and how it comes back", () => {
    const failedTry = { code: "READ_FAILED", sentence: "It could not be read. (AccessDenied)" };
    const notice = givenUpNotice(anUpload(), failedTry, {
      region: "eu-central-1",
      destinationBucket: "renditions",
      links: { kind: "none" },
      maxReceiveCount: 5,
    });
    expect(notice).toEqual({
      subject: "Image Not Processed",
      body: [
        "holiday/beach.jpg was not processed: given up after 5 tries.",
        "",
        "Reason of the last one: READ_FAILED",
        "It could not be read. (AccessDenied)",
        "",
        "What to do",
        "Mend the cause, then bring it back with npm run redrive. Until then its message is kept as a dead letter, for 14 days.",
        "",
        "Original",
        "3.9 KiB, uploaded 2026-11-23T10:00:00.000Z",
        "s3://source-bucket/holiday/beach.jpg",
        "",
      ].join("\n"),
      attributes: {
        state: { type: "String", value: "GIVEN_UP" },
        imageKey: { type: "String", value: "holiday/beach.jpg" },
        reasonCode: { type: "String", value: "READ_FAILED" },
        renditions: { type: "Number", value: "0" },
      },
    });
  });
});
