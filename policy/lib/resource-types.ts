/**
 * Pulumi type tokens, older ones included: a token left out is a resource that no control looks at.
 * @pulumi/aws 7 keeps the names that version 6 gave to the split-up bucket (`…V2`).
 */
export const S3_BUCKET = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;
export const S3_PUBLIC_ACCESS_BLOCK = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"] as const;
export const SNS_TOPIC = ["aws:sns/topic:Topic"] as const;
export const SQS_QUEUE = ["aws:sqs/queue:Queue"] as const;
