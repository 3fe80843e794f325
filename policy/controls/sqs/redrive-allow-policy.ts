import { z } from "zod";
import { jsonProperty, sourcesOf } from "../../aws/queues.ts";
import { SQS_QUEUE, SQS_REDRIVE_ALLOW_POLICY } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { isSet, judgeEach } from "../../engine/stack.ts";

export const sqsRedriveAllowPolicy = defineStackControl({
  id: "SQS-005",
  name: "sqs-redrive-allow-policy",
  title: "SQS dead-letter queues name their source queues.",
  severity: "low",
  level: "advisory",
  why: "By default, any queue of the account and region can use this queue as its dead-letter queue and fill it.",
  remediation:
    "Add an aws.sqs.RedriveAllowPolicy with redrivePermission byQueue and the ARNs of the source queues.",
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["sqs"],
  types: SQS_QUEUE,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(SQS_QUEUE), function* (queue) {
      if (sourcesOf(stack, queue).length === 0) return;
      const [attached] = stack.attachedTo(queue, SQS_REDRIVE_ALLOW_POLICY, "queueUrl");
      const holder = attached ?? (isSet(queue, "redriveAllowPolicy") ? queue : undefined);
      if (holder === undefined) {
        yield violation({
          key: "RedriveAllowPolicy::missing",
          message: "The dead-letter queue must have a redrive allow policy.",
        });
        return;
      }
      if (byQueue.safeParse(jsonProperty(holder, "redriveAllowPolicy")).success) return;
      yield violation({
        key: "RedriveAllowPolicy::not-by-queue",
        message: "The redrive allow policy must name the source queues.",
      });
    }),
});

const byQueue = z.object({
  redrivePermission: z.literal("byQueue"),
  sourceQueueArns: z.array(z.string()).min(1),
});
