import { hash } from "node:crypto";
import { extname, join } from "node:path";
import type { Context, SQSBatchResponse } from "aws-lambda";
import { dynamoDBLedger } from "../adapters/dynamodb/ledger.ts";
import { dynamoDBAssetLibrary, dynamoDBClient } from "../adapters/dynamodb.ts";
import { imagingProcess } from "../adapters/imaging-process.ts";
import { libraryVersions } from "../adapters/library-versions.ts";
import { powertoolsLog, powertoolsMetrics, powertoolsTrace } from "../adapters/log.ts";
import { s3RenditionWriter } from "../adapters/s3/renditions.ts";
import { s3WatermarkReader } from "../adapters/s3/watermarks.ts";
import { s3Client, s3SourceReader } from "../adapters/s3.ts";
import { snsClient, snsNotifier } from "../adapters/sns.ts";
import { handleBatch } from "../app/handle-batch.ts";
import { codeOf } from "../core/record/provenance.ts";
import { parseSettings } from "../core/settings/settings.ts";
import type { Ports } from "../ports/pipeline.ts";

// Lambda has no fonts, nor a place to keep what is known of them: fontconfig would complain in the log.
process.env["FONTCONFIG_FILE"] ??= join(import.meta.dirname, "fonts.conf");

const settings = parseSettings(process.env);
const { destinationBucket, assetTable: table, digestTable, onDelete, recordTags } = settings;
const s3 = s3Client();
const dynamoDB = dynamoDBClient();
const ports: Ports = {
  source: s3SourceReader(s3, settings.encryptionKeyArn),
  watermarks: s3WatermarkReader(s3),
  renditions: s3RenditionWriter(s3, destinationBucket),
  imaging: imagingProcess({
    entry: join(import.meta.dirname, `imaging-process${extname(import.meta.filename)}`),
    options: {
      maxPixels: settings.limits.maxPixels,
      threads: settings.imagingThreads,
      input: settings.input,
      keepsPosition: settings.keepsPosition,
    },
    environment: process.env,
    maxSeconds: settings.maxImageSeconds,
  }),
  library: dynamoDBAssetLibrary(dynamoDB, { table, destinationBucket, onDelete, recordTags }),
  notifier: snsNotifier(snsClient(), settings.noticeTopicArn),
  ledger: digestTable === undefined ? undefined : dynamoDBLedger(dynamoDB, digestTable),
  log: powertoolsLog(settings),
  metrics: powertoolsMetrics(settings),
  trace: powertoolsTrace(settings),
  clock: { now: () => new Date() },
  sha256: (bytes) => hash("sha256", bytes, "hex"),
  madeWith: { code: codeOf(settings.codeSha256), ...libraryVersions() },
};

/** The Lambda function: a batch of the ingest queue in, the messages to deliver again out. */
export const handler = (event: unknown, context: Context): Promise<SQSBatchResponse> => {
  const log = ports.log.with({ function_request_id: context.awsRequestId });
  return handleBatch({ settings, ports: { ...ports, log } }, event, () => context.getRemainingTimeInMillis());
};
