import type { Control } from "../lib/control.ts";
import { iamPolicyDocumentWellFormed } from "./iam-policy-document-well-formed.ts";
import { iamWildcardAction } from "./iam-wildcard-action.ts";
import { lambdaDeadLetters } from "./lambda-dead-letters.ts";
import { lambdaEnvironmentEncryption } from "./lambda-environment-encryption.ts";
import { lambdaEnvironmentSecrets } from "./lambda-environment-secrets.ts";
import { lambdaFunctionUrlAuth } from "./lambda-function-url-auth.ts";
import { lambdaOwnRole } from "./lambda-own-role.ts";
import { lambdaPartialBatches } from "./lambda-partial-batches.ts";
import { lambdaPermissionAccounts } from "./lambda-permission-accounts.ts";
import { lambdaPermissionScope } from "./lambda-permission-scope.ts";
import { lambdaReservedConcurrency } from "./lambda-reserved-concurrency.ts";
import { lambdaRuntime } from "./lambda-runtime.ts";
import { lambdaTracing } from "./lambda-tracing.ts";
import { s3AccessPointPublicAccessBlock } from "./s3-access-point-public-access-block.ts";
import { s3BucketAccessLogging } from "./s3-bucket-access-logging.ts";
import { s3BucketAclsDisabled } from "./s3-bucket-acls-disabled.ts";
import { s3BucketEncryption } from "./s3-bucket-encryption.ts";
import { s3BucketForceDestroy } from "./s3-bucket-force-destroy.ts";
import { s3BucketLifecycle } from "./s3-bucket-lifecycle.ts";
import { s3BucketPublicAccessBlock } from "./s3-bucket-public-access-block.ts";
import { s3BucketTlsOnly } from "./s3-bucket-tls-only.ts";
import { s3BucketVersioning } from "./s3-bucket-versioning.ts";
import { s3BucketWebsite } from "./s3-bucket-website.ts";
import { s3PublicAccessBlockComplete } from "./s3-public-access-block-complete.ts";
import { s3PublicAcl } from "./s3-public-acl.ts";
import { snsSignatureVersion } from "./sns-signature-version.ts";
import { snsSubscriptionHttps } from "./sns-subscription-https.ts";
import { snsTopicEncryption } from "./sns-topic-encryption.ts";
import { snsTopicTlsOnly } from "./sns-topic-tls-only.ts";
import { sqsDeadLetterQueue } from "./sqs-dead-letter-queue.ts";
import { sqsDeadLetterRetention } from "./sqs-dead-letter-retention.ts";
import { sqsQueueEncryption } from "./sqs-queue-encryption.ts";
import { sqsQueueTlsOnly } from "./sqs-queue-tls-only.ts";
import { sqsRedriveAllowPolicy } from "./sqs-redrive-allow-policy.ts";
import { sqsVisibilityTimeout } from "./sqs-visibility-timeout.ts";

/** Every control of the pack, by id. A control that is not listed here does not run. */
export const controls: readonly Control[] = [
  iamPolicyDocumentWellFormed,
  iamWildcardAction,
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
];
