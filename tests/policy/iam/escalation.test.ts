import { describe, expect, it } from "vitest";
import { StackView } from "../../../policy/engine/stack.ts";
import { escalationsOf } from "../../../policy/iam/escalation.ts";
import { identitiesOf } from "../../../policy/iam/identities.ts";
import { ACCOUNT, allow, deny, document, ROLE, when } from "../support/documents/row.ts";
import { resource, UNKNOWN } from "../support/subject.ts";

/** An inline policy of the role `processor`. */
const inline = (statement: object, index = 0) =>
  resource({
    type: "aws:iam/rolePolicy:RolePolicy",
    name: `policy-${index}`,
    props: {
      role: "processor",
      name: `inline-${index}`,
      policy: JSON.stringify(document({ ...statement })),
    },
  });

/** The patterns that open ways to escalate for a role with these statements, in separate inline policies. */
const patternsOf = (statements: readonly object[], name: unknown = "processor"): readonly string[] => {
  const role = resource({ type: "aws:iam/role:Role", name: "role", props: { name, id: "processor" } });
  const [identity] = identitiesOf(new StackView([role, ...statements.map(inline)]));
  return identity === undefined ? ["no identity"] : escalationsOf(identity).map(({ by }) => by);
};

const PUT = "iam:PutRolePolicy";
const exceptOn = (action: string, NotResource: unknown, others: object = {}) => ({
  ...allow(action, undefined, { NotResource, ...others }),
});

