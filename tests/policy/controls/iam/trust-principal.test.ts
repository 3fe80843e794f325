import { describe, expect, it } from "vitest";
import { iamTrustPrincipal } from "../../../../policy/controls/iam/trust-principal.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { ACCOUNT, document, ROLE, trust } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (...statement: Parameters<typeof trust>) =>
  keysIn(iamTrustPrincipal, "trust", trust(...statement));
const web = (provider: string, Condition?: Record<string, unknown>) =>
  keys(
    { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${provider}` },
    Condition,
    "sts:AssumeRoleWithWebIdentity",
  );
const GITHUB = "token.actions.githubusercontent.com";

describe("IAM-014 iam-trust-principal", () => {
  itJudgesDocuments(iamTrustPrincipal, "trust", trust("*"));

  it.each([
    ["a service", { Service: "lambda.amazonaws.com" }],
    ["a role", { AWS: ROLE }],
    ["an account", { AWS: ACCOUNT }],
    ["a SAML provider", { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/corporate` }],
  ])("accepts %s", (_, principal) => {
    expect(keys(principal)).toEqual([]);
  });

  it.each([
    ["*"],
    [{ AWS: "*" }],
    [{ AWS: [ROLE, "*"] }],
    [{ Service: "*" }],
    [{ Federated: "*" }],
    [{ AWS: "arn:aws:iam::*:root" }],
  ])("reports everyone as %j", (principal) => {
    expect(keys(principal)).toEqual(["Principal::S"]);
  });

  it.each([
    [{ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }],
    [{ StringEquals: { "aws:PrincipalAccount": ACCOUNT } }],
    [{ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } }],
  ])("accepts everyone under %j", (Condition) => {
    expect(keys({ AWS: "*" }, Condition)).toEqual([]);
  });

  it.each([
    [{ StringEquals: { "sts:ExternalId": "b8f1" } }],
    [{ StringLike: { "aws:PrincipalOrgID": "o-*" } }],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deploy" } }],
    [{ StringNotEquals: { "aws:PrincipalAccount": ACCOUNT } }],
  ])("reports everyone under %j", (Condition) => {
    expect(keys({ AWS: "*" }, Condition)).toEqual(["Principal::S"]);
  });

  it.each([
    ["StringEquals", "repo:acme/images:ref:refs/heads/main"],
    ["StringLike", "repo:acme/images:*"],
    ["StringLike", "repo:acme/images:environment:*"],
    ["StringEquals", ["repo:acme/images:environment:prod", "repo:acme/site:environment:prod"]],
  ])("accepts a GitHub subject by %s %j", (operator, sub) => {
    expect(web(GITHUB, { [operator]: { [`${GITHUB}:sub`]: sub } })).toEqual([]);
  });

  it.each([
    "*",
    "repo:*",
    "repo:acme/*",
    "repo:acme*/images:*",
    "repo:*/images:*",
    "repo:acme/im*:*",
    "repo:?cme/images:*",
  ])("reports the GitHub subject %s", (sub) => {
    expect(web(GITHUB, { StringLike: { [`${GITHUB}:sub`]: sub } })).toEqual(["WebIdentity::S"]);
  });

  it("accepts other claims of GitHub that name the repository", () => {
    expect(web(GITHUB, { StringEquals: { [`${GITHUB}:repository_id`]: "123456789" } })).toEqual([]);
    expect(web(GITHUB, { StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" } })).toEqual([
      "WebIdentity::S",
    ]);
  });

  it.each([
    ["agent.buildkite.com", "organization:acme:pipeline:images:ref:*", "organization:acme:*"],
    ["app.terraform.io", "organization:acme:project:images:workspace:*:run_phase:*", "organization:*"],
    ["gitlab.com", "project_path:acme/team/images:ref_type:branch:ref:main", "project_path:acme*:*"],
    [
      "oidc.eks.eu-central-1.amazonaws.com/id/ABC",
      "system:serviceaccount:images:worker",
      "system:serviceaccount:images:*",
    ],
    ["api.pulumi.com/oidc", "pulumi:deploy:org:acme:*", "*"],
    ["idp.example.com", "worker-7", "*"],
  ])("requires a subject of %s to name what identifies the caller", (provider, narrow, wide) => {
    const subject = (value: string) => web(provider, { StringLike: { [`${provider}:sub`]: value } });
    expect(subject(narrow)).toEqual([]);
    expect(subject(wide)).toEqual(["WebIdentity::S"]);
    expect(web(provider)).toEqual(["WebIdentity::S"]);
  });

  it.each([
    ["cognito-identity.amazonaws.com:aud", "eu-central-1:0f1e", []],
    ["cognito-identity.amazonaws.com:amr", "authenticated", ["WebIdentity::S"]],
  ])("requires a condition on the Cognito pool: %s", (key, value, expected) => {
    const condition = { "ForAnyValue:StringEquals": { [key]: value } };
    const principal = { Federated: "cognito-identity.amazonaws.com" };
    expect(keys(principal, condition, "sts:AssumeRoleWithWebIdentity")).toEqual(expected);
  });

  it("does not accept a condition on another provider's claim", () => {
    expect(web(GITHUB, { StringEquals: { "gitlab.com:sub": "project_path:acme/images:" } })).toEqual([
      "WebIdentity::S",
    ]);
  });

  it.each(["sts:*", "*"])("reports the action %s", (action) => {
    expect(keys({ AWS: ROLE }, undefined, action)).toEqual([`Action::${action}`]);
  });

  it("ignores NotPrincipal, which POL-001 reports", () => {
    const statement = { Effect: "Allow", NotPrincipal: { AWS: ROLE }, Action: "sts:AssumeRole" };
    expect(keysIn(iamTrustPrincipal, "trust", statement)).toEqual([]);
  });

  it("says what is missing", () => {
    const body = document(trust("*"), {
      ...trust(
        { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
        undefined,
        "sts:AssumeRoleWithWebIdentity",
      ),
      Sid: "T",
    });
    expect(judge(iamTrustPrincipal, holding("trust", body)).findings.map(({ message }) => message)).toEqual([
      "Statement S of `assumeRolePolicy` must not let everyone assume the role.",
      "Statement T of `assumeRolePolicy` must name the organization and the repository in a condition on the provider's claims.",
    ]);
  });

  proveControl(iamTrustPrincipal);
});
