import { describe, expect, it } from "vitest";
import { snsClient, snsNotifier } from "../../../handler/adapters/sns.ts";
import { AwsService, rejection } from "./aws-service.ts";

const TOPIC = "arn:aws:sns:eu-central-1:123456789012:notices";

const notice = {
  subject: "New Image Processed",
  body: "beach.jpg was processed.\n",
  attributes: {
    state: { type: "String", value: "PROCESSED" },
    imageKey: { type: "String", value: "a b/日+.jpg" },
    renditions: { type: "Number", value: "6" },
  },
} as const;

const notify = (service: AwsService) => snsNotifier(snsClient(service.config), TOPIC).notify(notice);

const published = {
  headers: { "content-type": "text/xml" },
  body: '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
};

const snsError = (status: number, code: string) => ({
  status,
  headers: { "content-type": "text/xml" },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>Said by SNS.</Message></Error></ErrorResponse>`,
});

describe("snsNotifier", () => {
  it("publishes subject, body and attributes to the topic", async () => {
    const service = new AwsService(published);
    await notify(service);
    expect(service.requests).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(service.lastRequest.body))).toEqual({
      Action: "Publish",
      Version: "2010-03-31",
      TopicArn: TOPIC,
      Subject: "New Image Processed",
      Message: "beach.jpg was processed.\n",
      "MessageAttributes.entry.1.Name": "state",
      "MessageAttributes.entry.1.Value.DataType": "String",
      "MessageAttributes.entry.1.Value.StringValue": "PROCESSED",
      "MessageAttributes.entry.2.Name": "imageKey",
      "MessageAttributes.entry.2.Value.DataType": "String",
      "MessageAttributes.entry.2.Value.StringValue": "a b/日+.jpg",
      "MessageAttributes.entry.3.Name": "renditions",
      "MessageAttributes.entry.3.Value.DataType": "Number",
      "MessageAttributes.entry.3.Value.StringValue": "6",
    });
  });

  it.each([
    [403, "AuthorizationError", 1],
    [404, "NotFound", 1],
    [400, "Throttling", 3],
    [500, "InternalFailure", 3],
  ])("reports %i %s for another try, after %i of its own", async (status, code, tries) => {
    const service = new AwsService(snsError(status, code));
    expect(await rejection(notify(service))).toMatchObject({
      code: "NOTIFY_FAILED",
      retryable: true,
      message: `The notice could not be published to ${TOPIC}.`,
      cause: expect.any(Error),
    });
    expect(service.requests).toHaveLength(tries);
  });

  it("reports a network that fails for another try", async () => {
    expect(await rejection(notify(new AwsService(new Error("socket hang up"))))).toMatchObject({
      code: "NOTIFY_FAILED",
      retryable: true,
    });
  });
});
