import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleHandler } from "./handler/bundle.ts";
import { DEFAULT_RENDITIONS, renditionSpecs } from "./handler/core/rendition.ts";
import { AssetLibrary } from "./infra/asset-library.ts";
import { loadConfig } from "./infra/config.ts";
import { METRICS_NAMESPACE } from "./infra/dashboard.ts";
import { Encryption } from "./infra/encryption.ts";
import { ImageBucket } from "./infra/image-bucket.ts";
import { IngestQueue } from "./infra/ingest-queue.ts";
import { consoleUrl, physicalResources } from "./infra/naming.ts";
import { Notifications } from "./infra/notifications.ts";
import { Observability } from "./infra/observability.ts";
import { Processor } from "./infra/processor.ts";
import { tagging } from "./infra/tagging.ts";

const config = await loadConfig(renditionSpecs.default([...DEFAULT_RENDITIONS]));
const [{ accountId }, { region }, { partition }, zip] = await Promise.all([
  aws.getCallerIdentity(),
  aws.getRegion(),
  aws.getPartition(),
  bundleHandler({ architecture: config.architecture }),
]);
const deployment = { project: pulumi.getProject(), stack: pulumi.getStack(), partition, region, accountId };
const names = physicalResources(deployment);
const opts = {
  transformations: [tagging({ Project: deployment.project, Stack: deployment.stack, ...config.tags })],
};

const { protectData, noncurrentVersionDays, timeoutSeconds } = config;
const encryption = new Encryption(
  "encryption",
  { deployment, names, protectData, deletionWindowDays: config.keyDeletionWindowDays },
  opts,
);
const { keyArn } = encryption;
const keep = { keyArn, protectData };
const buckets = { ...keep, noncurrentVersionDays };
const source = new ImageBucket(
  "source",
  { ...buckets, bucket: names.sourceBucket, corsAllowedOrigins: config.corsAllowedOrigins },
  opts,
);
const destination = new ImageBucket("destination", { ...buckets, bucket: names.destinationBucket }, opts);
const ingest = new IngestQueue(
  "ingest",
  { ...config, deployment, names, keyArn, source, functionTimeoutSeconds: timeoutSeconds },
  opts,
);
const assets = new AssetLibrary("assets", { ...keep, table: names.assetTable }, opts);
const notices = new Notifications("notices", { deployment, names, keyArn, email: config.email }, opts);
const processor = new Processor(
  "processor",
  {
    names,
    keyArn,
    zipPath: zip.path,
    settings: config,
    queueArn: ingest.arn,
    statements: [
      ...source.readObjects(),
      ...destination.writeObjects(),
      ingest.consume(),
      assets.updateRecords(),
      notices.publish(),
    ],
    keyStatement: encryption.useThroughServices(),
    environment: {
      DESTINATION_BUCKET: destination.name,
      ASSET_TABLE: assets.tableName,
      NOTICE_TOPIC_ARN: notices.topicArn,
      RENDITIONS: JSON.stringify(config.renditions),
      MAX_IMAGE_BYTES: String(config.maxImageBytes),
      MAX_IMAGE_PIXELS: String(config.maxImagePixels),
      RENDITION_LINKS: config.renditionLinks,
      POWERTOOLS_SERVICE_NAME: names.processor.name,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      POWERTOOLS_LOG_LEVEL: config.logLevel,
    },
  },
  opts,
);
const observability = new Observability(
  "observability",
  { ...config, deployment, names, topicArn: notices.topicArn, functionTimeoutSeconds: timeoutSeconds },
  opts,
);

export const sourceBucket = source.name;
export const destinationBucket = destination.name;
export const topicArn = notices.topicArn;
export const queueUrl = ingest.url;
export const deadLetterQueueUrl = ingest.deadLetterQueueUrl;
export const tableName = assets.tableName;
export const { functionName, logGroupName } = processor;
export const dashboardUrl = pulumi.interpolate`${consoleUrl(deployment)}/cloudwatch/home?region=${region}#dashboards/dashboard/${observability.dashboardName}`;
