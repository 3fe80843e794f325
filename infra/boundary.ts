import { readSchedule } from "./digest-schedule.ts";
import { useKeyThrough, VIA_SERVICES } from "./encryption.ts";
import { LISTS_PREFIX } from "./inventory.ts";
import type { Deployment, PhysicalResource, PhysicalResources } from "./naming.ts";
import { type Statement, writeTraces } from "./permissions.ts";

export type BoundaryArgs = {
  readonly deployment: Deployment;
  readonly names: PhysicalResources;
  readonly keyArn: string;
};

const arns = (...resources: readonly PhysicalResource[]): string[] => resources.map(({ arn }) => arn);

/**
 * What the roles of the stack may do at most, over every option: the document of the managed policy that the setting
 * `permissionsBoundary` names. A role has what this and its own documents both allow. No IAM and no STS is in it, so that
 * who may make the stack's roles gains nothing by them; a test holds it against all that the components offer.
 */
export const boundary = ({ deployment, names, keyArn }: BoundaryArgs): readonly Statement[] => [
  {
    sid: "Originals",
    actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
    resources: [`${names.sourceBucket.arn}/*`],
  },
  {
    sid: "Renditions",
    actions: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
    resources: [`${names.destinationBucket.arn}/*`],
  },
  {
    sid: "Buckets",
    actions: ["s3:ListBucket"],
    resources: arns(names.sourceBucket, names.destinationBucket),
  },
  {
    sid: "Lists",
    actions: ["s3:GetObject", "s3:GetObjectVersion"],
    resources: [`${names.inventoryBucket.arn}/${LISTS_PREFIX}/*`],
  },
  {
    sid: "Uploads",
    actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    resources: arns(names.ingestQueue),
  },
  {
    sid: "Messages",
    actions: ["sqs:SendMessage"],
    resources: arns(names.ingestQueue, names.digestDeadLetterQueue),
  },
  {
    sid: "Records",
    actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
    resources: arns(names.assetTable),
  },
  {
    sid: "Ledger",
    actions: ["dynamodb:PutItem", "dynamodb:UpdateItem"],
    resources: arns(names.digestTable),
  },
  {
    sid: "OrderOfTheLedger",
    actions: ["dynamodb:Query"],
    resources: [`${names.digestTable.arn}/index/*`],
  },
  { sid: "Notices", actions: ["sns:Publish"], resources: arns(names.noticeTopic) },
  {
    sid: "Functions",
    actions: ["lambda:InvokeFunction"],
    resources: arns(names.reprocessor, names.digest),
  },
  {
    sid: "Logs",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [names.logGroup, names.reprocessorLogGroup, names.digestLogGroup].map(({ arn }) => `${arn}:*`),
  },
  writeTraces(),
  useKeyThrough(VIA_SERVICES, keyArn, deployment),
  readSchedule(keyArn, names),
];
