import type { Pipeline } from "../../local/pipeline.ts";
import { emulatedTarget, type Target } from "../../operator/target.ts";

/** What `npm start` publishes of a pipeline, as the operator's tools find it. */
export const targetOf = ({ emulator, aws, outputs }: Pipeline): Target =>
  emulatedTarget({
    endpoint: emulator.endpoint,
    authorityFile: emulator.authorityFile,
    logFile: emulator.logFile,
    region: aws.region,
    outputs,
  });

/** Outputs of a stack that is nowhere. */
export const SOME_OUTPUTS = {
  sourceBucket: "source",
  destinationBucket: "destination",
  topicArn: "arn:aws:sns:eu-central-1:123456789012:notices",
  queueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/ingest",
  deadLetterQueueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/dead",
  tableName: "assets",
  functionName: "processor",
  logGroupName: "/aws/lambda/processor",
};
