import { dashboard, metricAlarm } from "./cloudwatch.ts";
import { table } from "./dynamodb.ts";
import { role, rolePolicy } from "./iam.ts";
import { getCallerIdentity, getPartition, getRegion, type Invoke } from "./invokes.ts";
import { alias, key, keyPolicy } from "./kms.ts";
import { lambdaFunction } from "./lambda.ts";
import { eventSourceMapping } from "./lambda-event-source.ts";
import { logGroup } from "./logs.ts";
import type { Resource } from "./resource.ts";
import { bucket } from "./s3-bucket.ts";
import { bucketPolicy, corsConfiguration, ownershipControls, publicAccessBlock } from "./s3-bucket-access.ts";
import { inventory } from "./s3-bucket-inventory.ts";
import { notification } from "./s3-bucket-notification.ts";
import { lifecycleConfiguration, serverSideEncryption, versioning } from "./s3-bucket-storage.ts";
import { schedule, scheduleGroup } from "./scheduler.ts";
import { topic, topicPolicy, topicSubscription } from "./sns.ts";
import { queue, queuePolicy, redriveAllowPolicy } from "./sqs.ts";

/** Every resource type that can be made here, by Pulumi's type token. */
export const RESOURCES = {
  "aws:cloudwatch/dashboard:Dashboard": dashboard,
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
  "aws:dynamodb/table:Table": table,
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:kms/alias:Alias": alias,
  "aws:kms/key:Key": key,
  "aws:kms/keyPolicy:KeyPolicy": keyPolicy,
  "aws:lambda/eventSourceMapping:EventSourceMapping": eventSourceMapping,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": corsConfiguration,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycleConfiguration,
  "aws:s3/bucketNotification:BucketNotification": notification,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownershipControls,
  "aws:s3/bucketPolicy:BucketPolicy": bucketPolicy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    serverSideEncryption,
  "aws:s3/bucketVersioning:BucketVersioning": versioning,
  "aws:s3/inventory:Inventory": inventory,
  "aws:scheduler/schedule:Schedule": schedule,
  "aws:scheduler/scheduleGroup:ScheduleGroup": scheduleGroup,
  "aws:sns/topic:Topic": topic,
  "aws:sns/topicPolicy:TopicPolicy": topicPolicy,
  "aws:sns/topicSubscription:TopicSubscription": topicSubscription,
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": queuePolicy,
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": redriveAllowPolicy,
} satisfies Record<string, Resource>;

/** Every look-up that can be made here, by Pulumi's function token. */
export const INVOKES = {
  "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
  "aws:index/getPartition:getPartition": getPartition,
  "aws:index/getRegion:getRegion": getRegion,
} satisfies Record<string, Invoke>;
