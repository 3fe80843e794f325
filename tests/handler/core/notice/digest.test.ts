import { describe, expect, it } from "vitest";
import { PERMANENT_CODES } from "../../../../handler/core/errors.ts";
import { digestFor, dueTime } from "../../../../handler/core/notice/digest.ts";
import type { DigestTally } from "../../../../handler/core/notice/digest-tally.ts";
import { MAX_BODY_BYTES } from "../../../../handler/core/notice/text.ts";
import type { DigestPlaces } from "../../../../handler/core/settings/notice-places.ts";

const places: DigestPlaces = {
  region: "eu-central-1",
  sourceBucket: "originals",
  destinationBucket: "renditions",
  links: { kind: "none" },
  timeZone: "UTC",
};

const DUE = new Date("2026-11-25T08:00:00.000Z");
const period = { from: new Date("2026-11-24T08:00:00.000Z"), to: DUE };

const NOTHING: DigestTally = { processed: 0, failed: 0, deleted: 0, bytesIn: 0, bytesOut: 0, failures: [] };

const tally: DigestTally = {
  processed: 1204,
  failed: 3,
  deleted: 2,
  bytesIn: 1_288_490_189,
  bytesOut: 101_082_726,
  failures: [
    { code: "CORRUPT_IMAGE", count: 2, keys: ["holiday/half.jpg"] },
    { code: "EMPTY_OBJECT", count: 1, keys: ["new\nline.jpg"] },
  ],
};

const bodyOf = (
  ...[what = tally, when = period, due = DUE, where = places]: Partial<Parameters<typeof digestFor>>
) => digestFor(what, when, due, where)?.body;

describe("a digest", () => {
  it("says what came of all uploads of its time, what it saved, what failed and what to do", () => {
    expect(digestFor(tally, period, DUE, places)).toEqual({
      subject: "Image Digest: 1,204 processed, 3 not",
      body: [
        "From 2026-11-24 08:00 UTC to 2026-11-25 08:00 UTC",
        "",
        "Processed: 1,204",
        "1.2 GiB of originals, 96.4 MiB of renditions, 92.1 % smaller",
        "s3://renditions/",
        "",
        "Not processed: 3",
        "",
        "Deleted: 2",
        "",
        "Why, and what to do",
        "",
        "CORRUPT_IMAGE: 2",
        "The file is damaged or was cut off on its way. Upload it again from where it is whole.",
        "",
        '"holiday/half.jpg"',
        "s3://originals/holiday/half.jpg",
        "",
        "and 1 more; npm run failures lists them all.",
        "",
        "EMPTY_OBJECT: 1",
        "The file has no content. Upload it again, and check it before you do.",
        "",
        '"new\\u{a}line.jpg"',
        "s3://originals/new\\u{a}line.jpg",
        "",
      ].join("\n"),
      attributes: {
        state: { type: "String", value: "DIGEST" },
        processed: { type: "Number", value: "1204" },
        failed: { type: "Number", value: "3" },
        deleted: { type: "Number", value: "2" },
      },
    });
  });

  it("is none where nothing happened", () => {
    expect(digestFor(NOTHING, period, DUE, places)).toBeUndefined();
  });

  it("speaks of bytes only where something was processed", () => {
    expect(bodyOf({ ...NOTHING, deleted: 1 })).toBe(
      "From 2026-11-24 08:00 UTC to 2026-11-25 08:00 UTC\n\nProcessed: 0\n\nNot processed: 0\n\nDeleted: 1\n",
    );
  });

  it("links as notices do: to the console, or by S3's names where an address serves renditions alone", () => {
    const inConsole = bodyOf(tally, period, DUE, { ...places, links: { kind: "console" } });
    expect(inConsole).toContain(
      "https://eu-central-1.console.aws.amazon.com/s3/buckets/renditions?region=eu-central-1\n",
    );
    expect(inConsole).toContain(
      "https://eu-central-1.console.aws.amazon.com/s3/object/originals?region=eu-central-1&prefix=holiday%2Fhalf.jpg\n",
    );
    const served = bodyOf(tally, period, DUE, {
      ...places,
      links: { kind: "base", url: "https://images.example.com" },
    });
    expect(served).toContain("s3://renditions/\n");
    expect(served).toContain("s3://originals/holiday/half.jpg\n");
  });

  it.each([
    ["Europe/Berlin", "From 2026-10-25 02:30 GMT+2 to 2026-10-25 02:30 GMT+1"],
    ["America/New_York", "From 2026-10-24 20:30 EDT to 2026-10-24 21:30 EDT"],
  ])("tells the time of %s, and which of two equal ones it is when clocks are set back", (timeZone, line) => {
    const setBack = { from: new Date("2026-10-25T00:30:00Z"), to: new Date("2026-10-25T01:30:00Z") };
    expect(bodyOf(tally, setBack, setBack.to, { ...places, timeZone })?.split("\n")[0]).toBe(line);
  });

  it("says what the next one tells, where there was no time for all", () => {
    const to = new Date("2026-11-25T07:45:00.000Z");
    expect(bodyOf(tally, { ...period, to })).toContain(
      "\nDeleted: 2\n\nThere was no time to read what came until 2026-11-25 08:00 UTC: the next digest tells it.\n",
    );
  });

  it("stays below what SNS takes, with every reason and the longest keys", () => {
    const keys = Array.from({ length: 20 }, () => "\u{20AC}".repeat(341));
    const failures = PERMANENT_CODES.map((code) => ({ code, count: 1000, keys }));
    const body =
      bodyOf({ ...tally, failed: 15_000, failures }, period, DUE, {
        ...places,
        links: { kind: "console" },
      }) ?? "";
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_BODY_BYTES * 0.7);
    for (const code of PERMANENT_CODES) expect(body).toContain(`\n${code}: 1,000\n`);
    expect(body.match(/and 996 more;/g)).toHaveLength(PERMANENT_CODES.length);
  });
});

describe("the time at which a digest is due", () => {
  it("is the one that the schedule names", () => {
    expect(dueTime({ scheduledTime: "2026-11-25T08:00:00Z" })).toEqual(DUE);
  });

  it.each([undefined, {}, { scheduledTime: "<aws.scheduler.scheduled-time>" }, { scheduledTime: 5 }])(
    "must be one: %j",
    (event) => {
      expect(() => dueTime(event)).toThrow(
        expect.objectContaining({ code: "MALFORMED_MESSAGE", retryable: true }),
      );
    },
  );
});
