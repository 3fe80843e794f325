import { consumersOf, redriveOf, sourcesOf } from "../../aws/queues.ts";
import { SQS_QUEUE } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";

export const sqsDeadLetterQueue = defineStackControl({
  id: "SQS-003",
  name: "sqs-dead-letter-queue",
  title: "SQS queues with a consumer have a dead-letter queue.",
  severity: "medium",
  level: "mandatory",
  why: "Without one, a message that can't be processed is retried until its retention ends and is then lost without a trace.",
  remediation: "Set redrivePolicy with the ARN of a dead-letter queue and a maxReceiveCount of 5 or more.",
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["sqs", "lambda"],
  types: SQS_QUEUE,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(SQS_QUEUE), function* (queue) {
      if (consumersOf(stack, queue).length === 0 || redriveOf(stack, queue) !== undefined) return;
      // A dead-letter queue with a consumer does not need another dead-letter queue.
      if (sourcesOf(stack, queue).length > 0) return;
      yield violation({
        key: "Redrive::missing",
        message: "The queue must have a redrive policy, because it has a consumer.",
      });
    }),
});
