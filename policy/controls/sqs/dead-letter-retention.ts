import { sourcesOf } from "../../aws/queues.ts";
import { SQS_QUEUE } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach } from "../../engine/stack.ts";

/** Four days in seconds; SQS's default. */
const DEFAULT_RETENTION = 345_600;

export const sqsDeadLetterRetention = defineStackControl({
  id: "SQS-006",
  name: "sqs-dead-letter-retention",
  title: "SQS dead-letter queues keep messages longer than their source queues.",
  severity: "low",
  level: "advisory",
  why: "In a standard queue, a message keeps its original age when it moves to the dead-letter queue. With the same retention, it can expire shortly after it fails.",
  remediation: "Raise the dead-letter queue's messageRetentionSeconds, up to 1209600 (14 days).",
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["sqs"],
  types: SQS_QUEUE,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(SQS_QUEUE), function* (queue) {
      // In a FIFO queue, the age restarts when the message moves.
      if (queue.props.boolean("fifoQueue") === true) return;
      for (const source of sourcesOf(stack, queue)) {
        if (retentionOf(queue) > retentionOf(source)) continue;
        yield violation({
          key: `Retention::${source.name}`,
          message: `\`messageRetentionSeconds\` must be higher than that of ${source.name}.`,
        });
      }
    }),
});

const retentionOf = ({ props }: StackResource): number =>
  props.number("messageRetentionSeconds") ?? DEFAULT_RETENTION;
