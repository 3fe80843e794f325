import type { ResourceTransformation } from "@pulumi/pulumi";

/** The resource types of this program that AWS lets carry tags. */
const TAGGABLE = new Set([
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudwatch/logDelivery:LogDelivery",
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
  "aws:cloudwatch/logDeliverySource:LogDeliverySource",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:dynamodb/table:Table",
  "aws:iam/role:Role",
  "aws:kms/key:Key",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:s3/bucket:Bucket",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
]);

/** Puts the tags on every resource that can carry them; tags that a resource sets itself win. */
export const tagging =
  (tags: Readonly<Record<string, string>>): ResourceTransformation =>
  ({ type, props, opts }) =>
    TAGGABLE.has(type) ? { props: { ...props, tags: { ...tags, ...props["tags"] } }, opts } : undefined;
