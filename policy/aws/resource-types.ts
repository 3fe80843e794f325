/**
 * Pulumi type tokens, including older ones: no control sees a resource whose token is missing.
 * @pulumi/aws 7 keeps the `…V2` names that version 6 introduced for buckets and their separate configurations.
 */
export const S3_BUCKET = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;
export const S3_ACCESS_POINT = ["aws:s3/accessPoint:AccessPoint"] as const;
export const S3_ACCOUNT_PUBLIC_ACCESS_BLOCK = [
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
] as const;
export const S3_ACL = ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"] as const;
export const S3_ENCRYPTION = [
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
] as const;
export const S3_LIFECYCLE = [
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
] as const;
export const S3_LOGGING = [
  "aws:s3/bucketLogging:BucketLogging",
  "aws:s3/bucketLoggingV2:BucketLoggingV2",
] as const;
export const S3_OBJECT = [
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/objectCopy:ObjectCopy",
] as const;
export const S3_OWNERSHIP = ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"] as const;
export const S3_POLICY = ["aws:s3/bucketPolicy:BucketPolicy"] as const;
export const S3_PUBLIC_ACCESS_BLOCK = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"] as const;
export const S3_VERSIONING = [
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketVersioningV2:BucketVersioningV2",
] as const;
export const S3_WEBSITE = [
  "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
  "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2",
] as const;

export const SNS_SUBSCRIPTION = ["aws:sns/topicSubscription:TopicSubscription"] as const;
export const SNS_TOPIC = ["aws:sns/topic:Topic"] as const;
export const SNS_TOPIC_POLICY = ["aws:sns/topicPolicy:TopicPolicy"] as const;

export const SQS_QUEUE = ["aws:sqs/queue:Queue"] as const;
export const SQS_QUEUE_POLICY = ["aws:sqs/queuePolicy:QueuePolicy"] as const;
export const SQS_REDRIVE_ALLOW_POLICY = ["aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"] as const;
export const SQS_REDRIVE_POLICY = ["aws:sqs/redrivePolicy:RedrivePolicy"] as const;

export const LAMBDA_EVENT_SOURCE_MAPPING = ["aws:lambda/eventSourceMapping:EventSourceMapping"] as const;
export const LAMBDA_FUNCTION = ["aws:lambda/function:Function"] as const;
export const LAMBDA_INVOKE_CONFIG = [
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
] as const;
export const LAMBDA_PERMISSION = ["aws:lambda/permission:Permission"] as const;
export const LAMBDA_URL = ["aws:lambda/functionUrl:FunctionUrl"] as const;

export const DYNAMODB_TABLE = ["aws:dynamodb/table:Table"] as const;
export const DYNAMODB_TABLE_REPLICA = ["aws:dynamodb/tableReplica:TableReplica"] as const;

export const KMS_KEY = ["aws:kms/key:Key"] as const;
/** All keys with a policy and a deletion window. */
export const KMS_ANY_KEY = [
  ...KMS_KEY,
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/replicaExternalKey:ReplicaExternalKey",
  "aws:kms/replicaKey:ReplicaKey",
] as const;
export const KMS_KEY_POLICY = ["aws:kms/keyPolicy:KeyPolicy"] as const;

export const CLOUDWATCH_ALARM = ["aws:cloudwatch/metricAlarm:MetricAlarm"] as const;
export const CLOUDWATCH_COMPOSITE_ALARM = ["aws:cloudwatch/compositeAlarm:CompositeAlarm"] as const;
export const CLOUDWATCH_LOG_DELIVERY_SOURCE = ["aws:cloudwatch/logDeliverySource:LogDeliverySource"] as const;
export const CLOUDWATCH_LOG_GROUP = ["aws:cloudwatch/logGroup:LogGroup"] as const;

export const EVENTBRIDGE_BUS = ["aws:cloudwatch/eventBus:EventBus"] as const;
export const EVENTBRIDGE_BUS_POLICY = ["aws:cloudwatch/eventBusPolicy:EventBusPolicy"] as const;
export const EVENTBRIDGE_PERMISSION = ["aws:cloudwatch/eventPermission:EventPermission"] as const;
export const EVENTBRIDGE_PIPE = ["aws:pipes/pipe:Pipe"] as const;
export const EVENTBRIDGE_SCHEDULE = ["aws:scheduler/schedule:Schedule"] as const;
export const EVENTBRIDGE_TARGET = ["aws:cloudwatch/eventTarget:EventTarget"] as const;

export const CLOUDFRONT_DISTRIBUTION = [
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/multitenantDistribution:MultitenantDistribution",
] as const;

/** HTTP and WebSocket APIs (version 2 of the service's API). */
export const API_V2 = ["aws:apigatewayv2/api:Api"] as const;
export const API_V2_DOMAIN = ["aws:apigatewayv2/domainName:DomainName"] as const;
export const API_V2_ROUTE = ["aws:apigatewayv2/route:Route"] as const;
export const API_V2_STAGE = ["aws:apigatewayv2/stage:Stage"] as const;
/** REST APIs. */
export const REST_API = ["aws:apigateway/restApi:RestApi"] as const;
export const REST_API_DOMAIN = ["aws:apigateway/domainName:DomainName"] as const;
export const REST_API_METHOD = ["aws:apigateway/method:Method"] as const;
export const REST_API_METHOD_SETTINGS = ["aws:apigateway/methodSettings:MethodSettings"] as const;
export const REST_API_POLICY = ["aws:apigateway/restApiPolicy:RestApiPolicy"] as const;
export const REST_API_STAGE = ["aws:apigateway/stage:Stage"] as const;

export const ECR_REGISTRY_SCANNING = [
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
] as const;
export const ECR_REPOSITORY = ["aws:ecr/repository:Repository"] as const;
export const SECRET = ["aws:secretsmanager/secret:Secret"] as const;
export const SECRET_ROTATION = ["aws:secretsmanager/secretRotation:SecretRotation"] as const;
export const SSM_PARAMETER = ["aws:ssm/parameter:Parameter"] as const;

export const IAM_ACCESS_KEY = ["aws:iam/accessKey:AccessKey"] as const;
export const IAM_GROUP = ["aws:iam/group:Group"] as const;
export const IAM_GROUP_ATTACHMENT = ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment"] as const;
export const IAM_GROUP_POLICY = ["aws:iam/groupPolicy:GroupPolicy"] as const;
export const IAM_POLICY = ["aws:iam/policy:Policy"] as const;
/** Attaches one policy to several identities, and detaches it from all others. */
export const IAM_POLICY_ATTACHMENT = ["aws:iam/policyAttachment:PolicyAttachment"] as const;
export const IAM_ROLE = ["aws:iam/role:Role"] as const;
export const IAM_ROLE_ATTACHMENT = ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"] as const;
export const IAM_ROLE_ATTACHMENTS_EXCLUSIVE = [
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
] as const;
export const IAM_ROLE_POLICIES_EXCLUSIVE = ["aws:iam/rolePoliciesExclusive:RolePoliciesExclusive"] as const;
export const IAM_ROLE_POLICY = ["aws:iam/rolePolicy:RolePolicy"] as const;
export const IAM_USER = ["aws:iam/user:User"] as const;
export const IAM_USER_ATTACHMENT = ["aws:iam/userPolicyAttachment:UserPolicyAttachment"] as const;
export const IAM_USER_POLICY = ["aws:iam/userPolicy:UserPolicy"] as const;
export const SSO_MANAGED_POLICY_ATTACHMENT = [
  "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
] as const;
export const SSO_CUSTOMER_POLICY_ATTACHMENT = [
  "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment",
] as const;
