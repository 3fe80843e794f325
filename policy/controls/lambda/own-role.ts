import { LAMBDA_FUNCTION } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { UnknownProperty } from "../../engine/properties.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach } from "../../engine/stack.ts";

export const lambdaOwnRole = defineStackControl({
  id: "LAMBDA-009",
  name: "lambda-own-role",
  title: "Each Lambda function has its own role.",
  severity: "medium",
  level: "advisory",
  why: "A shared role must allow what any of its functions needs, so each function gets more permissions than necessary.",
  remediation: "Give each function its own role that allows only what that function calls.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda", "iam"],
  types: LAMBDA_FUNCTION,
  parameters: noParameters,
  check(stack) {
    const functions = stack.ofType(LAMBDA_FUNCTION);
    return judgeEach(functions, function* (subject) {
      const role = roleOf(subject);
      const others = functions.filter((other) => other !== subject && sharesRole(other, role));
      if (others.length === 0) return;
      yield violation({
        key: "Role::shared",
        message: `The function must not share its role with ${others.map(({ name }) => name).join(", ")}.`,
      });
    });
  },
});

/** The role's ARN or, while it is unknown, the URN of the resource it comes from. */
const roleOf = ({ name, props, propertyDependencies }: StackResource): string => {
  if (!props.isUnknown("role")) return props.string("role") ?? "";
  const [origin] = propertyDependencies["role"] ?? [];
  if (origin === undefined) throw new UnknownProperty(`${name}.role`);
  return origin;
};

/** A function whose role is unknown counts as not sharing; it is reported as not judged on its own. */
const sharesRole = (other: StackResource, role: string): boolean => {
  try {
    return role !== "" && roleOf(other) === role;
  } catch (error) {
    if (error instanceof UnknownProperty) return false;
    throw error;
  }
};
