import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { arch, availableParallelism } from "node:os";
import * as timers from "node:timers/promises";
import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { PutObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { z } from "zod";
import { type AssetRecord, readAssetRecord } from "./asset-record.ts";
import { type Aws, connect } from "./aws.ts";
import { type CreatedResource, deploy, destroy } from "./deploy.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { LocalError } from "./errors.ts";
import { type LogLine, linesAbout, parseLogLine } from "./log-line.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";

export interface PipelineOptions {
  /** Where the emulator's output is kept. */
  readonly logFile: string;
  /** Settings of the stack by key under `image-pipeline:`, as text. @default what fits this machine */
  readonly settings?: Readonly<Record<string, string>>;
  /** @default "us-east-1" */
  readonly region?: string;
  /** Told of each step in a few words. */
  readonly onProgress?: (step: string) => void;
}

/** An object put into the source bucket. */
export interface UploadedObject {
  readonly key: string;
  readonly versionId: string | undefined;
}

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/** The program's outputs (index.ts). */
const programOutputs = z.object({
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

const PROJECT = "image-pipeline";
const STACK = "local";
const EMAIL = "you@example.com";
const RECORD_POLL_MS = 50;
const DEFAULT_WAIT_MS = 60_000;
/** S3's limit for one PutObject (https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html). */
const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;
/** S3's limit on a key, in bytes of UTF-8 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). */
const MAX_KEY_BYTES = 1024;

/** The emulator runs the function on this machine; links into AWS's console would lead nowhere. */
const localSettings = (): Record<string, string> => ({
  email: EMAIL,
  architecture: arch() === "arm64" ? "arm64" : "x86_64",
  protectData: "false",
  renditionLinks: "none",
  // Each concurrent run is a Node process here; more than there are CPUs only wait for each other.
  maximumConcurrency: String(Math.max(2, availableParallelism())),
});

let runs = 0;

/** Node keeps modules by address: each run of the program needs one of its own. */
const loadProgram = async (): Promise<Record<string, unknown>> => {
  runs += 1;
  const address = new URL(`../index.ts?run=${runs}`, import.meta.url).href;
  return { ...(await import(address)) };
};

const fileSize = async (file: string): Promise<number> => {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    const what = found === undefined ? "nothing" : found.isDirectory() ? "a folder" : "something else";
    throw new LocalError(`${file}: expected a file, but there is ${what}.`);
  }
  if (found.size > MAX_UPLOAD_BYTES) {
    throw new LocalError(
      `${file}: has ${found.size} bytes, but S3 takes at most ${MAX_UPLOAD_BYTES} at once.`,
    );
  }
  return found.size;
};

/**
 * Puts a file, or bytes, into a bucket.
 *
 * @throws {LocalError} when there is no such file, or S3 could not hold it under that key.
 */
export const uploadObject = async (
  { s3 }: Aws,
  bucket: string,
  source: string | Uint8Array,
  key: string,
): Promise<UploadedObject> => {
  const keyBytes = Buffer.byteLength(key);
  if (keyBytes === 0 || keyBytes > MAX_KEY_BYTES) {
    throw new LocalError(`The key ${key} has ${keyBytes} bytes; S3 allows 1 to ${MAX_KEY_BYTES}.`);
  }
  const fromFile = typeof source === "string";
  const { VersionId } = await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ContentLength: fromFile ? await fileSize(source) : source.length,
      Body: fromFile ? createReadStream(source) : source,
    }),
  );
  return { key, versionId: VersionId };
};

/** The pipeline as `pulumi up` would deploy it, running on an emulator. */
export class Pipeline {
  readonly aws: Aws;
  readonly emulator: Emulator;
  readonly mailbox: Mailbox;
  readonly outputs: ProgramOutputs;
  readonly #created: readonly CreatedResource[];

  constructor(
    emulator: Emulator,
    aws: Aws,
    mailbox: Mailbox,
    outputs: ProgramOutputs,
    created: readonly CreatedResource[],
  ) {
    this.emulator = emulator;
    this.aws = aws;
    this.mailbox = mailbox;
    this.outputs = outputs;
    this.#created = created;
  }

