import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { RESOURCES } from "../../../local/provider/table.ts";

/** What @pulumi/aws itself takes for each resource type. */
type Arguments = {
  "aws:cloudwatch/dashboard:Dashboard": aws.cloudwatch.DashboardArgs;
  "aws:cloudwatch/logGroup:LogGroup": aws.cloudwatch.LogGroupArgs;
  "aws:cloudwatch/metricAlarm:MetricAlarm": aws.cloudwatch.MetricAlarmArgs;
  "aws:dynamodb/table:Table": aws.dynamodb.TableArgs;
  "aws:iam/role:Role": aws.iam.RoleArgs;
  "aws:iam/rolePolicy:RolePolicy": aws.iam.RolePolicyArgs;
  "aws:kms/alias:Alias": aws.kms.AliasArgs;
  "aws:kms/key:Key": aws.kms.KeyArgs;
  "aws:kms/keyPolicy:KeyPolicy": aws.kms.KeyPolicyArgs;
  "aws:lambda/eventSourceMapping:EventSourceMapping": aws.lambda.EventSourceMappingArgs;
  "aws:lambda/function:Function": aws.lambda.FunctionArgs;
  "aws:s3/bucket:Bucket": aws.s3.BucketArgs;
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": aws.s3.BucketCorsConfigurationArgs;
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": aws.s3.BucketLifecycleConfigurationArgs;
  "aws:s3/bucketNotification:BucketNotification": aws.s3.BucketNotificationArgs;
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": aws.s3.BucketOwnershipControlsArgs;
  "aws:s3/bucketPolicy:BucketPolicy": aws.s3.BucketPolicyArgs;
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": aws.s3.BucketPublicAccessBlockArgs;
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": aws.s3.BucketServerSideEncryptionConfigurationArgs;
  "aws:s3/bucketVersioning:BucketVersioning": aws.s3.BucketVersioningArgs;
  "aws:s3/inventory:Inventory": aws.s3.InventoryArgs;
  "aws:scheduler/schedule:Schedule": aws.scheduler.ScheduleArgs;
  "aws:scheduler/scheduleGroup:ScheduleGroup": aws.scheduler.ScheduleGroupArgs;
  "aws:sns/topic:Topic": aws.sns.TopicArgs;
  "aws:sns/topicPolicy:TopicPolicy": aws.sns.TopicPolicyArgs;
  "aws:sns/topicSubscription:TopicSubscription": aws.sns.TopicSubscriptionArgs;
  "aws:sqs/queue:Queue": aws.sqs.QueueArgs;
  "aws:sqs/queuePolicy:QueuePolicy": aws.sqs.QueuePolicyArgs;
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": aws.sqs.RedriveAllowPolicyArgs;
};

type Inputs = { readonly [Type in keyof typeof RESOURCES]: z.input<(typeof RESOURCES)[Type]["schema"]> };

/** The types whose inputs, as they are parsed here, @pulumi/aws would not take: a shape differs, or one lacks what is required. */
type Unfit = {
  [Type in keyof Inputs]: Type extends keyof Arguments
    ? Inputs[Type] extends Arguments[Type]
      ? never
      : Type
    : Type;
}[keyof Inputs];

/** The paths of properties that are parsed here and that @pulumi/aws does not have. */
type Unknown<Given, Declared> = Given extends pulumi.asset.FileArchive
  ? never
  : Given extends readonly (infer Item)[]
    ? Unknown<Item, Extract<Declared, readonly unknown[]>[number]>
    : Given extends object
      ? {
          [Key in keyof Given & string]: Key extends keyof Extract<Declared, object>
            ? `${Key}.${Unknown<NonNullable<Given[Key]>, NonNullable<Extract<Declared, object>[Key]>>}`
            : Key;
        }[keyof Given & string]
      : never;
type Invented = {
  [Type in keyof Inputs]: Type extends keyof Arguments
    ? Unknown<Inputs[Type], pulumi.Unwrap<Arguments[Type]>>
    : never;
}[keyof Inputs];

it("takes no inputs that @pulumi/aws would not take, by its own types, and demands all that it demands", () => {
  expectTypeOf<Unfit>().toEqualTypeOf<never>();
});

it("knows no property that @pulumi/aws does not have, at any depth", () => {
  expectTypeOf<Invented>().toEqualTypeOf<never>();
});

/** The paths of objects in a JSON schema that would let through a property that they do not list. */
const lenient = (schema: unknown, path: string): string[] => {
  if (typeof schema !== "object" || schema === null) return [];
  const open = "properties" in schema && Reflect.get(schema, "additionalProperties") !== false ? [path] : [];
  return [...open, ...Object.entries(schema).flatMap(([key, inner]) => lenient(inner, `${path}.${key}`))];
};

it("refuses a property that nobody declared, at any depth", () => {
  for (const [type, { schema }] of Object.entries(RESOURCES)) {
    expect(lenient(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), type)).toEqual([]);
  }
});
