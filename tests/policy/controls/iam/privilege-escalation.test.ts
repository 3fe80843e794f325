import { describe, expect, it } from "vitest";
import { iamPrivilegeEscalation } from "../../../../policy/controls/iam/privilege-escalation.ts";
import type { StackResource } from "../../../../policy/engine/resource.ts";
import { ESCALATION_PATHS } from "../../../../policy/iam/escalation-paths.ts";
import {
  ACCOUNT,
  allow,
  deny,
  document,
  FUNCTION,
  OBJECTS,
  ROLE,
  when,
} from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const text = (...statements: object[]) =>
  // Without Sids, because Sids must be unique in a document.
  JSON.stringify(document(...statements.map((each) => ({ ...each, Sid: undefined }))));
const role = (props: object = {}, graph: object = {}) =>
  resource({ type: "aws:iam/role:Role", name: "role", props: { name: "processor", ...props }, ...graph });
const inline = (name: string, ...statements: object[]) =>
  resource({
    type: "aws:iam/rolePolicy:RolePolicy",
    name,
    props: { role: "processor", policy: text(...statements) },
  });
const managed = (name: string, ...statements: object[]) =>
  resource({
    type: "aws:iam/policy:Policy",
    name,
    props: { name, arn: `arn:aws:iam::${ACCOUNT}:policy/${name}`, policy: text(...statements) },
  });
const attached = (name: string) =>
  resource({
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: `${name}-attachment`,
    props: { role: "processor", policyArn: `arn:aws:iam::${ACCOUNT}:policy/${name}` },
  });
const findings = (...stack: StackResource[]) => findingsOf(judge(iamPrivilegeEscalation, stack));
const alone = (...statements: object[]) => findings(role(), inline("permissions", ...statements));

const PASS = allow("iam:PassRole", "*");
const CREATE = allow("lambda:CreateFunction", "*");
const INVOKE = allow("lambda:InvokeFunction", "*");
const PATH = "role Path::iam:PassRole+lambda:CreateFunction+lambda:InvokeFunction";

