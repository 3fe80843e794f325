import { describe, expect, it } from "vitest";
import { iamCredentialExposure } from "../../../../policy/controls/iam/credential-exposure.ts";
import { CREDENTIAL_ACTIONS } from "../../../../policy/iam/sensitive-actions.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { ACCOUNT, allow, document, ROLE, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (...statement: Parameters<typeof allow>) =>
  keysIn(iamCredentialExposure, "identity", allow(...statement));

describe("IAM-009 iam-credential-exposure", () => {
  itJudgesDocuments(iamCredentialExposure, "identity", allow("iam:CreateAccessKey", "*"));

  it.each(CREDENTIAL_ACTIONS)("reports %s on *", (action) => {
    expect(keys(action, "*")).toEqual([`Action::${action}`]);
  });

  it.each([
    ["one role", "sts:AssumeRole", ROLE],
    ["the caller's own user", "iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/\${aws:username}`],
    ["one database user", "rds-db:connect", `arn:aws:rds-db:eu-central-1:${ACCOUNT}:dbuser:db-ABC/reader`],
    ["the login of a container registry", "ecr:GetAuthorizationToken", "*"],
    ["sts:GetCallerIdentity", "sts:GetCallerIdentity", "*"],
  ])("accepts %s", (_, action, arn) => {
    expect(keys(action, arn)).toEqual([]);
  });

  it("reports sts:AssumeRole on every role of the account", () => {
    expect(keys("sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/*`)).toEqual(["Action::sts:AssumeRole"]);
  });

  it("accepts * when a condition on a tag limits the resources", () => {
    expect(keys("sts:AssumeRole", "*", when("StringEquals", "aws:ResourceTag/Team", "images"))).toEqual([]);
  });

  it("reports a wildcard once, with the number of matching actions", () => {
    const { findings } = judge(iamCredentialExposure, holding("identity", document(allow("sts:*", "*"))));
    expect(findings).toMatchObject([
      {
        key: "Action::sts:*",
        message:
          "Statement S of `policy` must name the resources of `sts:AssumeRole` and 5 similar actions, to limit access to credentials.",
      },
    ]);
  });

  it("reports actions that NotAction allows", () => {
    const statement = { Effect: "Allow", NotAction: "iam:*", Resource: "*" };
    expect(keysIn(iamCredentialExposure, "identity", statement)).toEqual(["Action::NotAction"]);
  });

  proveControl(iamCredentialExposure);
});
