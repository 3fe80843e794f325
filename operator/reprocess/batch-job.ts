import { randomUUID } from "node:crypto";
import type { S3ControlClient, S3ControlClientConfig } from "@aws-sdk/client-s3-control";
import { argumentsOf, type ReprocessRequest } from "../../handler/core/reprocess/request.ts";
import { OperatorError } from "../errors.ts";
import type { Target } from "../target.ts";
import { type InventoryList, inventoryOf } from "../verify/inventory-list.ts";

type Places = Pick<Target, "region" | "outputs">;

/** How far a job of S3 Batch Operations is. */
export type JobState = {
  /** `Preparing`, `Ready`, `Active`, `Complete`, `Failed` and others of S3's. */
  readonly status: string;
  readonly tasks: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Why it failed as a whole. */
  readonly reasons: readonly string[];
};

/** The account's number and partition are part of the job's role. */
const accountOf = (roleArn: string): { readonly partition: string; readonly account: string } => {
  const [, partition = "", , , account = ""] = roleArn.split(":");
  return { partition, account };
};

/** The client is loaded for those who use it alone: few do. */
const withControl = async <Result>(
  { region }: Places,
  config: S3ControlClientConfig,
  use: (client: S3ControlClient) => Promise<Result>,
): Promise<Result> => {
  const { S3ControlClient } = await import("@aws-sdk/client-s3-control");
  const client = new S3ControlClient({ region, maxAttempts: 8, ...config });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
};

/**
 * Has S3 Batch Operations invoke the stack's function for every object of a list; the function asks for the originals
 * that are selected to be processed once more. S3 reads the very version of the list that was counted.
 *
 * @returns the job's id
 */
export const createReprocessJob = (
  places: Places,
  list: InventoryList,
  request: ReprocessRequest,
  config: S3ControlClientConfig = {},
): Promise<string> =>
  withControl(places, config, async (client) => {
    const { CreateJobCommand } = await import("@aws-sdk/client-s3-control");
    const { bucket, functionArn, roleArn } = inventoryOf(places);
    const { partition, account } = accountOf(roleArn);
    const { JobId } = await client.send(
      new CreateJobCommand({
        AccountId: account,
        ConfirmationRequired: false,
        Description: `Process originals of ${list.bucket} once more`,
        Operation: {
          LambdaInvoke: {
            FunctionArn: functionArn,
            InvocationSchemaVersion: "2.0",
            UserArguments: argumentsOf(request),
          },
        },
        Manifest: {
          Spec: { Format: "S3InventoryReport_CSV_20161130" },
          Location: {
            ObjectArn: `arn:${partition}:s3:::${bucket}/${list.manifest.key}`,
            ObjectVersionId: list.manifest.versionId,
            ETag: list.manifest.eTag,
          },
        },
        Report: { Enabled: false },
        Priority: 10,
        RoleArn: roleArn,
        ClientRequestToken: randomUUID(),
      }),
    );
    if (JobId === undefined) throw new OperatorError("S3 Batch Operations gave the job no id.");
    return JobId;
  });

/** How far a job is, by its id. @throws {OperatorError} when there is none with that id */
export const readJob = (
  places: Places,
  jobId: string,
  config: S3ControlClientConfig = {},
): Promise<JobState> =>
  withControl(places, config, async (client) => {
    const { DescribeJobCommand } = await import("@aws-sdk/client-s3-control");
    const { account } = accountOf(inventoryOf(places).roleArn);
    const { Job } = await client.send(new DescribeJobCommand({ AccountId: account, JobId: jobId }));
    const {
      TotalNumberOfTasks = 0,
      NumberOfTasksSucceeded = 0,
      NumberOfTasksFailed = 0,
    } = Job?.ProgressSummary ?? {};
    return {
      status: Job?.Status ?? "unknown",
      tasks: TotalNumberOfTasks,
      succeeded: NumberOfTasksSucceeded,
      failed: NumberOfTasksFailed,
      reasons: (Job?.FailureReasons ?? []).map(
        ({ FailureCode = "", FailureReason = "" }) => `${FailureCode}: ${FailureReason}`,
      ),
    };
  });
