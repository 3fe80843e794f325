import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { ClientConfig } from "./aws.ts";
import { OperatorError } from "./errors.ts";
import { type ProgramOutputs, programOutputs } from "./outputs.ts";
import { type RunningPipeline, readRunning, STATE_FILE } from "./running.ts";

/** A pipeline to work on, and one client of each service that this takes. */
export type Target = {
  /** How messages name it. */
  readonly name: string;
  readonly region: string;
  readonly outputs: ProgramOutputs;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** Closes every connection. */
  readonly close: () => void;
};

const clientsOf = ({ forcePathStyle = false, ...config }: ClientConfig) => {
  // Throttles are part of long work; the SDK waits longer before each try.
  const patient = { maxAttempts: 8, ...config };
  const clients = {
    cloudwatch: new CloudWatchClient(patient),
    dynamodb: new DynamoDBClient(patient),
    lambda: new LambdaClient(patient),
    logs: new CloudWatchLogsClient(patient),
    s3: new S3Client({ ...patient, forcePathStyle }),
    sns: new SNSClient(patient),
    sqs: new SQSClient(patient),
  };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
};

/** A pipeline that runs on an emulator, ours or the user's own. */
export const emulatedTarget = ({
  endpoint,
  authorityFile,
  credentials,
  region,
  outputs,
}: RunningPipeline): Target => ({
  name: "the pipeline on this machine",
  region,
  outputs,
  ...clientsOf({
    region,
    endpoint,
    forcePathStyle: true,
    // At an endpoint of the user's own they are the user's.
    // A copy, since the SDK writes into it.
    ...(credentials !== undefined && { credentials: { ...credentials } }),
    requestHandler: {
      httpsAgent: new Agent({
        keepAlive: true,
        maxSockets: 50,
        ...(authorityFile === undefined ? {} : { ca: readFileSync(authorityFile) }),
      }),
    },
  }),
});

/**
 * The pipeline that `npm start` runs in this checkout.
 *
 * @throws {OperatorError} when none runs, or it is not ready yet.
 */
export const localTarget = (file = STATE_FILE): Target => {
  const found = readRunning(file);
  if (found === undefined) {
    throw new OperatorError(
      "No pipeline runs here, and no stack is named. Start one with `npm start`, or name a stack: `-- --stack dev`.",
    );
  }
  if (found.pipeline === undefined) {
    throw new OperatorError(
      "The pipeline is still starting: run this again when `npm start` says it is ready.",
    );
  }
  return emulatedTarget(found.pipeline);
};

/** The region is part of the dead-letter queue's address in every partition. */
const regionOf = ({ queueUrl }: ProgramOutputs): string => {
  const region = /^https:\/\/sqs\.([a-z0-9-]+)\./.exec(queueUrl)?.[1];
  if (region === undefined) {
    throw new OperatorError(`Expected the output queueUrl to be an address of SQS, got ${queueUrl}.`);
  }
  return region;
};

/** A deployed stack, by its outputs. */
export const deployedTarget = (name: string, outputs: ProgramOutputs): Target => {
  const region = regionOf(outputs);
  return { name, region, outputs, ...clientsOf({ region }) };
};

const ROOT = join(import.meta.dirname, "..");

const isNotFound = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/** Runs the CLI that is installed; npm puts its own package first, which would go and download another. */
const pulumi = async (args: readonly string[]): Promise<string> => {
  const all = process.env["PATH"] ?? "";
  const installed = all
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join("node_modules", ".bin")))
    .join(delimiter);
  const run = async (PATH: string): Promise<string> => {
    const options = { cwd: ROOT, maxBuffer: 10_000_000, env: { ...process.env, PATH } };
    return (await promisify(execFile)("pulumi", [...args], options)).stdout;
  };
  try {
    return await run(installed);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return run(all);
  }
};

const stackOutputs = async (stack: string): Promise<string> => {
  try {
    return await pulumi(["stack", "output", "--json", "--non-interactive", "--stack", stack]);
  } catch (error) {
    if (isNotFound(error)) {
      throw new OperatorError(
        "The Pulumi CLI, which knows the stack's outputs, was not found: install it (https://www.pulumi.com/docs/install/).",
      );
    }
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new OperatorError(`The outputs of the stack ${stack} can't be read. Pulumi says:\n${said}`);
  }
};

/**
 * Reads what `pulumi stack output --json` prints.
 *
 * @throws {OperatorError} when it is not what this program's stack has.
 */
export const targetOfOutputs = (stack: string, json: string): Target => {
  const outputs = programOutputs.safeParse(JSON.parse(json));
  if (!outputs.success) {
    const missing = outputs.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw new OperatorError(
      `The stack ${stack} has no usable ${missing} among its outputs: is it deployed, and of this project?`,
    );
  }
  return deployedTarget(`the stack ${stack}`, outputs.data);
};

/** @throws {OperatorError} when there is no such stack, or no Pulumi CLI to ask. */
export const stackTarget = async (stack: string): Promise<Target> =>
  targetOfOutputs(stack, await stackOutputs(stack));

/** The stack that is named, or else the pipeline that runs here. */
export const findTarget = async (stack: string | undefined): Promise<Target> =>
  stack === undefined ? localTarget() : stackTarget(stack);
