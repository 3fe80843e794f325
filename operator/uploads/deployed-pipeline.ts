import * as timers from "node:timers/promises";
import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import {
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { z } from "zod";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { plain, plainJson } from "../../handler/core/strangers-text.ts";
import { unlessAbsent } from "../answers.ts";
import type { Aws } from "../aws.ts";
import { OperatorError } from "../errors.ts";
import { type LogLine, linesAbout, parseLogLine } from "../health/log-line.ts";
import { readAssetRecord } from "../library/asset-record.ts";
import type { ProgramOutputs } from "../outputs.ts";
import { type UploadedObject, uploadObject } from "./upload-object.ts";

export type StoredObject = {
  readonly key: string;
  readonly sizeBytes: number;
};

const retryPolicy = z.object({
  /** Tries before a message goes to the dead-letter queue. */
  maxReceiveCount: z.coerce.number<unknown>().int().min(1),
  /** Seconds between two tries. */
  visibilityTimeoutSeconds: z.coerce.number<unknown>().int().min(0),
});
export type RetryPolicy = z.output<typeof retryPolicy>;

const RECORD_POLL_MS = 50;
const DEFAULT_WAIT_MS = 60_000;
/** A pipeline that runs somewhere, seen from outside. */
export class DeployedPipeline {
  readonly aws: Aws;
  readonly outputs: ProgramOutputs;

  constructor(aws: Aws, outputs: ProgramOutputs) {
    this.aws = aws;
    this.outputs = outputs;
  }

  /**
   * Puts a file, or bytes, into the source bucket.
   *
   * @throws {OperatorError} when there is no such file, or S3 could not hold it under that key.
   */
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
   * @throws {OperatorError} when that takes longer, with what the record says by then.
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
        throw new OperatorError(
          `${plain(key)} has no outcome after ${waitMs / 1000} s; its record: ${record === undefined ? "none" : plainJson(record, 0)}.`,
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

  /** Every version of every object in the source bucket, the markers of folders left out. */
  async uploads(): Promise<UploadedObject[]> {
    const found: UploadedObject[] = [];
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (next !== undefined) {
      const page: ListObjectVersionsCommandOutput = await this.aws.s3.send(
        new ListObjectVersionsCommand({ Bucket: this.outputs.sourceBucket, ...next }),
      );
      found.push(
        ...(page.Versions ?? [])
          .filter(({ Key = "", Size }) => !(Size === 0 && Key.endsWith("/")))
          .map(({ Key = "", VersionId }) => ({ key: Key, versionId: VersionId })),
      );
      next = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    return found;
  }

  /** Whether a later upload, or a deletion, has taken the place of this one. */
  async isReplaced({ key, versionId }: UploadedObject): Promise<boolean> {
    const current = await unlessAbsent(
      ["NotFound", "NoSuchKey"],
      this.aws.s3.send(new HeadObjectCommand({ Bucket: this.outputs.sourceBucket, Key: key })),
    );
    return versionId !== undefined && current?.VersionId !== versionId;
  }

  /** How the ingest queue tries again. */
  async retryPolicy(): Promise<RetryPolicy> {
    const { Attributes } = await this.aws.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.outputs.queueUrl,
        AttributeNames: ["RedrivePolicy", "VisibilityTimeout"],
      }),
    );
    return retryPolicy.parse({
      maxReceiveCount: JSON.parse(Attributes?.["RedrivePolicy"] ?? "{}").maxReceiveCount,
      visibilityTimeoutSeconds: Attributes?.["VisibilityTimeout"],
    });
  }
}
