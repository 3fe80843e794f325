import type { Control } from "../lib/control.ts";
import { iamPolicyDocumentWellFormed } from "./iam-policy-document-well-formed.ts";
import { iamWildcardAction } from "./iam-wildcard-action.ts";
import { s3BucketPublicAccessBlock } from "./s3-bucket-public-access-block.ts";
import { s3PublicAccessBlockComplete } from "./s3-public-access-block-complete.ts";
import { snsTopicEncryption } from "./sns-topic-encryption.ts";
import { sqsQueueEncryption } from "./sqs-queue-encryption.ts";

/** Every control of the pack, by id. A control that is not listed here does not run. */
export const controls: readonly Control[] = [
  iamPolicyDocumentWellFormed,
  iamWildcardAction,
  s3BucketPublicAccessBlock,
  s3PublicAccessBlockComplete,
  snsTopicEncryption,
  sqsQueueEncryption,
];