describe("IAM-008 iam-privilege-escalation", () => {
  it.each(ESCALATION_PATHS.map(({ actions }) => [actions.join("+"), actions] as const))(
    "reports %s on everything, and nothing when one of the actions is missing",
    (path, actions) => {
      expect(alone(allow(actions, "*"))).toContain(`role Path::${path}`);
      for (const missing of actions) {
        const others = actions.filter((action) => action !== missing);
        expect(others.length === 0 ? [] : alone(allow(others, "*"))).not.toContain(`role Path::${path}`);
      }
    },
  );

  it("combines all documents of a role: inline, separate and attached", () => {
    const inlinePolicies = [{ name: "a", policy: text(INVOKE) }];
    expect(
      findings(role({ inlinePolicies }), inline("b", CREATE), managed("c", PASS), attached("c")),
    ).toEqual([PATH]);
  });

  it("does not combine documents of different roles", () => {
    const other = resource({ type: "aws:iam/role:Role", name: "other", props: { name: "other" } });
    const others = resource({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "others",
      props: { role: "other", policy: text(PASS) },
    });
    expect(findings(role(), other, inline("a", CREATE, INVOKE), others)).toEqual([]);
  });

  it("includes policies that the role lists or that a PolicyAttachment attaches", () => {
    const managedPolicyArns = [`arn:aws:iam::${ACCOUNT}:policy/c`];
    expect(findings(role({ managedPolicyArns }), managed("c", PASS, CREATE, INVOKE))).toEqual([PATH]);
    const attachment = resource({
      type: "aws:iam/policyAttachment:PolicyAttachment",
      name: "many",
      props: { roles: ["processor"], policyArn: managedPolicyArns[0] },
    });
    expect(findings(role(), managed("c", PASS, CREATE, INVOKE), attachment)).toEqual([PATH]);
  });

  it("matches policies to roles by origin while names and ARNs are unknown", () => {
    const unnamed = role({ name: UNKNOWN });
    const policy = resource({
      type: "aws:iam/policy:Policy",
      name: "c",
      props: { arn: UNKNOWN, policy: text(PASS, CREATE, INVOKE) },
    });
    const attachment = resource({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "attachment",
      props: { role: UNKNOWN, policyArn: UNKNOWN },
      propertyDependencies: { role: [unnamed], policyArn: [policy] },
    });
    expect(findings(unnamed, policy, attachment)).toEqual([PATH]);
  });

  it("judges users, groups, and policies without an identity in the stack", () => {
    const user = resource({ type: "aws:iam/user:User", name: "user", props: { name: "ci" } });
    const ofUser = (name: string, ...statements: object[]) =>
      resource({
        type: "aws:iam/userPolicy:UserPolicy",
        name,
        props: { user: "ci", policy: text(...statements) },
      });
    expect(findings(user, ofUser("a", PASS, CREATE), ofUser("b", INVOKE))).toEqual([
      PATH.replace("role", "user"),
    ]);
    expect(findings(ofUser("alone", PASS, CREATE, INVOKE))).toEqual([PATH.replace("role", "alone")]);
  });

  it("ignores role policies that AWS filled in", () => {
    const listed = [{ name: "elsewhere", policy: text(PASS, CREATE, INVOKE) }];
    const given = { propertyDependencies: { name: [], assumeRolePolicy: [] } };
    expect(findings(role({ inlinePolicies: listed }, given))).toEqual([]);
    expect(findings(role({ inlinePolicies: UNKNOWN }, given))).toEqual([]);
  });

  it.each([
    ["exact functions", allow(["lambda:CreateFunction", "lambda:InvokeFunction"], FUNCTION), PASS],
    [
      "an exact role",
      allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
      allow("iam:PassRole", ROLE),
    ],
    [
      "roles of another service",
      allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
      allow("iam:PassRole", "*", when("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com")),
    ],
    [
      "functions with one tag",
      allow(
        ["lambda:CreateFunction", "lambda:InvokeFunction"],
        "*",
        when("StringEquals", "aws:ResourceTag/Team", "images"),
      ),
      PASS,
    ],
  ])("accepts %s", (_, functions, passing) => {
    expect(alone(functions, passing)).toEqual([]);
  });

  it("accepts changes within a permissions boundary", () => {
    const bounded = when(
      "StringEquals",
      "iam:PermissionsBoundary",
      `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    );
    expect(alone(allow("iam:PutRolePolicy", "*", bounded))).toEqual([]);
  });

  it("reports a role that may change its own policy, and not one that may change another role's", () => {
    expect(alone(allow("iam:PutRolePolicy", ROLE))).toEqual(["role Path::iam:PutRolePolicy"]);
    expect(alone(allow("iam:PutRolePolicy", `arn:aws:iam::${ACCOUNT}:role/path/processor`))).toHaveLength(1);
    expect(alone(allow("iam:PutRolePolicy", `${ROLE}-2`))).toEqual([]);
  });

  it.each(["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"])(
    "reports a role that may use %s on a policy attached to it, and not on other policies",
    (action) => {
      const own = `arn:aws:iam::${ACCOUNT}:policy/own`;
      const holds = (policyArn: string) =>
        findings(role(), managed("own", allow(action, policyArn)), attached("own"));
      expect(holds(own)).toEqual([`role Path::${action}`]);
      expect(holds(`${own}-too`)).toEqual([]);
      expect(findings(role(), managed("own", allow("s3:GetObject", OBJECTS)), attached("own"))).toEqual([]);
    },
  );

  it("reports a wildcard once, with the number of ways that it allows", () => {
    const verdict = judge(iamPrivilegeEscalation, [role(), inline("permissions", allow("iam:*", "*"))]);
    expect(verdict.findings).toMatchObject([
      {
        key: "Path::iam:*",
        message: expect.stringMatching(
          /^The policies together must not allow iam:CreatePolicyVersion \(and \d+ other combinations\), because this can raise the identity's privileges\.$/,
        ),
      },
    ]);
  });

  it("applies a Deny in any document, unless it has a condition or names resources", () => {
    const denial = (...others: Parameters<typeof deny>) =>
      findings(role(), inline("a", PASS, CREATE, INVOKE), inline("b", deny(...others)));
    expect(denial("lambda:*", "*")).toEqual([]);
    expect(denial("iam:PassRole", "*", when("Bool", "aws:MultiFactorAuthPresent", "false"))).toEqual([PATH]);
    expect(denial("iam:PassRole", ROLE)).toEqual([PATH]);
  });

  it("accepts an administrator, which IAM-011 reports", () => {
    expect(alone(allow("*", "*"))).toEqual([]);
  });

  it("names the resource of an unknown document that it does not judge", () => {
    const unknown = resource({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "unknown",
      props: { role: "processor", policy: UNKNOWN },
    });
    expect(judge(iamPrivilegeEscalation, [role(), inline("a", PASS), unknown])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "policy", resource: { name: "unknown" } }],
    });
  });

  it("does not judge a malformed document, which IAM-001 reports", () => {
    const malformed = resource({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "malformed",
      props: { role: "processor", policy: "{" },
    });
    expect(judge(iamPrivilegeEscalation, [role(), malformed])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ cause: "malformed", path: "policy", resource: { name: "malformed" } }],
    });
  });

  it("does not apply to a stack without identities", () => {
    expect(judge(iamPrivilegeEscalation, [resource({ type: "aws:kms/key:Key" })]).outcome).toBe(
      "not applicable",
    );
  });

  proveControl(iamPrivilegeEscalation);
});
