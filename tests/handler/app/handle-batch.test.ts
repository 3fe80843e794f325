import { describe, expect, it } from "vitest";
import { handleBatch } from "../../../handler/app/handle-batch.ts";
import { DEFAULT_INPUT } from "../../../handler/core/picture.ts";
import { renditionSpecs } from "../../../handler/core/rendition.ts";
import type { Ports, SourceReader } from "../../../handler/ports.ts";
import { FakePorts } from "../../support/fakes.ts";
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

const SETTINGS = {
  region: "eu-central-1",
  destinationBucket: "renditions",
  renditions: renditionSpecs.parse([{ name: "card", width: 400, formats: ["webp"] }]),
  limits: { maxBytes: 10_000, maxPixels: 50_000_000 },
  input: DEFAULT_INPUT,
  links: { kind: "none" },
} as const;

const handle = ({ ports }: FakePorts, event: unknown, source: SourceReader = ports.source) =>
  handleBatch({ ports: { ...ports, source }, settings: SETTINGS }, event);

/** A reader that fails for the keys given. */
const failingFor = (fakes: FakePorts, ...keys: readonly string[]): SourceReader => ({
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

  it("acknowledges and logs S3's test event and events that bring no image", async () => {
    const fakes = new FakePorts();
    const removed = notificationBody(
      s3Record({ eventName: "ObjectRemoved:Delete", object: { key: "a+b.jpg" } }),
    );
    expect(await handle(fakes, sqsEvent([testEventBody(), removed]))).toEqual(failures());
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
          eventName: "ObjectRemoved:Delete",
          reason: "only created objects are processed",
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
      source: { read: (...args) => counting("read", () => source.read(...args)) },
      imaging: {
        inspect: imaging.inspect,
        transform: (...args) => counting("transform", () => imaging.transform(...args)),
      },
    } satisfies Ports;
    const keys = ["a", "b", "c", "d", "e"];
    await handleBatch({ ports, settings: SETTINGS }, sqsEvent(keys.map((key) => body(key))));
    expect([most, fakes.notices.length]).toEqual([{ read: 2, transform: 1 }, 5]);
  });

  it("passes the delivery on, so that a redelivered and overtaken upload repairs what it stored", async () => {
    const upload = anUpload({ key: "a.jpg", versionId: "v1", sequencer: "A".padEnd(32, "0") });
    const later = anUpload({ key: "a.jpg", versionId: "v2", sequencer: "B".padEnd(32, "0") });
    const storedAtDelivery = async (delivery: number) => {
      const fakes = new FakePorts();
      fakes.takeOver(later);
      await handle(fakes, sqsEvent([notificationBody(s3RecordOf(upload))], delivery));
      return [...fakes.stored.values()];
    };
    expect(await storedAtDelivery(1)).toEqual([]);
    expect(await storedAtDelivery(2)).toEqual(["card.webp of original v2"]);
  });

  it("refuses an event that is no batch of messages", async () => {
    await expect(handle(new FakePorts(), { hello: "world" })).rejects.toThrow(
      "Expected a batch of SQS messages",
    );
  });
});
