import { describe, expect, it } from "vitest";
import { lambdaEnvironmentSecrets } from "../../../../policy/controls/lambda/environment-secrets.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeVariables = (variables: unknown, parameters = {}) =>
  judge(
    lambdaEnvironmentSecrets,
    resource({ type: "aws:lambda/function:Function", props: { environment: { variables } } }),
    { parameters },
  );
// Assembled at run time, so secret scanners don't report this file.
const ACCESS_KEY = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
const PRIVATE_KEY = ["-----BEGIN RSA ", "PRIVATE KEY-----"].join("");

describe("LAMBDA-003 lambda-environment-secrets", () => {
  it.each([
    ["DESTINATION_BUCKET", "images-111122223333"],
    ["DB_PASSWORD_ARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"],
    ["DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"],
    ["API_TOKEN", "/prod/api/token"],
    ["API_TOKEN", "{{resolve:secretsmanager:api}}"],
    ["TOKEN_URL", "https://example.com/oauth/token"],
    ["PASSWORD_MIN_LENGTH", "12"],
    ["MAX_TOKENS", "4096"],
    ["SECRETS_ENABLED", "true"],
    ["SORT_KEY", "ImageKey"],
    ["KMS_KEY_ID", "7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11"],
    ["KMS_KEY", "7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11"],
    ["KEY_PREFIX", "renditions"],
    ["OBJECT_KEY", "incoming/photo.jpg"],
    ["DATABASE_URL", "postgres://db.example.com/images"],
    ["API_TOKEN", ""],
  ])("accepts %s", (name, value) => {
    expect(judgeVariables({ [name]: value }).outcome).toBe("compliant");
  });

  it.each([
    ["DB_PASSWORD", "hunter2"],
    ["dbPassword", "hunter2"],
    ["apiToken", "t0ps3cr3t"],
    ["CLIENT_SECRET", "s3cr3t"],
    ["SERVICE_CREDENTIALS", "user:pass"],
    ["STRIPE_API_KEY", "abc"],
    ["SIGNING_KEY", "abc"],
    ["SENDGRID_KEY", "SG1aB2cD3eF4gH5iJ6kL7mN8"],
    ["ANYTHING", ACCESS_KEY],
    ["ANYTHING", `key=${ACCESS_KEY}`],
    ["ANYTHING", PRIVATE_KEY],
    ["DATABASE_URL", "postgres://images:hunter2@db.example.com/images"],
    ["REDIS", "rediss://:hunter2@cache.example.com"],
  ])("reports %s with a plain value", (name, value) => {
    const verdict = judgeVariables({ LOG_LEVEL: "INFO", [name]: value });
    expect(findingsOf(verdict)).toEqual([`subject Variable::${name}`]);
    expect(
      JSON.stringify(verdict.findings.map(({ key, message, fix }) => [key, message, fix])),
    ).not.toContain(value);
  });

  it("reports each variable with a secret", () => {
    expect(findingsOf(judgeVariables({ DB_PASSWORD: "a", API_TOKEN: "b" }))).toEqual([
      "subject Variable::DB_PASSWORD",
      "subject Variable::API_TOKEN",
    ]);
  });

  it("accepts a name that the config allows, unless the value has the format of a credential", () => {
    const parameters = { allowedNames: ["CSRF_TOKEN"] };
    expect(judgeVariables({ CSRF_TOKEN: "double-submit" }, parameters).outcome).toBe("compliant");
    expect(judgeVariables({ CSRF_TOKEN: ACCESS_KEY }, parameters).outcome).toBe("violation");
  });

  it("does not judge an unknown value if the name suggests a secret, and ignores other unknown values", () => {
    expect(judgeVariables({ DB_PASSWORD: UNKNOWN })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "environment[0].variables[0].DB_PASSWORD" }],
    });
    expect(judgeVariables({ TABLE_NAME: UNKNOWN }).outcome).toBe("compliant");
    expect(judgeVariables({ DB_PASSWORD: UNKNOWN, API_TOKEN: "b" }).outcome).toBe("violation");
    expect(judgeVariables(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to a function without variables", () => {
    expect(judgeVariables(undefined).outcome).toBe("not applicable");
  });

  proveControl(lambdaEnvironmentSecrets);
});
