import type { Deployment, PhysicalResources } from "./naming.ts";
import type { Statement } from "./permissions.ts";

const LOG_DELIVERY = "delivery.logs.amazonaws.com";

/**
 * Where the logs lie in their bucket. AWS puts this before the path of a delivery when it is made, and leaves it out when
 * it is changed, unless the destination names a prefix: so the destination names this one
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html#bucket-path-examples).
 */
export const deliveryLogsPrefix = ({ accountId }: Deployment): string => `AWSLogs/${accountId}/CloudFront`;

/**
 * Lets CloudWatch's log delivery write the distribution's logs, in AWS's own words: where it misses its statement, it
 * appends it, and the next refresh finds a policy that is not ours
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html).
 */
export const writeDeliveryLogs = (deployment: Deployment, names: PhysicalResources): Statement => ({
  sid: "AWSLogDeliveryWrite",
  principals: { service: LOG_DELIVERY },
  actions: ["s3:PutObject"],
  resources: [`${names.logsBucket.arn}/AWSLogs/${deployment.accountId}/*`],
  conditions: {
    StringEquals: {
      "s3:x-amz-acl": "bucket-owner-full-control",
      "aws:SourceAccount": deployment.accountId,
    },
    ArnLike: { "aws:SourceArn": names.deliverySources.arn },
  },
});

/** Statements for policies that are written where delivery is not known. */
export type DeliveryGrants = {
  /** For the destination bucket's policy. */
  readonly bucket: readonly Statement[];
  /** For the policy of the stack's key: CloudFront reads what it encrypted, log delivery writes with it. */
  readonly key: readonly Statement[];
};

/** What a delivery needs of the destination bucket and of the stack's key; nothing when there is none. */
export const deliveryGrants = (
  isDelivered: boolean,
  deployment: Deployment,
  names: PhysicalResources,
): DeliveryGrants => {
  if (!isDelivered) return { bucket: [], key: [] };
  // The id of a distribution is known only once it exists, and a policy that names it could not be judged at the first
  // preview; what the destination bucket holds is served to everyone anyway.
  const distributions = {
    principals: { service: "cloudfront.amazonaws.com" },
    conditions: { ArnLike: { "aws:SourceArn": names.distributions.arn } },
  };
  return {
    bucket: [
      {
        sid: "ReadByDistributions",
        ...distributions,
        actions: ["s3:GetObject"],
        resources: [`${names.destinationBucket.arn}/*`],
      },
    ],
    key: [
      { sid: "RenditionsToDistributions", ...distributions, actions: ["kms:Decrypt"], resources: ["*"] },
      {
        sid: "LogsOfTheDistribution",
        principals: { service: LOG_DELIVERY },
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
        conditions: {
          StringEquals: { "aws:SourceAccount": deployment.accountId },
          ArnLike: { "aws:SourceArn": names.deliverySource.arn },
        },
      },
    ],
  };
};
