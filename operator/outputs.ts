import { z } from "zod";

/** The program's outputs (index.ts): all that anyone needs to know of a stack to work with it. */
export const programOutputs = z.object({
  sourceBucket: z.string(),
  destinationBucket: z.string(),
  topicArn: z.string(),
  queueUrl: z.string(),
  deadLetterQueueUrl: z.string(),
  tableName: z.string(),
  functionName: z.string(),
  logGroupName: z.string(),
});
export type ProgramOutputs = z.output<typeof programOutputs>;
