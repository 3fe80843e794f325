import { describe, expect, it } from "vitest";
import { iamKmsKey } from "../../../../policy/controls/iam/kms-key.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { ACCOUNT, ALIAS, allow, document, KEY, OBJECTS, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (...statement: Parameters<typeof allow>) => keysIn(iamKmsKey, "identity", allow(...statement));

describe("IAM-016 iam-kms-key", () => {
  itJudgesDocuments(iamKmsKey, "identity", allow("kms:Decrypt", "*"));

  it.each([
    ["exact keys", ["kms:Decrypt", "kms:GenerateDataKey"], [KEY, `${KEY}0`]],
    ["a multi-Region key in every region", "kms:Decrypt", `arn:aws:kms:*:${ACCOUNT}:key/mrk-1234`],
    ["actions that take no key", ["kms:CreateKey", "kms:GenerateRandom", "kms:ListAliases"], "*"],
    ["actions that only read or list keys", ["kms:DescribeKey", "kms:GetKeyPolicy"], "*"],
    ["managing aliases", ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"], [KEY, ALIAS]],
    ["resources of other actions", ["kms:Decrypt", "s3:GetObject"], [KEY, OBJECTS]],
    ["all actions on one bucket", "*", OBJECTS],
  ])("accepts %s", (_, action, arn) => {
    expect(keys(action, arn)).toEqual([]);
  });

  it.each([
    ["*", "*"],
    ["every key", `arn:aws:kms:eu-central-1:${ACCOUNT}:key/*`],
    ["keys of a prefix", `arn:aws:kms:eu-central-1:${ACCOUNT}:key/mrk-*`],
    ["a key of any account", "arn:aws:kms:eu-central-1:*:key/1234abcd"],
    ["a policy variable", `arn:aws:kms:eu-central-1:${ACCOUNT}:key/\${aws:PrincipalTag/key}`],
    ["an exact key and *", [KEY, "*"]],
  ])("reports %s", (_, arn) => {
    expect(keys("kms:Decrypt", arn)).toEqual(["Key::S"]);
  });

  it("reports NotResource, and actions that NotAction allows", () => {
    const others = { Sid: "S", Effect: "Allow" };
    expect(keysIn(iamKmsKey, "identity", { ...others, Action: "kms:Decrypt", NotResource: KEY })).toEqual([
      "Key::S",
    ]);
    expect(keysIn(iamKmsKey, "identity", { ...others, NotAction: "kms:CreateGrant", Resource: "*" })).toEqual(
      ["Key::S"],
    );
  });

  it("accepts a key wildcard with a condition on exact aliases, and reports one with an alias wildcard", () => {
    const every = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/*`;
    expect(
      keys("kms:Decrypt", every, when("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/images")),
    ).toEqual([]);
    expect(keys("kms:Decrypt", every, when("StringEquals", "kms:RequestAlias", "alias/images"))).toEqual([]);
    expect(
      keys("kms:Decrypt", every, when("ForAnyValue:StringLike", "kms:ResourceAliases", "alias/*")),
    ).toEqual(["Key::S"]);
    expect(
      keys("kms:Decrypt", every, when("StringEquals", "kms:ViaService", "s3.eu-central-1.amazonaws.com")),
    ).toEqual(["Key::S"]);
  });

  it("reports an alias in Resource, with or without its key", () => {
    expect(keys("kms:Decrypt", ALIAS)).toEqual(["Alias::S"]);
    expect(keys("kms:Decrypt", [KEY, ALIAS])).toEqual(["Alias::S"]);
  });

  it.each(["kms:*", "KMS:*"])("reports %s on one key", (action) => {
    expect(keys(action, KEY)).toEqual([`Action::${action}`, "Grant::S"]);
  });

  it("accepts kms:CreateGrant only for AWS services or an exact grantee", () => {
    expect(keys("kms:CreateGrant", KEY)).toEqual(["Grant::S"]);
    expect(keys("kms:CreateGrant", KEY, when("Bool", "kms:GrantIsForAWSResource", "true"))).toEqual([]);
    expect(keys("kms:CreateGrant", KEY, when("Bool", "kms:GrantIsForAWSResource", "false"))).toEqual([
      "Grant::S",
    ]);
    expect(keys("kms:CreateGrant", KEY, when("BoolIfExists", "kms:GrantIsForAWSResource", "true"))).toEqual([
      "Grant::S",
    ]);
    expect(
      keys(
        "kms:CreateGrant",
        KEY,
        when("StringEquals", "kms:GranteePrincipal", `arn:aws:iam::${ACCOUNT}:role/a`),
      ),
    ).toEqual([]);
  });

  it("ignores administrators, which IAM-011 reports", () => {
    expect(keys("*", "*")).toEqual([]);
  });

  it("says what to fix, without the ARN", () => {
    const body = document(
      allow("kms:Decrypt", "*"),
      allow(["kms:Decrypt", "kms:CreateGrant"], [KEY, ALIAS], { Sid: "T" }),
    );
    expect(judge(iamKmsKey, holding("identity", body)).findings.map(({ message }) => message)).toEqual([
      "Statement S of `policy` must name each KMS key by its exact ARN.",
      "Statement T of `policy` must name the KMS key by its key ARN: an alias in Resource allows nothing.",
      "Statement T of `policy` must limit kms:CreateGrant with the condition kms:GrantIsForAWSResource.",
    ]);
  });

  proveControl(iamKmsKey);
});
