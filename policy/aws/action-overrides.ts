type ActionOverride = {
  /** Treat the action as one for `*` only, whatever resource types the data lists. */
  readonly wildcardOnly?: boolean;
  /** Condition keys one of which ought to limit a grant on `*`. */
  readonly scopingKeys?: readonly string[];
};

/**
 * What the Service Authorization Reference does not say, or says in a way that would mislead the controls. Keyed by
 * the action's name in AWS's spelling.
 */
export const ACTION_OVERRIDES: Readonly<Record<string, ActionOverride>> = {
  // https://docs.aws.amazon.com/acm/latest/userguide/acm-conditions.html
  "acm:RequestCertificate": { scopingKeys: ["acm:DomainNames"] },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-contributor.html
  "cloudwatch:PutManagedInsightRules": { scopingKeys: ["cloudwatch:requestManagedResourceARNs"] },
  // The reference lists an optional `dataset` (for OTLP ingestion); a metric writer has none to name.
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
 * Resources whose ids AWS gives when it makes them, so that no policy can name them before: all of a type is as narrow
 * as it gets. By the start of their ARNs without partition, region and account.
 */
export const UNNAMEABLE_RESOURCES = ["ec2:", "route53:change/"] as const;
