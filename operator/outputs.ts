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
  /** Names of the object tags that records keep, each with an index. */
  recordTags: z.array(z.string()).optional(),
  /** What S3 Inventory and S3 Batch Operations work with; missing in a stack that was deployed before it could have them. */
  inventory: z
    .union([z.literal("off"), z.object({ bucket: z.string(), functionArn: z.string(), roleArn: z.string() })])
    .optional(),
  /** `none` when no digests are sent; missing from a stack that was deployed before there were any. */
  digestFunctionName: z.string().optional(),
});
export type ProgramOutputs = z.output<typeof programOutputs>;

/** Whether notices come in a digest. */
export const sendsDigests = ({ digestFunctionName = "none" }: ProgramOutputs): boolean =>
  digestFunctionName !== "none";
