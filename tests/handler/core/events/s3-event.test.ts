import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PipelineError } from "../../../../handler/core/errors.ts";
import { parseUploadEvents, REPROCESS_EVENT } from "../../../../handler/core/events/s3-event.ts";
import { resetMessage } from "../../../../handler/core/reprocess/message.ts";
import {
  anUpload,
  notificationBody,
  s3Record,
  s3RecordOf,
  testEventBody,
} from "../../../support/upload-events.ts";

const refusal = (body: string): PipelineError => {
  try {
    parseUploadEvents(body);
  } catch (error) {
    if (error instanceof PipelineError) return error;
    throw error;
  }
  throw new Error("Expected the body to be refused.");
};

describe("parseUploadEvents", () => {
  it("reads an upload with everything that the pipeline needs", () => {
    expect(parseUploadEvents(notificationBody(s3Record()))).toEqual({
      uploads: [
        {
          bucket: "source-bucket",
          key: "holiday/beach.jpg",
          sizeBytes: 4000,
          eTag: "0123456789abcdef0123456789abcdef",
          versionId: "v1",
          sequencer: "0055AED6DCD90281E500000000000000",
          uploadTime: "2026-11-23T10:00:00.000Z",
        },
      ],
      reprocesses: [],
      removals: [],
      restores: [],
      resets: [],
      ignored: [],
    });
  });

  it.each(["Put", "Post", "Copy", "CompleteMultipartUpload"])(
    "takes ObjectCreated:%s as an upload",
    (kind) => {
      const body = notificationBody(s3Record({ eventName: `ObjectCreated:${kind}` }));
      expect(parseUploadEvents(body).uploads).toHaveLength(1);
    },
  );

  it("does without a version id and an ETag", () => {
    const [upload] = parseUploadEvents(
      notificationBody(s3Record({ object: { versionId: undefined, eTag: undefined } })),
    ).uploads;
    expect(upload).toMatchObject({ versionId: undefined, eTag: undefined });
  });

  it.each([
    ["A+file%2Bname.jpg", "A file+name.jpg"],
    ["%2525.JPG", "%25.JPG"],
    ["%E6%97%A5/%C3%BC", "日/ü"],
  ])("decodes the key %s once, to %s", (encoded, key) => {
    const { uploads } = parseUploadEvents(notificationBody(s3Record({ object: { key: encoded } })));
    expect(uploads.map((upload) => upload.key)).toEqual([key]);
  });

  it("reads back any upload that S3 announces", () => {
    const anyUpload = fc.record({
      bucket: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
      key: fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }).filter((key) => !key.endsWith("/")),
      sizeBytes: fc.nat(),
      eTag: fc.option(fc.stringMatching(/^[0-9a-f]{32}$/), { nil: undefined }),
      versionId: fc.option(fc.stringMatching(/^[A-Za-z0-9._]{1,32}$/), { nil: undefined }),
      sequencer: fc.stringMatching(/^[0-9A-F]{20}$/).map((digits) => digits.padEnd(32, "0")),
      uploadTime: fc
        .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
        .map((at) => at.toISOString()),
    });
    fc.assert(
      fc.property(anyUpload, (upload) => {
        expect(parseUploadEvents(notificationBody(s3RecordOf(upload))).uploads).toEqual([upload]);
      }),
    );
  });

  it("orders sequencers of any length as S3 says: the shorter padded with zeros on the right", () => {
    const hex = fc.stringMatching(/^[0-9a-fA-F]{1,20}$/);
    const sequencerOf = (sequencer: string) =>
      parseUploadEvents(notificationBody(s3Record({ object: { sequencer } }))).uploads[0]?.sequencer ?? "";
    const numberOf = (sequencer: string) => BigInt(`0x${sequencer.padEnd(32, "0")}`);
    fc.assert(
      fc.property(hex, hex, (a, b) => {
        expect(sequencerOf(a) < sequencerOf(b)).toBe(numberOf(a) < numberOf(b));
        expect(sequencerOf(a)).toHaveLength(32);
      }),
    );
  });

  it("reads several uploads from one message, in order", () => {
    const first = anUpload({ key: "a.png" });
    const second = anUpload({ key: "b.png" });
    expect(parseUploadEvents(notificationBody(s3RecordOf(first), s3RecordOf(second))).uploads).toEqual([
      first,
      second,
    ]);
  });

  it("gives the time in UTC", () => {
    const body = notificationBody(s3Record({ eventTime: "2026-11-23T12:00:00+02:00" }));
    expect(parseUploadEvents(body).uploads[0]?.uploadTime).toBe("2026-11-23T10:00:00.000Z");
  });

  it("ignores the test event that S3 sends at set-up", () => {
    expect(parseUploadEvents(testEventBody())).toEqual({
      uploads: [],
      reprocesses: [],
      removals: [],
      restores: [],
      resets: [],
      ignored: [
        { eventName: "s3:TestEvent", reason: "S3 checks that it can reach the queue", key: undefined },
      ],
    });
  });

  it.each([
    "ObjectRemoved:Delete",
    "ObjectRemoved:DeleteMarkerCreated",
    "LifecycleExpiration:Delete",
    "LifecycleExpiration:DeleteMarkerCreated",
  ])("takes %s as a removal, which has no size, and keeps the uploads beside it", (eventName) => {
    const removed = s3Record({
      eventName,
      eventVersion: "2.3",
      object: { key: "old+one.jpg", size: undefined, eTag: undefined, sequencer: "0055AED6DCD90281E6" },
    });
    expect(parseUploadEvents(notificationBody(removed, s3Record()))).toMatchObject({
      uploads: [{ key: "holiday/beach.jpg" }],
      removals: [
        {
          bucket: "source-bucket",
          key: "old one.jpg",
          sequencer: "0055AED6DCD90281E600000000000000",
          removedAt: "2026-11-23T10:00:00.000Z",
        },
      ],
    });
  });

  it("takes its own event as an upload to process again", () => {
    const { uploads, reprocesses } = parseUploadEvents(
      notificationBody(s3Record({ eventName: REPROCESS_EVENT, object: { sequencer: "0".repeat(32) } })),
    );
    expect([uploads, reprocesses]).toMatchObject([[], [{ key: "holiday/beach.jpg", versionId: "v1" }]]);
  });

  it("refuses a sequencer longer than S3's of an arrival and of a removal, and any but its own of a reprocess", () => {
    const event = (eventName: string, sequencer: string) =>
      notificationBody(s3Record({ eventName, object: { sequencer } }));
    const longer = "expected 1 to 20 hexadecimal digits";
    for (const eventName of ["ObjectCreated:Put", "ObjectRemoved:Delete"]) {
      expect(parseUploadEvents(event(eventName, "F".repeat(20)))).toBeDefined();
      for (const sequencer of ["F".repeat(21), "F".repeat(32), `R${"0".repeat(12)}${"F".repeat(32)}`]) {
        expect(() => parseUploadEvents(event(eventName, sequencer))).toThrow(longer);
      }
    }
    const own = ["0".repeat(32), "F".repeat(32), `R00000000001A${"0".repeat(32)}`];
    for (const sequencer of own) expect(parseUploadEvents(event(REPROCESS_EVENT, sequencer))).toBeDefined();
    for (const sequencer of ["F".repeat(18), "F".repeat(33), `Z00000000001A${"0".repeat(32)}`]) {
      expect(() => parseUploadEvents(event(REPROCESS_EVENT, sequencer))).toThrow(
        "expected the sequencer of a reprocess",
      );
    }
  });

  it("takes the wish for another order as one, whose time is its place", () => {
    const body = resetMessage({
      bucket: "source-bucket",
      key: "a b+c.jpg",
      resetAt: "2026-11-23T10:00:00.000Z",
      isQuiet: true,
    });
    expect(parseUploadEvents(body)).toEqual({
      uploads: [],
      reprocesses: [],
      removals: [],
      restores: [],
      resets: [
        { bucket: "source-bucket", key: "a b+c.jpg", resetAt: "2026-11-23T10:00:00.000Z", isQuiet: true },
      ],
      ignored: [],
    });
  });

  it("takes the end of a restore as one, which has no place in the order of events", () => {
    const restored = s3Record({
      eventName: "ObjectRestore:Completed",
      object: { key: "old+one.jpg", sequencer: undefined },
    });
    expect(parseUploadEvents(notificationBody(restored))).toEqual({
      uploads: [],
      reprocesses: [],
      removals: [],
      resets: [],
      restores: [
        {
          bucket: "source-bucket",
          key: "old one.jpg",
          versionId: "v1",
          eTag: "0123456789abcdef0123456789abcdef",
          restoredAt: "2026-11-23T10:00:00.000Z",
        },
      ],
      ignored: [],
    });
  });

  it.each([
    "ObjectTagging:Put",
    "ObjectRestore:Post",
    "ObjectRestore:Delete",
    "Replication:Whatever",
    "SomethingNew",
  ])("ignores %s, and keeps the uploads beside it", (eventName) => {
    const other = s3Record({
      eventName,
      object: { key: "old+one.jpg", size: undefined, sequencer: undefined },
    });
    expect(parseUploadEvents(notificationBody(other, s3Record()))).toMatchObject({
      uploads: [{ key: "holiday/beach.jpg" }],
      ignored: [{ eventName, reason: "neither an object that came nor one that went", key: "old one.jpg" }],
    });
  });

  it("ignores the empty object with which the console marks a folder, but not an empty file", () => {
    const folder = s3Record({ object: { key: "holiday/", size: 0 } });
    const empty = s3Record({ object: { key: "holiday/empty.jpg", size: 0 } });
    expect(parseUploadEvents(notificationBody(folder, empty))).toMatchObject({
      uploads: [{ key: "holiday/empty.jpg", sizeBytes: 0 }],
      ignored: [{ reason: "the object marks a folder", key: "holiday/" }],
    });
  });

  it.each([
    ["no JSON", "{", "its body is not JSON"],
    ["JSON of another kind", '{"detail":{}}', "Records: Invalid input: expected array, received undefined"],
    ["no records", '{"Records":[]}', "Records: Too small: expected array to have >=1 items"],
    [
      "a source other than S3",
      notificationBody(s3Record({ eventSource: "aws:sns" })),
      "Records.0.eventSource: ",
    ],
    ["an unknown major version", notificationBody(s3Record({ eventVersion: "3.0" })), "expected version 2.x"],
    [
      "no sequencer",
      notificationBody(s3Record({ object: { sequencer: undefined } })),
      "s3.object.sequencer: ",
    ],
    [
      "a sequencer that is no number",
      notificationBody(s3Record({ object: { sequencer: "x" } })),
      "hexadecimal",
    ],
    [
      "a key that is not encoded",
      notificationBody(s3Record({ object: { key: "50%" } })),
      "expected a URL-encoded key",
    ],
    ["an empty key", notificationBody(s3Record({ object: { key: "" } })), "s3.object.key: "],
    ["a negative size", notificationBody(s3Record({ object: { size: -1 } })), "s3.object.size: "],
    [
      "a removal without a sequencer",
      notificationBody(s3Record({ eventName: "ObjectRemoved:Delete", object: { sequencer: undefined } })),
      "s3.object.sequencer: ",
    ],
    ["a time that is none", notificationBody(s3Record({ eventTime: "yesterday" })), "eventTime: "],
  ])("refuses %s, for the dead-letter queue", (_what, body, detail) => {
    const error = refusal(body);
    expect([error.code, error.retryable]).toEqual(["MALFORMED_MESSAGE", true]);
    expect(error.message).toContain("The message is not an S3 event notification: ");
    expect(error.message).toContain(detail);
  });

  it("refuses any text with the one error it has for it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(refusal(body).code).toBe("MALFORMED_MESSAGE");
      }),
    );
  });
});
