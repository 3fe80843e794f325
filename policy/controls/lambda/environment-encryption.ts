import { z } from "zod";
import { isAwsManagedKey, remediationKey, setKey } from "../../aws/kms.ts";
import { LAMBDA_FUNCTION } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { notApplicable, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";

export const lambdaEnvironmentEncryption = defineResourceControl({
  id: "LAMBDA-004",
  name: "lambda-environment-encryption",
  title: "Lambda functions encrypt their environment with a customer-managed KMS key.",
  severity: "medium",
  level: "mandatory",
  why: "With AWS's own key, anyone who may read the function's configuration can read the variables. A customer-managed key requires a second permission and leaves an audit trail.",
  remediation: "Set kmsKeyArn to a customer-managed key, and allow the function's role to decrypt with it.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda", "kms"],
  types: LAMBDA_FUNCTION,
  parameters: z.strictObject({ remediationKey }),
  *check({ props }) {
    const key = props.string("kmsKeyArn");
    if (key !== undefined && !isAwsManagedKey(key, "lambda")) return;
    if (!hasVariables(props)) {
      yield notApplicable();
      return;
    }
    yield violation({
      key: "Encryption::aws-managed-key",
      message:
        "`kmsKeyArn` must name a customer-managed key, because the function has environment variables.",
    });
  },
  remediate: ({ props }, { parameters }) =>
    hasVariables(props) && !props.has("kmsKeyArn") ? setKey("kmsKeyArn", parameters.remediationKey) : {},
});

const hasVariables = (props: Properties): boolean => {
  const variables = props.child("environment")?.child("variables");
  return variables !== undefined && variables.names().length > 0;
};
