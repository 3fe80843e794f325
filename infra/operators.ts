import type { Statement } from "./permissions.ts";

const SESSION = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/;

/**
 * The role or user behind the caller that AWS names, as patterns for `aws:PrincipalArn`. A session's ARN has the name of
 * its role and not the path, which the roles of IAM Identity Center have; names are unique in an account without it.
 */
export const callerPatterns = (callerArn: string): readonly string[] => {
  const [, partition, account, role] = SESSION.exec(callerArn) ?? [];
  return role === undefined
    ? [callerArn]
    : ["", "*/"].map((path) => `arn:${partition}:iam::${account}:role/${path}${role}`);
};

/**
 * Conditions of a Deny that spares these roles and users, and services of AWS that act on their own: those need an Allow
 * of their own besides. A request that is no principal's is spared as well, such as SQS's own move to a dead-letter
 * queue: without an Allow it gets nowhere
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice).
 */
export const unlessBy = (principals: readonly string[]): NonNullable<Statement["conditions"]> => ({
  Bool: { "aws:PrincipalIsAWSService": "false" },
  ArnNotLike: { "aws:PrincipalArn": principals },
});

/** A key as it stands in the ARN of a policy, where these characters mean something else. */
const literally = (key: string): string => key.replaceAll(/[$*?]/g, (character) => `\${${character}}`);

/** Keeps objects of a bucket from everybody but these, whatever else lets them write there. */
export const denyChanges = (
  bucketArn: string,
  keys: readonly string[],
  principals: readonly string[],
): readonly Statement[] =>
  keys.length === 0
    ? []
    : [
        {
          sid: "DenyChangesOfWatermarks",
          effect: "Deny",
          principals: "*",
          actions: ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"],
          resources: keys.map((key) => `${bucketArn}/${literally(key)}`),
          conditions: unlessBy(principals),
        },
      ];

/** Keeps everybody but these from sending to a queue. Who sends a batch needs the same action. */
export const denySending = (queueArn: string, principals: readonly string[]): Statement => ({
  sid: "DenyOtherSenders",
  effect: "Deny",
  principals: "*",
  actions: ["sqs:SendMessage"],
  resources: [queueArn],
  conditions: unlessBy(principals),
});
