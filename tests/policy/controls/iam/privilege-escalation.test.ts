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
  // Without Sids: in one document they must differ.
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
    "sees %s on everything, and nothing when one of its actions is missing",
    (path, actions) => {
      expect(alone(allow(actions, "*"))).toContain(`role Path::${path}`);
      for (const missing of actions) {
        const others = actions.filter((action) => action !== missing);
        expect(others.length === 0 ? [] : alone(allow(others, "*"))).not.toContain(`role Path::${path}`);
      }
    },
  );

  it("adds up all documents of a role: inline, apart, and attached", () => {
    const inlinePolicies = [{ name: "a", policy: text(INVOKE) }];
    expect(
      findings(role({ inlinePolicies }), inline("b", CREATE), managed("c", PASS), attached("c")),
    ).toEqual([PATH]);
  });

  it("does not add up documents of different roles", () => {
    const other = resource({ type: "aws:iam/role:Role", name: "other", props: { name: "other" } });
    const others = resource({
      type: "aws:iam/rolePolicy:RolePolicy",
      name: "others",
      props: { role: "other", policy: text(PASS) },
    });
    expect(findings(role(), other, inline("a", CREATE, INVOKE), others)).toEqual([]);
  });

  it("finds policies that the role lists, and that a PolicyAttachment gives it", () => {
    const managedPolicyArns = [`arn:aws:iam::${ACCOUNT}:policy/c`];
    expect(findings(role({ managedPolicyArns }), managed("c", PASS, CREATE, INVOKE))).toEqual([PATH]);
    const attachment = resource({
      type: "aws:iam/policyAttachment:PolicyAttachment",
      name: "many",
      props: { roles: ["processor"], policyArn: managedPolicyArns[0] },
    });
    expect(findings(role(), managed("c", PASS, CREATE, INVOKE), attachment)).toEqual([PATH]);
  });

  it("finds what belongs together by its origin while names and ARNs are unknown", () => {
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

  it("judges users and groups, and policies whose identity is elsewhere, by themselves", () => {
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

  it("does not take for an input what AWS tells of the role's policies", () => {
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
      "functions of one tag",
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

  it("accepts what stays within a permissions boundary", () => {
    const bounded = when(
      "StringEquals",
      "iam:PermissionsBoundary",
      `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    );
    expect(alone(allow("iam:PutRolePolicy", "*", bounded))).toEqual([]);
  });

  it("sees a role that may rewrite itself, and itself only", () => {
    expect(alone(allow("iam:PutRolePolicy", ROLE))).toEqual(["role Path::iam:PutRolePolicy"]);
    expect(alone(allow("iam:PutRolePolicy", `arn:aws:iam::${ACCOUNT}:role/path/processor`))).toHaveLength(1);
    expect(alone(allow("iam:PutRolePolicy", `${ROLE}-2`))).toEqual([]);
  });

  it.each(["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"])(
    "sees a role that may rewrite by %s a policy that it holds, and that one only",
    (action) => {
      const own = `arn:aws:iam::${ACCOUNT}:policy/own`;
      const holds = (policyArn: string) =>
        findings(role(), managed("own", allow(action, policyArn)), attached("own"));
      expect(holds(own)).toEqual([`role Path::${action}`]);
      expect(holds(`${own}-too`)).toEqual([]);
      expect(findings(role(), managed("own", allow("s3:GetObject", OBJECTS)), attached("own"))).toEqual([]);
    },
  );

  it("reports a wildcard once, with the number of ways that it opens", () => {
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

  it("heeds a Deny of any document, unless it has a condition or is of few resources", () => {
    const denial = (...others: Parameters<typeof deny>) =>
      findings(role(), inline("a", PASS, CREATE, INVOKE), inline("b", deny(...others)));
    expect(denial("lambda:*", "*")).toEqual([]);
    expect(denial("iam:PassRole", "*", when("Bool", "aws:MultiFactorAuthPresent", "false"))).toEqual([PATH]);
    expect(denial("iam:PassRole", ROLE)).toEqual([PATH]);
  });

  it("has nothing to say of an administrator, who can gain nothing", () => {
    expect(alone(allow("*", "*"))).toEqual([]);
  });

  it("does not judge a document that is unknown, on the resource that holds it", () => {
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

  it("leaves a malformed document to IAM-001", () => {
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
