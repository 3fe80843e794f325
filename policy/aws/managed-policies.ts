import { UnknownProperty } from "../engine/properties.ts";
import type { ResourceView } from "../engine/resource.ts";
import { isUnknown } from "../engine/unknown.ts";
import { parseArn } from "./arn.ts";

/**
 * Names of the AWS-managed policies that a resource attaches: `AdministratorAccess`, `AWSLambdaBasicExecutionRole`.
 * The ARN of an AWS-managed policy has `aws` for the account; the policy's name does not matter.
 *
 * @param property holds one ARN or a list of them.
 * @throws UnknownProperty when an ARN is unknown and the known ones include no AWS-managed policy.
 */
export const awsManagedPolicies = ({ props }: ResourceView, property: string): readonly string[] => {
  const value = props.value(property);
  const arns: readonly unknown[] = Array.isArray(value) ? value : [value];
  const names = arns.flatMap((arn) => {
    const parsed = typeof arn === "string" ? parseArn(arn) : undefined;
    if (parsed?.service !== "iam" || parsed.account !== "aws") return [];
    return parsed.resource.split("/").at(-1) ?? [];
  });
  if (names.length === 0 && arns.some(isUnknown)) throw new UnknownProperty(props.path(property));
  return names;
};