  /** Puts a file, or bytes, into the source bucket. @throws {LocalError} */
  upload(source: string | Uint8Array, key: string): Promise<UploadedObject> {
    return uploadObject(this.aws, this.outputs.sourceBucket, source, key);
  }

  /** The record as it is now. */
  record(key: string): Promise<AssetRecord | undefined> {
    return readAssetRecord(this.aws, this.outputs.tableName, key);
  }

  /**
   * The record of an upload once it is processed or has failed, and its notice is sent.
   *
   * @param waitMs milliseconds, by default 60,000
   * @throws {LocalError} when that takes longer, with what the record says by then.
   */
  async waitForRecord({ key, versionId }: UploadedObject, waitMs = DEFAULT_WAIT_MS): Promise<AssetRecord> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const record = await this.record(key);
      const isOfUpload = versionId === undefined || record?.VersionId === versionId;
      if (isOfUpload && record?.NotifiedAt !== undefined) {
        return record;
      }
      if (Date.now() > deadline) {
        throw new LocalError(
          `${key} has no outcome after ${waitMs / 1000} s; its record: ${JSON.stringify(record) ?? "none"}.`,
        );
      }
      await timers.setTimeout(RECORD_POLL_MS);
    }
  }

  /** The renditions of an original that are in the destination bucket, by key. */
  async renditions(originalKey: string): Promise<StoredObject[]> {
    const found: StoredObject[] = [];
    const pages = paginateListObjectsV2(
      { client: this.aws.s3 },
      { Bucket: this.outputs.destinationBucket, Prefix: `${originalKey}/` },
    );
    for await (const { Contents = [] } of pages) {
      found.push(...Contents.map(({ Key = "", Size = 0 }) => ({ key: Key, sizeBytes: Size })));
    }
    return found;
  }

  /** What the function has logged about an original, oldest first. */
  async logLines(originalKey: string): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    const pages = paginateFilterLogEvents(
      { client: this.aws.logs },
      { logGroupName: this.outputs.logGroupName },
    );
    for await (const { events = [] } of pages) {
      lines.push(...events.flatMap(({ message = "" }) => parseLogLine(message) ?? []));
    }
    return linesAbout(lines, originalKey);
  }

  /** Stops everything, and deletes what it made on an endpoint that stays. */
  async close(): Promise<void> {
    await this.mailbox.close();
    await release(this.emulator, this.aws, this.#created);
  }
}

const release = async (emulator: Emulator, aws: Aws, created: readonly CreatedResource[]): Promise<void> => {
  try {
    if (emulator.logFile === undefined) {
      await destroy(created, aws);
    }
  } finally {
    aws.close();
    await emulator.stop();
  }
};

/**
 * Starts an emulator, runs index.ts against it, and opens a mailbox on its topic.
 *
 * @throws {LocalError} when one of these fails; nothing is left behind then.
 */
export const startPipeline = async (options: PipelineOptions): Promise<Pipeline> => {
  const { logFile, settings = {}, region = "us-east-1", onProgress = () => {} } = options;
  onProgress("starting the AWS emulator");
  const emulator = await startEmulator({ logFile });
  const aws = connect(emulator, region);
  const created: CreatedResource[] = [];
  try {
    onProgress("packaging the function and creating the resources");
    const all: Record<string, string> = { ...localSettings(), ...settings };
    const outputs = programOutputs.parse(
      await deploy({
        aws,
        project: PROJECT,
        stack: STACK,
        config: Object.fromEntries(Object.entries(all).map(([key, value]) => [`${PROJECT}:${key}`, value])),
        secretKeys: [`${PROJECT}:email`],
        program: loadProgram,
        onCreated: (resource) => created.push(resource),
      }),
    );
    const mailbox = await openMailbox(aws, outputs.topicArn, all["email"] ?? EMAIL);
    return new Pipeline(emulator, aws, mailbox, outputs, created);
  } catch (error) {
    await release(emulator, aws, created);
    throw error;
  }
};
