import * as pulumi from "@pulumi/pulumi";
import { bundleHandler } from "./handler/bundle.ts";
import { LEDGER_INDEX } from "./handler/core/notice/digest-ledger.ts";
import { ASSET_INDEXES } from "./handler/core/record/index.ts";
import { tagIndex } from "./handler/core/record/object-tags.ts";
import { DEFAULT_RENDITIONS, renditionSpecs, watermarkImages } from "./handler/core/spec/rendition-spec.ts";
import { AssetLibrary } from "./infra/asset-library.ts";
import { ConfigError, loadConfig } from "./infra/config.ts";
import { Delivery, renditionLinksOf } from "./infra/delivery.ts";
import { deliveryGrants } from "./infra/delivery-grants.ts";
import { currentDeployment } from "./infra/deployment.ts";
import { Digest } from "./infra/digest.ts";
import { Encryption } from "./infra/encryption.ts";
import { comingValues } from "./infra/environment-size.ts";
import { handlerEnvironment } from "./infra/handler-environment.ts";
import { IngestQueue } from "./infra/ingest-queue.ts";
import { Inventory } from "./infra/inventory.ts";
import { keyGrants } from "./infra/key-grants.ts";
import { physicalResources } from "./infra/naming.ts";
import { Notifications } from "./infra/notifications.ts";
import { Observability } from "./infra/observability.ts";
import { callerPatterns, denyChanges } from "./infra/operators.ts";
import { consoleUrl, partitionProblems } from "./infra/partitions.ts";
import { PrivateBucket } from "./infra/private-bucket.ts";
import { Processor } from "./infra/processor.ts";
import { tagging } from "./infra/tagging.ts";

const { email, renditions, tags, ...settings } = await loadConfig(
  renditionSpecs.default([...DEFAULT_RENDITIONS]),
);
const [deployment, zip] = await Promise.all([currentDeployment(), bundleHandler(settings)]);
const problems = partitionProblems(deployment, settings);
if (problems.length > 0) throw new ConfigError(deployment.project, problems);
const names = physicalResources(deployment);
const where = { deployment, names };
const opts = {
  transformations: [tagging({ Project: deployment.project, Stack: deployment.stack, ...tags })],
};

const grants = deliveryGrants(settings.delivery, deployment, names);
const isDigested = settings.notices === "digest";
const statements = keyGrants(settings, deployment, names);
const encryption = new Encryption("encryption", { ...settings, ...where, statements }, opts);
const coming = { comingValues: comingValues(deployment, names) };
const data = { ...settings, ...coming, keyArn: encryption.keyArn };
const operators = settings.operators ?? callerPatterns(deployment.callerArn);
const source = new PrivateBucket(
  "source",
  {
    ...data,
    bucket: names.sourceBucket,
    statements: denyChanges(names.sourceBucket.arn, watermarkImages(renditions), operators),
  },
  opts,
);
const destination = new PrivateBucket(
  "destination",
  { ...data, bucket: names.destinationBucket, corsAllowedOrigins: [], statements: grants.bucket },
  opts,
);
const served = settings.delivery
  ? new Delivery("delivery", { ...data, ...where, destination }, opts)
  : undefined;
const senders = settings.inventory === "off" ? [] : [names.reprocessorRole.arn];
const ingest = new IngestQueue("ingest", { ...data, ...where, source, operators, senders }, opts);
const indexes = [...Object.values(ASSET_INDEXES), ...settings.recordTags.map(tagIndex)];
const assets = new AssetLibrary("assets", { ...data, table: names.assetTable, indexes }, opts);
const notices = new Notifications("notices", { ...data, ...where, email }, opts);
const stored = { sourceBucket: source.name, destinationBucket: destination.name };
const linked = { ...stored, renditionLinks: renditionLinksOf(settings, served) };
const digest = isDigested
  ? new Digest(
      "digest",
      { ...data, ...where, ...linked, encryption, notices, index: LEDGER_INDEX, zipPath: zip.path },
      opts,
    )
  : undefined;
const processor = new Processor(
  "processor",
  {
    ...data,
    names,
    zipPath: zip.path,
    queueArn: ingest.arn,
    environment: handlerEnvironment({
      settings,
      renditions,
      ...linked,
      assetTable: assets.tableName,
      digestTable: digest?.tableName,
      topicArn: notices.topicArn,
      keyArn: encryption.keyArn,
      codeSha256: zip.sha256,
      serviceName: names.processor.name,
    }),
    statements: [
      ...source.readObjects({ withTags: settings.recordTags.length > 0 }),
      ...destination.writeObjects({ mayDelete: settings.onDelete === "remove" }),
      ingest.consume(),
      assets.updateRecords(),
      digest?.enter() ?? notices.publish(),
    ],
    keyStatement: encryption.useThrough([
      "dynamodb",
      "lambda",
      "s3",
      ...(digest ? [] : ["sns" as const]),
      "sqs",
    ]),
  },
  opts,
);
ingest.announceUploads([processor.subscription]);
const bulk =
  settings.inventory === "off"
    ? undefined
    : new Inventory(
        "inventory",
        {
          ...data,
          ...where,
          frequency: settings.inventory,
          source,
          destination,
          zipPath: zip.path,
          environment: {
            SOURCE_BUCKET: source.name,
            ASSET_TABLE: assets.tableName,
            QUEUE_URL: ingest.url,
            RENDITIONS: JSON.stringify(renditions),
            POWERTOOLS_SERVICE_NAME: names.reprocessor.name,
            POWERTOOLS_LOG_LEVEL: settings.logLevel,
          },
          statements: [...source.lookAtObjects(), assets.readRecords(), ingest.send()],
          keyStatement: encryption.useThrough(["dynamodb", "lambda", "sqs"]),
          listsKeyStatement: encryption.useThrough(["s3"]),
        },
        opts,
      );
const observability = new Observability(
  "observability",
  { ...settings, ...where, isDigested, topicArn: notices.topicArn },
  opts,
);

export const sourceBucket = source.name;
export const destinationBucket = destination.name;
export const topicArn = notices.topicArn;
export const queueUrl = ingest.url;
export const deadLetterQueueUrl = ingest.deadLetterQueueUrl;
export const tableName = assets.tableName;
export const { functionName, logGroupName } = processor;
export const digestFunctionName = digest?.functionName ?? "none";
export const delivery = served?.outputs ?? "off";
export const { recordTags } = settings;
export const inventory = bulk?.outputs ?? "off";
export const dashboardUrl = pulumi.interpolate`${consoleUrl(deployment)}/cloudwatch/home?region=${deployment.region}#dashboards/dashboard/${observability.dashboardName}`;