describe("escalationsOf", () => {
  it("counts an action on everything, on every resource of its type, and on NotResource", () => {
    expect(patternsOf([allow(PUT, "*")])).toEqual([PUT]);
    expect(patternsOf([allow(PUT, `arn:aws:iam::${ACCOUNT}:role/*`)])).toEqual([PUT]);
    expect(patternsOf([exceptOn(PUT, ROLE)])).toEqual([PUT]);
    expect(patternsOf([exceptOn("iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/a`)])).toEqual([
      "iam:CreateAccessKey",
    ]);
  });

  it("does not count an action on other named resources", () => {
    expect(patternsOf([allow(PUT, `${ROLE}-2`)])).toEqual([]);
    expect(patternsOf([allow("iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/processor`)])).toEqual([]);
  });

  it("counts an action on the identity's own ARN, if that is enough to escalate", () => {
    expect(patternsOf([allow(PUT, ["arn:aws:s3:::images", ROLE])])).toEqual([PUT]);
    expect(patternsOf([allow(PUT, `arn:aws:iam::${ACCOUNT}:role/proc*`)])).toEqual([PUT]);
    expect(patternsOf([allow("iam:UpdateAssumeRolePolicy", ROLE)])).toEqual([]);
    // The name of an inline policy of the role.
    expect(patternsOf([allow(PUT, `arn:aws:iam::${ACCOUNT}:role/inline-0`)])).toEqual([]);
  });

  it.each([[UNKNOWN], [null], [""]])("does not match the identity's own ARN when its name is %j", (name) => {
    expect(patternsOf([allow(PUT, `arn:aws:iam::${ACCOUNT}:role/`)], name)).toEqual([]);
    expect(patternsOf([allow(PUT, ROLE)], name)).toEqual([]);
    // The engine's placeholder for an unknown text begins with a 0.
    expect(patternsOf([allow(PUT, `arn:aws:iam::${ACCOUNT}:role/0*`)], name)).toEqual([]);
    expect(patternsOf([allow(PUT, "*")], name)).toEqual([PUT]);
  });

  it("does not count an action that a condition limits to some resources or a permissions boundary", () => {
    expect(patternsOf([allow(PUT, "*", when("StringEquals", "aws:ResourceTag/Team", "images"))])).toEqual([]);
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
    expect(patternsOf([allow(PUT, "*", when("StringEquals", "iam:PermissionsBoundary", boundary))])).toEqual(
      [],
    );
    expect(
      patternsOf([allow(PUT, "*", when("StringEqualsIfExists", "iam:PermissionsBoundary", boundary))]),
    ).toEqual([PUT]);
    expect(patternsOf([allow(PUT, "*", when("Bool", "aws:MultiFactorAuthPresent", "true"))])).toEqual([PUT]);
  });

  it("counts iam:PassRole only to the service that the other action uses", () => {
    const schedule = allow("scheduler:CreateSchedule", "*");
    const pass = (service: string | readonly string[]) =>
      patternsOf([schedule, allow("iam:PassRole", "*", when("StringLike", "iam:PassedToService", service))]);
    const both = ["iam:PassRole+scheduler:CreateSchedule"];
    expect(patternsOf([schedule, allow("iam:PassRole", "*")])).toEqual(both);
    expect(pass("scheduler.amazonaws.com")).toEqual(both);
    expect(pass(["lambda.amazonaws.com", "sched*.amazonaws.com"])).toEqual(both);
    expect(pass("lambda.amazonaws.com")).toEqual([]);
  });

  it("ignores a condition on the service of an action other than iam:PassRole", () => {
    const schedule = allow(
      "scheduler:CreateSchedule",
      "*",
      when("StringEquals", "iam:PassedToService", "lambda.amazonaws.com"),
    );
    expect(patternsOf([schedule, allow("iam:PassRole", "*")])).toEqual([
      "iam:PassRole+scheduler:CreateSchedule",
    ]);
  });

  it("lists every path that the same patterns open", () => {
    const [identity] = identitiesOf(new StackView([inline(allow("iam:Create*", "*"))]));
    if (identity === undefined) throw new Error("The policy must be an identity.");
    expect(escalationsOf(identity)).toEqual([
      {
        by: "iam:Create*",
        paths: [
          "iam:CreatePolicyVersion",
          "iam:CreateAccessKey",
          "iam:CreateLoginProfile",
          "iam:CreateServiceSpecificCredential",
        ],
      },
    ]);
  });

  it("joins the actions of a path", () => {
    const [identity] = identitiesOf(
      new StackView([inline(allow(["iam:PassRole", "scheduler:CreateSchedule"], "*"))]),
    );
    if (identity === undefined) throw new Error("The policy must be an identity.");
    expect(escalationsOf(identity)).toEqual([
      { by: "iam:PassRole+scheduler:CreateSchedule", paths: ["iam:PassRole + scheduler:CreateSchedule"] },
    ]);
  });

  it("counts an action on a managed policy that is attached to the identity", () => {
    const role = resource({ type: "aws:iam/role:Role", name: "role", props: { name: "processor" } });
    const arn = `arn:aws:iam::${ACCOUNT}:policy/own`;
    const policy = (target: string) =>
      resource({
        type: "aws:iam/policy:Policy",
        name: "own",
        props: {
          name: "own",
          arn,
          policy: JSON.stringify(document(allow("iam:CreatePolicyVersion", target))),
        },
      });
    const attachment = resource({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "attachment",
      props: { role: "processor", policyArn: arn },
    });
    const opened = (target: string) => {
      const [identity] = identitiesOf(new StackView([role, policy(target), attachment]));
      return identity === undefined ? [] : escalationsOf(identity).map(({ by }) => by);
    };
    expect(opened(arn)).toEqual(["iam:CreatePolicyVersion"]);
    expect(opened(`${arn}-2`)).toEqual([]);
  });

  it("finds the statement that allows the action among others", () => {
    expect(patternsOf([allow(PUT, `${ROLE}-2`), allow("s3:GetObject", "*"), allow(PUT, "*")])).toEqual([PUT]);
  });

  it.each([
    ["on everything", deny(PUT, "*"), []],
    ["with a wildcard", deny("iam:Put*", "*"), []],
    ["on every role", deny(PUT, `arn:aws:iam::${ACCOUNT}:role/*`), []],
    ["with NotResource", { ...exceptOn(PUT, ROLE), Effect: "Deny" }, []],
    ["on one role", deny(PUT, ROLE), [PUT]],
    ["of another action", deny("iam:PutUserPolicy", "*"), [PUT]],
    ["with a condition", deny(PUT, "*", when("Bool", "aws:MultiFactorAuthPresent", "false")), [PUT]],
  ])("applies a Deny %s", (_, denial, expected) => {
    expect(patternsOf([allow(PUT, "*"), denial])).toEqual(expected);
  });

  it("names the wildcard, NotAction, or else the action", () => {
    expect(patternsOf([allow("iam:Put*Policy", "*")])).toEqual(["iam:Put*Policy"]);
    expect(patternsOf([allow("IAM:putrolepolicy", "*")])).toEqual([PUT]);
    const { Action: _, ...others } = allow("", "*");
    expect(patternsOf([{ ...others, NotAction: "s3:*" }])).toEqual(["NotAction"]);
  });

  it("returns nothing for an administrator", () => {
    expect(patternsOf([allow("*", "*")])).toEqual([]);
    expect(patternsOf([allow(PUT, "*"), allow("*:*", "*")])).toEqual([]);
    expect(
      patternsOf([allow(PUT, "*"), deny("*", "*", when("Bool", "aws:SecureTransport", "false"))]),
    ).toEqual([PUT]);
  });
});
