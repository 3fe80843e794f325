import { UnknownProperty } from "../engine/properties.ts";
import type { ResourceView } from "../engine/resource.ts";
import { isUnknown } from "../engine/unknown.ts";
import { parseArn } from "./arn.ts";

/**
 * Names of the AWS-managed policies that a resource attaches: `AdministratorAccess`, `AWSLambdaBasicExecutionRole`.
 * A policy of one's own has an account where AWS's have `aws`, whatever its name.
 *
 * @param property of one ARN or a list of them.
 * @throws UnknownProperty when an ARN is unknown; with what is known, no policy of AWS's is among them.
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
