import { hash } from "node:crypto";
import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { redrive } from "../../../operator/queue/redrive.ts";
import { type Answer, AwsService } from "../../handler/adapters/aws-service.ts";
import { SOME_OUTPUTS } from "../support.ts";

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

const letter = (id: string): Answer =>
  json({ Messages: [{ MessageId: id, ReceiptHandle: id, Body: id, MD5OfBody: hash("md5", id, "hex") }] });

const sent = (id: string): Answer => json({ MessageId: id, MD5OfMessageBody: hash("md5", id, "hex") });

/** What an endpoint says that has no move of its own. */
const noMove: Answer = {
  status: 400,
  body: JSON.stringify({ __type: "UnsupportedOperation", message: "No such call." }),
};

const counted = (waiting: number, inFlight: number): Answer =>
  json({
    Attributes: {
      QueueArn: ARN,
      ApproximateNumberOfMessages: String(waiting),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
    },
  });

test("letters that somebody looks at count, too, and are waited for", async () => {
  const nothing = json({});
  const service = new AwsService(
    counted(1, 2),
    noMove,
    ...[letter("a"), sent("a"), nothing],
    // Hidden as long as whoever looks at them has them.
    ...[nothing, nothing, nothing, nothing],
    ...[letter("b"), sent("b"), nothing],
    ...[letter("c"), sent("c"), nothing],
  );
  const seen: number[] = [];
  expect(await redrive(targetOf(service), { onProgress: ({ done }) => seen.push(done) })).toEqual({
    found: 3,
    moved: 3,
    by: "this program",
  });
  expect(seen).toEqual([1, 2, 3]);
  const moved = ["AmazonSQS.ReceiveMessage", "AmazonSQS.SendMessage", "AmazonSQS.DeleteMessage"];
  const empty = Array.from({ length: 4 }, () => "AmazonSQS.ReceiveMessage");
  expect(callsOf(service).slice(2)).toEqual([...moved, ...empty, ...moved, ...moved]);
});

test("letters that stay hidden are left, after five looks that find none", async () => {
  const service = new AwsService(counted(0, 2), noMove, json({}));
  expect(await redrive(targetOf(service))).toEqual({ found: 2, moved: 0, by: "this program" });
  expect(callsOf(service).slice(2)).toEqual(Array.from({ length: 5 }, () => "AmazonSQS.ReceiveMessage"));
});

test("a dry run counts letters that wait and letters that are in flight", async () => {
  const service = new AwsService(counted(4, 3));
  expect(await redrive(targetOf(service), { dryRun: true })).toEqual({ found: 7, moved: 0, by: "nobody" });
  expect(service.requests).toHaveLength(1);
});

test("a rate that SQS does not know is refused before anything is asked", async () => {
  const service = new AwsService();
  await expect(redrive(targetOf(service), { rate: 501 })).rejects.toThrow(
    "Expected a rate of 1 to 500 messages a second, got 501.",
  );
  expect(service.requests).toEqual([]);
});
