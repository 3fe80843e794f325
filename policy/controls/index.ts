import type { Control } from "../engine/control.ts";
import { apigatewayAccessLogs } from "./apigateway/access-logs.ts";
import { apigatewayAuthorization } from "./apigateway/authorization.ts";
import { apigatewayDomainTls } from "./apigateway/domain-tls.ts";
import { apigatewayThrottling } from "./apigateway/throttling.ts";
import { cloudfrontAccessLogs } from "./cloudfront/access-logs.ts";
import { cloudfrontCustomCertificate } from "./cloudfront/custom-certificate.ts";
import { cloudfrontDefaultRootObject } from "./cloudfront/default-root-object.ts";
import { cloudfrontMinimumTls } from "./cloudfront/minimum-tls.ts";
import { cloudfrontOriginAccessControl } from "./cloudfront/origin-access-control.ts";
import { cloudfrontOriginHttps } from "./cloudfront/origin-https.ts";
import { cloudfrontSecurityHeaders } from "./cloudfront/security-headers.ts";
import { cloudfrontViewerHttps } from "./cloudfront/viewer-https.ts";
import { cloudfrontWebAcl } from "./cloudfront/web-acl.ts";
import { cloudwatchAlarmActions } from "./cloudwatch/alarm-actions.ts";
import { cloudwatchLogGroupEncryption } from "./cloudwatch/log-group-encryption.ts";
import { cloudwatchLogGroupRetention } from "./cloudwatch/log-group-retention.ts";
import { dynamodbTableDeletionProtection } from "./dynamodb/table-deletion-protection.ts";
import { dynamodbTableEncryption } from "./dynamodb/table-encryption.ts";
import { dynamodbTablePointInTimeRecovery } from "./dynamodb/table-point-in-time-recovery.ts";
import { ecrImageScan } from "./ecr/image-scan.ts";
import { ecrTagImmutability } from "./ecr/tag-immutability.ts";
import { eventbridgeBusPolicy } from "./eventbridge/bus-policy.ts";
import { eventbridgePermissionScope } from "./eventbridge/permission-scope.ts";
import { eventbridgeScheduleEncryption } from "./eventbridge/schedule-encryption.ts";
import { eventbridgeTargetDeadLetters } from "./eventbridge/target-dead-letters.ts";
import { iamAccessKey } from "./iam/access-key.ts";
import { iamActionExists } from "./iam/action-exists.ts";
import { iamActionResourceMatch } from "./iam/action-resource-match.ts";
import { iamAdministrator } from "./iam/administrator.ts";
import { iamAwsManagedPolicy } from "./iam/aws-managed-policy.ts";
import { iamBucketName } from "./iam/bucket-name.ts";
import { iamCredentialExposure } from "./iam/credential-exposure.ts";
import { iamDataExfiltration } from "./iam/data-exfiltration.ts";
import { iamDeadGrant } from "./iam/dead-grant.ts";
import { iamGroupInlinePolicy } from "./iam/group-inline-policy.ts";
import { iamKmsKey } from "./iam/kms-key.ts";
import { iamPassRole } from "./iam/pass-role.ts";
import { iamPolicyDocumentWellFormed } from "./iam/policy-document-well-formed.ts";
import { iamPrivilegeEscalation } from "./iam/privilege-escalation.ts";
import { iamRolePolicyConflict } from "./iam/role-policy-conflict.ts";
import { iamScopingCondition } from "./iam/scoping-condition.ts";
import { iamTrustPrincipal } from "./iam/trust-principal.ts";
import { iamTrustService } from "./iam/trust-service.ts";
import { iamUnattachedPolicy } from "./iam/unattached-policy.ts";
import { iamUserPolicy } from "./iam/user-policy.ts";
import { iamWildcardAction } from "./iam/wildcard-action.ts";
import { iamWildcardResource } from "./iam/wildcard-resource.ts";
import { kmsKeyDeletionWindow } from "./kms/key-deletion-window.ts";
import { kmsKeyEnabled } from "./kms/key-enabled.ts";
import { kmsKeyLockoutCheck } from "./kms/key-lockout-check.ts";
import { kmsKeyRotation } from "./kms/key-rotation.ts";
import { lambdaDeadLetters } from "./lambda/dead-letters.ts";
import { lambdaEnvironmentEncryption } from "./lambda/environment-encryption.ts";
import { lambdaEnvironmentSecrets } from "./lambda/environment-secrets.ts";
import { lambdaFunctionUrlAuth } from "./lambda/function-url-auth.ts";
import { lambdaOwnRole } from "./lambda/own-role.ts";
import { lambdaPartialBatches } from "./lambda/partial-batches.ts";
import { lambdaPermissionAccounts } from "./lambda/permission-accounts.ts";
import { lambdaPermissionScope } from "./lambda/permission-scope.ts";
import { lambdaReservedConcurrency } from "./lambda/reserved-concurrency.ts";
import { lambdaRuntime } from "./lambda/runtime.ts";
import { lambdaTracing } from "./lambda/tracing.ts";
import { policyAnyPrincipal } from "./policy/any-principal.ts";
import { policyConfusedDeputy } from "./policy/confused-deputy.ts";
import { policyCrossAccount } from "./policy/cross-account.ts";
import { policyDataStoreProtection } from "./policy/data-store-protection.ts";
import { policyIgnoreChanges } from "./policy/ignore-changes.ts";
import { policyInvertedAllow } from "./policy/inverted-allow.ts";
import { policyLiteralPattern } from "./policy/literal-pattern.ts";
import { policyVacuousCondition } from "./policy/vacuous-condition.ts";
import { policyWildcardAction } from "./policy/wildcard-action.ts";
import { s3AccessPointPublicAccessBlock } from "./s3/access-point-public-access-block.ts";
import { s3BucketAccessLogging } from "./s3/bucket-access-logging.ts";
import { s3BucketAclsDisabled } from "./s3/bucket-acls-disabled.ts";
import { s3BucketEncryption } from "./s3/bucket-encryption.ts";
import { s3BucketForceDestroy } from "./s3/bucket-force-destroy.ts";
import { s3BucketLifecycle } from "./s3/bucket-lifecycle.ts";
import { s3BucketPublicAccessBlock } from "./s3/bucket-public-access-block.ts";
import { s3BucketTlsOnly } from "./s3/bucket-tls-only.ts";
import { s3BucketVersioning } from "./s3/bucket-versioning.ts";
import { s3BucketWebsite } from "./s3/bucket-website.ts";
import { s3PublicAccessBlockComplete } from "./s3/public-access-block-complete.ts";
import { s3PublicAcl } from "./s3/public-acl.ts";
import { secretsmanagerRotation } from "./secretsmanager/rotation.ts";
import { snsSignatureVersion } from "./sns/signature-version.ts";
import { snsSubscriptionHttps } from "./sns/subscription-https.ts";
import { snsTopicEncryption } from "./sns/topic-encryption.ts";
import { snsTopicTlsOnly } from "./sns/topic-tls-only.ts";
import { sqsDeadLetterQueue } from "./sqs/dead-letter-queue.ts";
import { sqsDeadLetterRetention } from "./sqs/dead-letter-retention.ts";
import { sqsQueueEncryption } from "./sqs/queue-encryption.ts";
import { sqsQueueTlsOnly } from "./sqs/queue-tls-only.ts";
import { sqsRedriveAllowPolicy } from "./sqs/redrive-allow-policy.ts";
import { sqsVisibilityTimeout } from "./sqs/visibility-timeout.ts";
import { ssmSecureString } from "./ssm/secure-string.ts";
import { tagsRequired } from "./tags/required.ts";

