import { describe, expect, it } from "vitest";
import { handleBatch } from "../../../handler/app/handle-batch.ts";
import { REPROCESS_EVENT } from "../../../handler/core/events/s3-event.ts";
import { reprocessSequencer } from "../../../handler/core/events/sequencer.ts";
import { resetMessage } from "../../../handler/core/reprocess/message.ts";
import type { Ports } from "../../../handler/ports/pipeline.ts";
import type { SourceReader } from "../../../handler/ports/source.ts";
import { FakePorts } from "../../support/fakes.ts";
import { SETTINGS } from "../../support/pipeline.ts";
import {
  anUpload,
  notificationBody,
  s3Record,
  s3RecordOf,
  sqsEvent,
  testEventBody,
} from "../../support/upload-events.ts";

const body = (...keys: readonly string[]): string =>
  notificationBody(...keys.map((key) => s3RecordOf(anUpload({ key }))));

const handle = ({ ports }: FakePorts, event: unknown, source: SourceReader = ports.source) =>
  handleBatch({ ports: { ...ports, source }, settings: SETTINGS }, event, () => 60_000);

/** A reader that fails for the keys given. */
const failingFor = (fakes: FakePorts, ...keys: readonly string[]): SourceReader => ({
  ...fakes.ports.source,
  read: async (upload, maxBytes, judge) => {
    if (keys.includes(upload.key)) throw new Error(`no luck with ${upload.key}`);
    return fakes.ports.source.read(upload, maxBytes, judge);
  },
});

