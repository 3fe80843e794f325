import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sqsClient, sqsMessageQueue } from "../../../handler/adapters/sqs.ts";
import { type Answer, AwsService, jsonError, rejection } from "./aws-service.ts";

const QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/ingest";
const BODY = '{"Records":[{"key":"a b/日+.jpg"}]}';

/** What SQS answers: the SDK compares the MD5 of what arrived with that of what it sent. */
const accepted: Answer = {
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify({ MessageId: "1", MD5OfMessageBody: hash("md5", BODY, "hex") }),
};

const send = (service: AwsService) => sqsMessageQueue(sqsClient(service.config), QUEUE).send(BODY);

describe("sqsMessageQueue", () => {
  it("sends the body as it is to the queue", async () => {
    const service = new AwsService(accepted);
    await send(service);
    expect(service.requests).toHaveLength(1);
    expect(service.lastRequest.headers["x-amz-target"]).toBe("AmazonSQS.SendMessage");
    expect(JSON.parse(service.lastRequest.body)).toEqual({ QueueUrl: QUEUE, MessageBody: BODY });
  });

  it.each([
    [400, "com.amazonaws.sqs#QueueDoesNotExist", 1],
    [403, "AccessDeniedException", 1],
    [400, "ThrottlingException", 3],
    [500, "InternalFailure", 3],
  ])("reports %i %s for another try, after %i of its own", async (status, type, tries) => {
    const service = new AwsService(jsonError(status, type));
    expect(await rejection(send(service))).toMatchObject({
      code: "SEND_FAILED",
      retryable: true,
      message: `A message could not be sent to ${QUEUE}.`,
      cause: expect.any(Error),
    });
    expect(service.requests).toHaveLength(tries);
  });
});
