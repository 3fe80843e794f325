import { z } from "zod";
import { LAMBDA_FUNCTION } from "../../aws/resource-types.ts";
import { isCredential, isPointer, looksRandom, mayNameSecret, namesSecret } from "../../aws/secrets.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { type Judgement, judgeApart, notApplicable, violation } from "../../engine/judgement.ts";

export const lambdaEnvironmentSecrets = defineResourceControl({
  id: "LAMBDA-003",
  name: "lambda-environment-secrets",
  title: "Lambda functions have no secrets in their environment.",
  severity: "high",
  level: "mandatory",
  why: "Everyone who may look at the function's configuration reads its variables, and so does every library in the function.",
  remediation:
    "Keep the secret in Secrets Manager or as an SSM SecureString, pass its ARN or name (a variable such as DB_PASSWORD_ARN), and read it when the function starts.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-security",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda", "secretsmanager", "ssm"],
  types: LAMBDA_FUNCTION,
  parameters: z.strictObject({
    allowedNames: z
      .array(z.string())
      .default([])
      .describe("Names of variables that sound like secrets and are none."),
  }),
  *check(resource, { parameters }) {
    const variables = resource.props.child("environment")?.child("variables");
    if (variables === undefined) {
      yield notApplicable();
      return;
    }
    for (const name of variables.names()) {
      yield* judgeApart(resource, function* () {
        // A name that says nothing of a secret is of no interest while the value is unknown.
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
      message: `Variable \`${name}\` must not hold a credential, as its form shows it does.`,
    });
  } else if (suspicious && (namesSecret(name) ? !isPointer(value) : looksRandom(value))) {
    yield violation({
      key,
      message: `Variable \`${name}\` must not hold a secret, as its name says it does.`,
    });
  }
}