const failures = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("handleBatch", () => {
  it("reports nothing when every message is done", async () => {
    const fakes = new FakePorts();
    expect(await handle(fakes, sqsEvent([body("a.jpg"), body("b.jpg"), body("c.jpg")]))).toEqual(failures());
    expect([...fakes.stored.keys()].sort()).toEqual([
      "a.jpg/card.webp",
      "b.jpg/card.webp",
      "c.jpg/card.webp",
    ]);
  });

  it("reports the one message that failed and finishes the others", async () => {
    const fakes = new FakePorts();
    const event = sqsEvent([body("a.jpg"), body("b.jpg"), body("c.jpg")]);
    expect(await handle(fakes, event, failingFor(fakes, "b.jpg"))).toEqual(failures("message-2"));
    expect([...fakes.stored.keys()].sort()).toEqual(["a.jpg/card.webp", "c.jpg/card.webp"]);
  });

  it("reports every message when all fail", async () => {
    const fakes = new FakePorts();
    const event = sqsEvent([body("a.jpg"), body("b.jpg"), body("c.jpg")]);
    const { batchItemFailures } = await handle(fakes, event, failingFor(fakes, "a.jpg", "b.jpg", "c.jpg"));
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
      "message-1",
      "message-2",
      "message-3",
    ]);
  });

  it("acknowledges an image that failed for good", async () => {
    const fakes = new FakePorts();
    fakes.failAt("inspect", "UNSUPPORTED_FORMAT");
    expect(await handle(fakes, sqsEvent([body("a.jpg")]))).toEqual(failures());
    expect(fakes.failed).toEqual(["UNSUPPORTED_FORMAT"]);
  });

  it("fails a message of several uploads when one fails, and finishes the others first", async () => {
    const fakes = new FakePorts();
    const event = sqsEvent([body("a.jpg", "b.jpg", "c.jpg")]);
    expect(await handle(fakes, event, failingFor(fakes, "a.jpg", "b.jpg"))).toEqual(failures("message-1"));
    expect([...fakes.stored.keys()]).toEqual(["c.jpg/card.webp"]);
    const errors = fakes.lines.filter(({ level }) => level === "error");
    expect(errors.map(({ fields }) => [fields["messageId"], fields["imageKey"]])).toEqual([
      ["message-1", "a.jpg"],
      ["message-1", "b.jpg"],
    ]);
  });

  it("gives back a message that it cannot read, and logs why", async () => {
    const fakes = new FakePorts();
    expect(await handle(fakes, sqsEvent(["not JSON", body("a.jpg")], 3))).toEqual(failures("message-1"));
    expect([...fakes.stored.keys()]).toEqual(["a.jpg/card.webp"]);
    expect(fakes.lines.filter(({ level }) => level === "error")).toEqual([
      {
        level: "error",
        message: "The message goes back to the queue",
        fields: {
          messageId: "message-1",
          delivery: 3,
          code: "MALFORMED_MESSAGE",
          error: "PipelineError: The message is not an S3 event notification: its body is not JSON.",
        },
      },
    ]);
  });

  it("processes an original whose restore it is told of", async () => {
    const fakes = new FakePorts();
    fakes.failAt("read", "SOURCE_ARCHIVED");
    await handle(fakes, sqsEvent([body("a.jpg")]));
    fakes.failures.clear();
    const restored = notificationBody(
      s3Record({ eventName: "ObjectRestore:Completed", object: { key: "a.jpg", sequencer: undefined } }),
    );
    expect(await handle(fakes, sqsEvent([restored]))).toEqual(failures());
    expect([...fakes.stored.keys()]).toEqual(["a.jpg/card.webp"]);
  });

  it("acknowledges and logs S3's test event and events that bring no image", async () => {
    const fakes = new FakePorts();
    const tagged = notificationBody(s3Record({ eventName: "ObjectTagging:Put", object: { key: "a+b.jpg" } }));
    expect(await handle(fakes, sqsEvent([testEventBody(), tagged]))).toEqual(failures());
    expect(fakes.steps).toEqual([]);
    expect(fakes.lines).toEqual([
      {
        level: "info",
        message: "Event ignored",
        fields: {
          messageId: "message-1",
          delivery: 1,
          eventName: "s3:TestEvent",
          reason: "S3 checks that it can reach the queue",
          imageKey: undefined,
        },
      },
      {
        level: "info",
        message: "Event ignored",
        fields: {
          messageId: "message-2",
          delivery: 1,
          eventName: "ObjectTagging:Put",
          reason: "neither an object that came nor one that went",
          imageKey: "a b.jpg",
        },
      },
    ]);
  });

  it("logs the message's id with every line of its images", async () => {
    const fakes = new FakePorts();
    await handle(fakes, sqsEvent([body("a.jpg")], 2));
    expect(fakes.lines).toMatchObject([
      { message: "Image processed", fields: { messageId: "message-1", delivery: 2, imageKey: "a.jpg" } },
    ]);
  });

  it("works on two messages at once and transforms one image at a time", async () => {
    const fakes = new FakePorts();
    const inWork = { read: 0, transform: 0 };
    const most = { read: 0, transform: 0 };
    const counting = async <Result>(
      step: keyof typeof most,
      work: () => Promise<Result>,
    ): Promise<Result> => {
      inWork[step] += 1;
      most[step] = Math.max(most[step], inWork[step]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inWork[step] -= 1;
      return work();
    };
    const { source, imaging } = fakes.ports;
    const ports = {
      ...fakes.ports,
      source: { ...source, read: (...args) => counting("read", () => source.read(...args)) },
      imaging: {
        inspect: imaging.inspect,
        transform: (...args) => counting("transform", () => imaging.transform(...args)),
      },
    } satisfies Ports;
    const keys = ["a", "b", "c", "d", "e"];
    const event = sqsEvent(keys.map((key) => body(key)));
    await handleBatch({ ports, settings: SETTINGS }, event, () => 60_000);
    expect([most, fakes.notices.length]).toEqual([{ read: 2, transform: 1 }, 5]);
  });

  it("holds no more originals at once than a quarter of the memory has room for", async () => {
    const fakes = new FakePorts();
    let reading = 0;
    let most = 0;
    const source: SourceReader = {
      ...fakes.ports.source,
      read: async (...args) => {
        reading += 1;
        most = Math.max(most, reading);
        await new Promise((resolve) => setTimeout(resolve, 5));
        reading -= 1;
        return fakes.ports.source.read(...args);
      },
    };
    const ports = { ...fakes.ports, source };
    const event = sqsEvent(["a", "b", "c"].map((key) => body(key)));
    // Each original has 4,000 bytes.
    const settings = { ...SETTINGS, limits: { ...SETTINGS.limits, memoryBytes: 4 * 7_999 } };
    expect(await handleBatch({ ports, settings }, event, () => 60_000)).toEqual(failures());
    expect([most, fakes.notices.length]).toEqual([1, 3]);
  });

  it("refuses what is about another bucket, and processes the rest of the message", async () => {
    const fakes = new FakePorts();
    const other = s3RecordOf(anUpload({ bucket: "other-bucket", key: "a.jpg" }));
    const gone = s3Record({ eventName: "ObjectRemoved:Delete", bucket: "other-bucket" });
    const event = sqsEvent([notificationBody(other, gone, s3RecordOf(anUpload({ key: "b.jpg" })))]);
    expect(await handle(fakes, event)).toEqual(failures("message-1"));
    expect([...fakes.records.keys()]).toEqual(["b.jpg"]);
    expect(fakes.lines.filter(({ level }) => level === "error")).toMatchObject([
      {
        fields: {
          imageKey: "a.jpg",
          code: "WRONG_BUCKET",
          error:
            "PipelineError: The message is about the bucket other-bucket; only events of source-bucket are handled.",
        },
      },
      { fields: { imageKey: "holiday/beach.jpg", code: "WRONG_BUCKET" } },
    ]);
  });

  it("removes what was made of an original that is gone, and its record says so", async () => {
    const fakes = new FakePorts();
    await handle(fakes, sqsEvent([body("a.jpg")]));
    const removed = s3Record({ eventName: "ObjectRemoved:Delete", object: { key: "a.jpg", sequencer: "F" } });
    expect(await handle(fakes, sqsEvent([notificationBody(removed)]))).toEqual(failures());
    expect([[...fakes.stored], fakes.records.get("a.jpg")?.deletedAt]).toEqual([
      [],
      "2026-11-23T10:00:00.000Z",
    ]);
  });

  it("processes an upload once more when it is asked to", async () => {
    const fakes = new FakePorts();
    const upload = anUpload({ key: "a.jpg" });
    await handle(fakes, sqsEvent([body("a.jpg")]));
    const again = s3Record({
      eventName: REPROCESS_EVENT,
      object: { key: "a.jpg", sequencer: reprocessSequencer(upload.sequencer, new Date(1)) },
    });
    expect(await handle(fakes, sqsEvent([notificationBody(again)]))).toEqual(failures());
    expect(fakes.processed).toHaveLength(2);
  });

  it("refuses what claims a time that is to come as its place in the order", async () => {
    const fakes = new FakePorts();
    const upload = anUpload({ key: "a.jpg" });
    await handle(fakes, sqsEvent([body("a.jpg")]));
    const messages = (at: Date) => [
      notificationBody(
        s3Record({
          eventName: REPROCESS_EVENT,
          object: { key: "a.jpg", sequencer: reprocessSequencer(upload.sequencer, at) },
        }),
      ),
      notificationBody(
        s3Record({
          eventName: "ObjectRestore:Completed",
          eventTime: at.toISOString(),
          object: { key: "a.jpg", sequencer: undefined },
        }),
      ),
      resetMessage({ bucket: "source-bucket", key: "a.jpg", resetAt: at.toISOString() }),
    ];
    expect(await handle(fakes, sqsEvent(messages(new Date("2026-11-23T10:30:00.000Z"))))).toEqual(
      failures("message-1", "message-2", "message-3"),
    );
    expect(fakes.lines.filter(({ level }) => level === "error")).toMatchObject(
      Array.from({ length: 3 }, () => ({ fields: { imageKey: "a.jpg", code: "MALFORMED_MESSAGE" } })),
    );
    expect(fakes.processed).toHaveLength(1);
    expect(await handle(fakes, sqsEvent(messages(new Date("2026-11-23T10:10:00.000Z"))))).toEqual(failures());
  });

  it("refuses a sequencer longer than S3's, which would keep every later upload out", async () => {
    const fakes = new FakePorts();
    const forged = s3Record({ object: { key: "a.jpg", sequencer: "F".repeat(32) } });
    expect(await handle(fakes, sqsEvent([notificationBody(forged)]))).toEqual(failures("message-1"));
    expect(fakes.lines).toMatchObject([{ level: "error", fields: { code: "MALFORMED_MESSAGE" } }]);
    expect(fakes.records.size).toBe(0);
  });

  it("knows the last try by how often the message was delivered", async () => {
    for (const [delivery, mails] of [
      [4, 0],
      [5, 1],
    ] as const) {
      const fakes = new FakePorts();
      fakes.failAt("read", "READ_FAILED");
      expect(await handle(fakes, sqsEvent([body("a.jpg")], delivery))).toEqual(failures("message-1"));
      expect(fakes.notices).toHaveLength(mails);
    }
  });

  it("has the order of a key begin anew when it is asked to", async () => {
    const fakes = new FakePorts();
    const { sequencer: _, ...current } = anUpload({ key: "a.jpg", versionId: "v2" });
    fakes.source.set("a.jpg", current);
    const forged = s3Record({ object: { key: "a.jpg", sequencer: "F".repeat(18) } });
    const resetAt = "2026-11-23T10:00:00.000Z";
    await handle(fakes, sqsEvent([notificationBody(forged)]));
    const reset = resetMessage({ bucket: "source-bucket", key: "a.jpg", resetAt });
    expect(await handle(fakes, sqsEvent([reset]))).toEqual(failures());
    expect(fakes.records.get("a.jpg")).toMatchObject({
      upload: { versionId: "v2", sequencer: expect.stringMatching(/^R/) },
      asset: { state: "PROCESSED" },
    });
  });

  describe("when the function's time runs out", () => {
    /** A run of the function that ends after so many milliseconds. */
    const run = (ms: number) => {
      const end = Date.now() + ms;
      return () => end - Date.now();
    };

    it("hands back the slow image and those behind it before the run ends, and keeps what is done", async () => {
      const fakes = new FakePorts();
      let finishSlow = () => {};
      const slow: Ports["imaging"] = {
        ...fakes.ports.imaging,
        transform: async (...args) => {
          if (fakes.stored.size > 0) await new Promise<void>((resolve) => (finishSlow = resolve));
          return fakes.ports.imaging.transform(...args);
        },
      };
      const remainingMs = run(1_600);
      const event = sqsEvent([body("quick.jpg"), body("slow.jpg"), body("behind.jpg")]);
      const ports = { ...fakes.ports, imaging: slow };
      const answer = await handleBatch({ ports, settings: SETTINGS }, event, remainingMs);
      expect(answer).toEqual(failures("message-2", "message-3"));
      expect(remainingMs()).toBeGreaterThan(0);
      expect([...fakes.stored.keys()]).toEqual(["quick.jpg/card.webp"]);
      expect(fakes.lines.filter(({ message }) => message.startsWith("The message goes back"))).toMatchObject([
        { level: "warn", fields: { messageId: "message-2" } },
        { level: "warn", fields: { messageId: "message-3" } },
      ]);

      // The work goes on when Lambda thaws the function for its next run: it must come to an end.
      finishSlow();
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect([...fakes.stored.keys()]).toEqual(["quick.jpg/card.webp"]);
    });

    it("begins no message that would take as long as the longest one had time for", async () => {
      const fakes = new FakePorts();
      let remaining = 10_000;
      const source: SourceReader = {
        ...fakes.ports.source,
        read: async (...args) => {
          remaining -= 3_000;
          return fakes.ports.source.read(...args);
        },
      };
      const event = sqsEvent(["a", "b", "c", "d"].map((key) => body(key)));
      const ports = { ...fakes.ports, source };
      const { batchItemFailures } = await handleBatch({ ports, settings: SETTINGS }, event, () => remaining);
      expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
        "message-3",
        "message-4",
      ]);
    });
  });

  it("refuses an event that is no batch of messages", async () => {
    await expect(handle(new FakePorts(), { hello: "world" })).rejects.toThrow(
      "Expected a batch of SQS messages",
    );
  });
});
