import { describe, expect, it } from "vitest";
import { parseMessageBatch } from "../../../../handler/core/events/sqs-batch.ts";
import { sqsEvent } from "../../../support/upload-events.ts";

describe("parseMessageBatch", () => {
  it("reads every message with its delivery", () => {
    expect(parseMessageBatch(sqsEvent(["a", "b"], 3))).toEqual([
      { messageId: "message-1", body: "a", delivery: 3 },
      { messageId: "message-2", body: "b", delivery: 3 },
    ]);
  });

  it("says what is wrong with an event that no queue sent", () => {
    expect(() => parseMessageBatch({ key: "value" })).toThrow(
      "Expected a batch of SQS messages, as the ingest queue's event source mapping sends it; Records: ",
    );
    expect(() => parseMessageBatch(undefined)).toThrow(TypeError);
  });
});
