import { z } from "zod";
import { LAMBDA_FUNCTION } from "../../aws/resource-types.ts";
import { isCredential, isPointer, looksRandom, mayNameSecret, namesSecret } from "../../aws/secrets.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { type Judgement, judgePart, notApplicable, violation } from "../../engine/judgement.ts";

export const lambdaEnvironmentSecrets = defineResourceControl({
  id: "LAMBDA-003",
  name: "lambda-environment-secrets",
  title: "Lambda functions have no secrets in their environment.",
  severity: "high",
  level: "mandatory",
  why: "Anyone who may read the function's configuration can read its variables, and so can every library in the function.",
  remediation:
    "Store the secret in Secrets Manager or as an SSM SecureString. Pass its ARN or name (in a variable such as DB_PASSWORD_ARN) and read it when the function starts.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-security",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda", "secretsmanager", "ssm"],
  types: LAMBDA_FUNCTION,
  parameters: z.strictObject({
    allowedNames: z
      .array(z.string())
      .default([])
      .describe("Names of variables that sound like secrets but are not."),
  }),
  *check(resource, { parameters }) {
    const variables = resource.props.child("environment")?.child("variables");
    if (variables === undefined) {
      yield notApplicable();
      return;
    }
    for (const name of variables.names()) {
      yield* judgePart(resource, function* () {
        // An unknown value matters only if the name suggests a secret.
        const suspicious =
          !parameters.allowedNames.includes(name) && (namesSecret(name) || mayNameSecret(name));
        if (variables.isUnknown(name) && !suspicious) return;
        yield* judgeVariable(name, variables.string(name) ?? "", suspicious);
      });
    }
  },
});

function* judgeVariable(name: string, value: string, suspicious: boolean): Generator<Judgement> {
  const key = `Variable::${name}`;
  if (isCredential(value)) {
    yield violation({
      key,
      message: `Variable \`${name}\` must not contain a credential; its value has the format of one.`,
    });
  } else if (suspicious && (namesSecret(name) ? !isPointer(value) : looksRandom(value))) {
    yield violation({
      key,
      message: `Variable \`${name}\` must not contain a secret; its name suggests one.`,
    });
  }
}
