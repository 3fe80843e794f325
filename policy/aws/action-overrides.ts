type ActionOverride = {
  /** Treat the action as one that can only be granted on `*`, ignoring the resource types in the data. */
  readonly wildcardOnly?: boolean;
  /** Condition keys of which at least one should limit a grant on `*`. */
  readonly scopingKeys?: readonly string[];
};

/**
 * Facts that the Service Authorization Reference lacks, or states in a way that would mislead the controls. Keyed by the
 * action's name in AWS's spelling.
 */
export const ACTION_OVERRIDES: Readonly<Record<string, ActionOverride>> = {
  // https://docs.aws.amazon.com/acm/latest/userguide/acm-conditions.html
  "acm:RequestCertificate": { scopingKeys: ["acm:DomainNames"] },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-contributor.html
  "cloudwatch:PutManagedInsightRules": { scopingKeys: ["cloudwatch:requestManagedResourceARNs"] },
  // The reference lists an optional `dataset` (for OTLP ingestion); ordinary metric writers don't have one.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
  "cloudwatch:PutMetricData": { wildcardOnly: true, scopingKeys: ["cloudwatch:namespace"] },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
  "ecs:PutAccountSetting": { scopingKeys: ["ecs:account-setting"] },
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
  "lambda:CreateEventSourceMapping": { scopingKeys: ["lambda:FunctionArn"] },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-tags-examples.html
  "s3:CreateJob": { scopingKeys: ["s3:RequestJobOperation"] },
};

/**
 * Resources whose ids AWS assigns on creation. Policies can't name them in advance, so a wildcard for all of a type is
 * accepted. Matched by the start of the ARN's service and resource parts.
 */
export const UNNAMEABLE_RESOURCES = ["ec2:", "route53:change/"] as const;
