import { dynamoDBRecordReader } from "../adapters/dynamodb/record-reader.ts";
import { dynamoDBClient } from "../adapters/dynamodb.ts";
import { powertoolsLog } from "../adapters/log.ts";
import { s3Client, s3CurrentOriginal } from "../adapters/s3.ts";
import { sqsClient, sqsMessageQueue } from "../adapters/sqs.ts";
import { requestReprocesses } from "../app/request-reprocesses.ts";
import type { BatchAnswer } from "../core/reprocess/s3-batch-task.ts";
import { parseReprocessorSettings } from "../core/settings/reprocessor-settings.ts";
import type { ReprocessorPorts } from "../ports/reprocess.ts";

const settings = parseReprocessorSettings(process.env);
const ports: ReprocessorPorts = {
  records: dynamoDBRecordReader(dynamoDBClient(), settings.assetTable),
  source: { current: s3CurrentOriginal(s3Client()) },
  queue: sqsMessageQueue(sqsClient(), settings.queueUrl),
  log: powertoolsLog(settings),
};

/** The Lambda function that S3 Batch Operations invokes: tasks in, an answer to each out. */
export const handler = (event: unknown): Promise<BatchAnswer> =>
  requestReprocesses({ ports, settings }, event);
