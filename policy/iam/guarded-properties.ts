import { documentProperties, documentTypes } from "./documents.ts";

/** Properties that control access or encryption, in addition to those that contain policy documents. */
const GUARDED: Readonly<Record<string, readonly string[]>> = {
  "aws:cloudwatch/logGroup:LogGroup": ["kmsKeyId"],
  "aws:docdb/cluster:Cluster": ["kmsKeyId", "storageEncrypted"],
  "aws:dynamodb/table:Table": ["serverSideEncryption"],
  "aws:ebs/volume:Volume": ["encrypted", "kmsKeyId"],
  "aws:ecr/repository:Repository": ["encryptionConfigurations"],
  "aws:efs/fileSystem:FileSystem": ["encrypted", "kmsKeyId"],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    "atRestEncryptionEnabled",
    "kmsKeyId",
    "transitEncryptionEnabled",
  ],
  "aws:iam/role:Role": ["managedPolicyArns", "permissionsBoundary"],
  "aws:iam/user:User": ["permissionsBoundary"],
  "aws:kinesis/stream:Stream": ["encryptionType", "kmsKeyId"],
  "aws:kms/key:Key": ["enableKeyRotation", "isEnabled"],
  "aws:lambda/function:Function": ["kmsKeyArn", "role"],
  "aws:lambda/functionUrl:FunctionUrl": ["authorizationType"],
  "aws:lambda/permission:Permission": ["principal", "sourceAccount", "sourceArn"],
  "aws:neptune/cluster:Cluster": ["kmsKeyArn", "storageEncrypted"],
  "aws:opensearch/domain:Domain": ["encryptAtRest", "nodeToNodeEncryption"],
  "aws:rds/cluster:Cluster": ["kmsKeyId", "storageEncrypted"],
  "aws:rds/instance:Instance": ["kmsKeyId", "publiclyAccessible", "storageEncrypted"],
  "aws:redshift/cluster:Cluster": ["encrypted", "kmsKeyId", "publiclyAccessible"],
  "aws:s3/bucket:Bucket": ["acl", "serverSideEncryptionConfiguration"],
  "aws:s3/bucketAcl:BucketAcl": ["acl", "accessControlPolicy"],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["rule"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
  ],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ["rules"],
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": ["rules"],
  "aws:s3/bucketV2:BucketV2": ["acl", "serverSideEncryptionConfigurations"],
  "aws:secretsmanager/secret:Secret": ["kmsKeyId"],
  "aws:sns/topic:Topic": ["kmsMasterKeyId"],
  "aws:sqs/queue:Queue": ["kmsMasterKeyId", "sqsManagedSseEnabled"],
};

const KINDS = ["identity", "resource", "key", "trust"] as const;

/** The type tokens with such properties. */
export const GUARDED_TYPES: readonly string[] = [
  ...new Set([...Object.keys(GUARDED), ...documentTypes(...KINDS)]),
].sort();

/** The guarded properties of a type, by their top-level names. */
export const guardedProperties = (type: string): readonly string[] => [
  ...documentProperties(type, KINDS),
  ...(GUARDED[type] ?? []),
];