/** All controls of the pack, sorted by id. A control that is not listed here does not run. */
export const controls: readonly Control[] = [
  apigatewayAuthorization,
  apigatewayAccessLogs,
  apigatewayDomainTls,
  apigatewayThrottling,
  cloudfrontViewerHttps,
  cloudfrontMinimumTls,
  cloudfrontCustomCertificate,
  cloudfrontOriginAccessControl,
  cloudfrontOriginHttps,
  cloudfrontAccessLogs,
  cloudfrontDefaultRootObject,
  cloudfrontSecurityHeaders,
  cloudfrontWebAcl,
  cloudwatchLogGroupEncryption,
  cloudwatchLogGroupRetention,
  cloudwatchAlarmActions,
  dynamodbTableEncryption,
  dynamodbTablePointInTimeRecovery,
  dynamodbTableDeletionProtection,
  ecrImageScan,
  ecrTagImmutability,
  eventbridgePermissionScope,
  eventbridgeBusPolicy,
  eventbridgeTargetDeadLetters,
  eventbridgeScheduleEncryption,
  iamPolicyDocumentWellFormed,
  iamWildcardAction,
  iamWildcardResource,
  iamScopingCondition,
  iamActionResourceMatch,
  iamActionExists,
  iamPassRole,
  iamPrivilegeEscalation,
  iamCredentialExposure,
  iamDataExfiltration,
  iamAdministrator,
  iamAwsManagedPolicy,
  iamRolePolicyConflict,
  iamTrustPrincipal,
  iamTrustService,
  iamKmsKey,
  iamDeadGrant,
  iamUnattachedPolicy,
  iamUserPolicy,
  iamGroupInlinePolicy,
  iamAccessKey,
  iamBucketName,
  kmsKeyRotation,
  kmsKeyDeletionWindow,
  kmsKeyEnabled,
  kmsKeyLockoutCheck,
  lambdaPermissionScope,
  lambdaFunctionUrlAuth,
  lambdaEnvironmentSecrets,
  lambdaEnvironmentEncryption,
  lambdaRuntime,
  lambdaDeadLetters,
  lambdaPartialBatches,
  lambdaTracing,
  lambdaOwnRole,
  lambdaReservedConcurrency,
  lambdaPermissionAccounts,
  policyInvertedAllow,
  policyAnyPrincipal,
  policyCrossAccount,
  policyConfusedDeputy,
  policyVacuousCondition,
  policyWildcardAction,
  policyIgnoreChanges,
  policyDataStoreProtection,
  policyLiteralPattern,
  s3BucketPublicAccessBlock,
  s3PublicAccessBlockComplete,
  s3BucketTlsOnly,
  s3BucketEncryption,
  s3BucketAclsDisabled,
  s3PublicAcl,
  s3BucketVersioning,
  s3BucketLifecycle,
  s3BucketAccessLogging,
  s3BucketWebsite,
  s3BucketForceDestroy,
  s3AccessPointPublicAccessBlock,
  secretsmanagerRotation,
  snsTopicEncryption,
  snsTopicTlsOnly,
  snsSubscriptionHttps,
  snsSignatureVersion,
  sqsQueueEncryption,
  sqsQueueTlsOnly,
  sqsDeadLetterQueue,
  sqsVisibilityTimeout,
  sqsRedriveAllowPolicy,
  sqsDeadLetterRetention,
  ssmSecureString,
  tagsRequired,
];
