import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { redrive } from "../../operator/redrive.ts";
import { type Answer, AwsService } from "../handler/adapters/aws-service.ts";
import { SOME_OUTPUTS } from "./support.ts";

const ARN = "arn:aws:sqs:eu-central-1:123456789012:dead";
const outputs = SOME_OUTPUTS;

const json = (body: object): Answer => ({ body: JSON.stringify(body) });

const depth = json({
  Attributes: {
    QueueArn: ARN,
    ApproximateNumberOfMessages: "3",
    ApproximateNumberOfMessagesNotVisible: "0",
    ApproximateNumberOfMessagesDelayed: "0",
  },
});

const task = (Status: string, moved: number, FailureReason?: string): Answer =>
  json({
    Results: [
      {
        Status,
        FailureReason,
        ApproximateNumberOfMessagesMoved: moved,
        ApproximateNumberOfMessagesToMove: 3,
      },
    ],
  });

const targetOf = (service: AwsService) => ({ sqs: new SQSClient(service.config), outputs });
const callsOf = ({ requests }: AwsService): readonly unknown[] =>
  requests.map(({ headers }) => headers["x-amz-target"]);

test("in AWS, SQS moves the dead letters back by itself, at the rate, and is followed to its end", async () => {
  const service = new AwsService(
    depth,
    json({ TaskHandle: "task" }),
    task("RUNNING", 1),
    task("COMPLETED", 3),
  );
  const seen: number[] = [];
  expect(
    await redrive(targetOf(service), { rate: 5, pollMs: 1, onProgress: ({ done }) => seen.push(done) }),
  ).toEqual({ found: 3, moved: 3, by: "SQS" });
  expect(seen).toEqual([1, 3]);
  expect(callsOf(service)).toEqual([
    "AmazonSQS.GetQueueAttributes",
    "AmazonSQS.StartMessageMoveTask",
    "AmazonSQS.ListMessageMoveTasks",
    "AmazonSQS.ListMessageMoveTasks",
  ]);
  expect(JSON.parse(service.requests[1]?.body ?? "")).toEqual({
    SourceArn: ARN,
    MaxNumberOfMessagesPerSecond: 5,
  });
});

test("a move that SQS gives up is told with its reason and what it needs", async () => {
  const service = new AwsService(
    depth,
    json({ TaskHandle: "task" }),
    task("FAILED", 1, "CouldNotDetermineMessageSource"),
  );
  await expect(redrive(targetOf(service), { pollMs: 1 })).rejects.toThrow(
    /^SQS moved 1 of 3 dead letters and stopped: CouldNotDetermineMessageSource\. Whoever redrives needs sqs:ReceiveMessage/,
  );
});

test("a rate that SQS does not know is refused before anything is asked", async () => {
  const service = new AwsService();
  await expect(redrive(targetOf(service), { rate: 501 })).rejects.toThrow(
    "Expected a rate of 1 to 500 messages a second, got 501.",
  );
  expect(service.requests).toEqual([]);
});
