import type { Deployment, PhysicalResource } from "./naming.ts";
import { logsPrincipal } from "./partitions.ts";

type ConditionOperator =
  | "StringEquals"
  | "StringNotEquals"
  | "ArnEquals"
  | "ArnLike"
  | "ArnNotLike"
  | "Bool"
  | "Null";

/** One statement of a policy document, in our words; `policyDocument` turns it into IAM's. */
export type Statement = {
  readonly sid: string;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** Who, in a resource's own policy; left out in a role's. */
  readonly principals?: "*" | { readonly service: string } | { readonly account: string };
  readonly actions: readonly string[];
  /** Exact ARNs; `*` only for actions that know no resource. Left out in a trust policy. */
  readonly resources?: readonly string[];
  readonly conditions?: {
    readonly [Operator in ConditionOperator]?: Readonly<Record<string, string | readonly string[]>>;
  };
};

const principalOf = (principals: Statement["principals"]) => {
  if (principals === undefined || principals === "*") {
    return principals;
  }
  return "service" in principals ? { Service: principals.service } : { AWS: principals.account };
};

/** The JSON of an IAM policy document (version 2012-10-17), statements in the order given. */
export const policyDocument = (statements: readonly Statement[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", principals, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: effect,
      Principal: principalOf(principals),
      Action: actions,
      Resource: resources,
      Condition: conditions,
    })),
  });

/** Lets one AWS service take on the role. */
export const trust = (service: string): Statement => ({
  sid: "AssumedByService",
  principals: { service },
  actions: ["sts:AssumeRole"],
});

/**
 * Lets CloudWatch encrypt one log group, in a key's own policy
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html). AWS's example has
 * `kms:Describe*` too, which no request could use: DescribeKey knows no encryption context, and the condition asks for one.
 */
export const encryptLogs = (sid: string, deployment: Deployment, { arn }: PhysicalResource): Statement => ({
  sid,
  principals: { service: logsPrincipal(deployment) },
  actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
  resources: ["*"],
  conditions: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": arn } },
});

/** Refuses every request that does not come over TLS. */
export const denyPlainTransport = (action: string, resources: readonly string[]): Statement => ({
  sid: "DenyPlainTransport",
  effect: "Deny",
  principals: "*",
  actions: [action],
  resources,
  conditions: { Bool: { "aws:SecureTransport": "false" } },
});

/**
 * The statement that traces need. X-Ray's write actions know no resource
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html).
 */
export const writeTraces = (): Statement => ({
  sid: "WriteTraces",
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
});
