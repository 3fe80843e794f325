import * as z from "zod";
import { urlEncodedKey } from "../object-key.ts";
import { type ReprocessRequest, reprocessRequest } from "./request.ts";

/** One object of a job of S3 Batch Operations. */
export type BatchTask = { readonly taskId: string; readonly bucket: string; readonly key: string };

export type BatchInvocation = {
  readonly invocationId: string;
  readonly request: ReprocessRequest;
  readonly tasks: readonly BatchTask[];
};

/** What became of a task: `TemporaryFailure` has S3 hand it over again before the job ends. */
export type BatchResult = {
  readonly taskId: string;
  readonly resultCode: "Succeeded" | "TemporaryFailure" | "PermanentFailure";
  readonly resultString: string;
};

export type BatchAnswer = {
  readonly invocationSchemaVersion: "2.0";
  readonly treatMissingKeysAs: "PermanentFailure";
  readonly invocationId: string;
  readonly results: readonly BatchResult[];
};

const invocation = z.object({
  invocationSchemaVersion: z.literal("2.0"),
  invocationId: z.string(),
  job: z.object({ userArguments: reprocessRequest }),
  tasks: z.array(z.object({ taskId: z.string(), s3Bucket: z.string(), s3Key: urlEncodedKey })).min(1),
});

/**
 * Reads what S3 Batch Operations invokes a function with, schema version 2.0
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html).
 * @throws TypeError when it is none: the function was called by something else, or for another job
 */
export const parseBatchInvocation = (event: unknown): BatchInvocation => {
  const result = invocation.safeParse(event);
  if (!result.success) {
    const problems = result.error.issues.map(
      ({ path, message }) => `${path.join(".") || "event"}: ${message}`,
    );
    throw new TypeError(
      `Expected tasks of S3 Batch Operations, as \`npm run reprocess -- --batch\` has them made; ${problems.join("; ")}.`,
    );
  }
  const { invocationId, job, tasks } = result.data;
  return {
    invocationId,
    request: job.userArguments,
    tasks: tasks.map(({ taskId, s3Bucket, s3Key }) => ({ taskId, bucket: s3Bucket, key: s3Key })),
  };
};

export const batchAnswer = (invocationId: string, results: readonly BatchResult[]): BatchAnswer => ({
  invocationSchemaVersion: "2.0",
  treatMissingKeysAs: "PermanentFailure",
  invocationId,
  results,
});
