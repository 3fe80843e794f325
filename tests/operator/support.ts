import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Pipeline } from "../../local/start/pipeline.ts";
import { emulatedTarget, type Target } from "../../operator/target.ts";
import { inventoryOf } from "../../operator/verify/inventory-list.ts";
import { objects, type StoredObject } from "../../operator/verify/stored-objects.ts";
import { encodedKey } from "../support/upload-events.ts";
import type { CommandName } from "./support/command-child.ts";

/** What `npm start` publishes of a pipeline. */
const runningOf = ({ emulator, aws, outputs }: Pipeline) => ({
  endpoint: emulator.endpoint,
  authorityFile: emulator.authorityFile,
  logFile: emulator.logFile,
  credentials: emulator.credentials,
  region: aws.region,
  outputs,
});

/** A pipeline as the operator's tools find it. */
export const targetOf = (pipeline: Pipeline): Target => emulatedTarget(runningOf(pipeline));

/** Starts a command in a process of its own, as npm does, on a pipeline of the test's. */
export const startCommand = (
  pipeline: Pipeline,
  name: CommandName,
  ...args: readonly string[]
): ChildProcess =>
  spawn(process.execPath, [`${import.meta.dirname}/support/command-child.ts`, name, ...args], {
    env: { ...process.env, PIPELINE: JSON.stringify(runningOf(pipeline)) },
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Runs a command to its end. */
export const runCommand = async (
  ...command: Parameters<typeof startCommand>
): Promise<{ readonly code: number | null; readonly out: string; readonly errors: string }> => {
  const child = startCommand(...command);
  const [out, errors, code] = await Promise.all([
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  return { code, out, errors };
};

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

/** Does what S3 Inventory does for one bucket: lists it in two files, in no order of keys, and a manifest. */
const deliverList = async (target: Target, bucket: string, madeAt: Date): Promise<void> => {
  const { bucket: Bucket } = inventoryOf(target);
  const lines: string[] = [];
  const line = (key: string, { sizeBytes, eTag, modifiedAt }: StoredObject): string =>
    [bucket, encodedKey(key), sizeBytes, modifiedAt.toISOString(), eTag].map((value) => `"${value}"`).join();
  for await (const { key, item } of objects(target, { Bucket: bucket })) lines.unshift(line(key, item));
  const place = `lists/${bucket}/all`;
  const files = [lines.filter((_, at) => at % 2 === 0), lines.filter((_, at) => at % 2 === 1)].map(
    (part, at) => ({ key: `${place}/data/${madeAt.getTime()}-${at}.csv.gz`, part }),
  );
  for (const { key, part } of files) {
    await target.s3.send(
      new PutObjectCommand({ Bucket, Key: key, Body: gzipSync(part.map((each) => `${each}\n`).join("")) }),
    );
  }
  const manifest = {
    sourceBucket: bucket,
    destinationBucket: `arn:aws:s3:::${Bucket}`,
    version: "2016-11-30",
    creationTimestamp: String(madeAt.getTime()),
    fileFormat: "CSV",
    fileSchema: "Bucket, Key, Size, LastModifiedDate, ETag",
    files: files.map(({ key }) => ({ key, size: 1, MD5checksum: "" })),
  };
  const time = madeAt
    .toISOString()
    .slice(0, 16)
    .replace(/:(\d\d)$/, "-$1Z");
  await target.s3.send(
    new PutObjectCommand({
      Bucket,
      Key: `${place}/${time}/manifest.json`,
      Body: JSON.stringify(manifest),
    }),
  );
};

/** Delivers lists of both buckets as they are now. @param madeAt what they say of when they were made */
export const deliverLists = async (target: Target, madeAt: Date): Promise<void> => {
  await deliverList(target, target.outputs.sourceBucket, madeAt);
  await deliverList(target, target.outputs.destinationBucket, madeAt);
};
