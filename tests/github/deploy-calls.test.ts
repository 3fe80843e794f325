import { describe, expect, it } from "vitest";
import { deliveryPolicy, rolePolicy } from "../../.github/bootstrap/documents.ts";
import { ACCOUNT_ID, KEY_ARN, REGION } from "../support/program.ts";
import { CI_ARGS, SECRETS_KEY_ARN, STATE_BUCKET } from "./support/ci-args.ts";
import { deployerCalls, stateCalls } from "./support/deployer-calls.ts";
import { BOUNDARY_ARN, everyOption } from "./support/every-option.ts";
import { allows, type Call, grantsOf, shown, statementsOf } from "./support/iam.ts";
import { actionsOf, KNOWN_TYPES, STEPS, terraformType, unassignedActions } from "./support/provider-calls.ts";

/** Measured, and not granted: the call may fail. */
const TOLERATED: Readonly<Record<string, string>> = {
  "iam:GetUser":
    "hashicorp/aws-sdk-go-base v2, awsauth.go: the first of three ways to learn the account; refused, it asks sts:GetCallerIdentity, which needs no right",
};

/** Granted to a deployer who keeps the stack's own key in the stack, and to nobody in CI. */
const OWN_KEY = ["aws_kms_key", "aws_kms_alias"];

const programs = await everyOption();
const resources = programs.flatMap((program) => program.resources.filter(({ custom }) => custom));
const types = [...new Set(resources.map(({ type }) => terraformType(type)))].sort();

describe("the table of what the provider asks of AWS", () => {
  it("has every type of resource that the program makes, and none that it does not make", () => {
    expect(types.length).toBeGreaterThan(30);
    expect(types.filter((type) => !KNOWN_TYPES.has(type))).toEqual([]);
    const others = [...KNOWN_TYPES].filter((type) => type.startsWith("aws_") && !types.includes(type));
    expect(others.sort()).toEqual([...OWN_KEY].sort());
  });

  it("has what makes, reads and deletes each type", () => {
    for (const type of types) {
      const [apply, plan, , destroy] = STEPS.map((step) => actionsOf(type, step));
      expect([type, apply], type).toEqual([type, expect.arrayContaining([expect.any(String)])]);
      expect([
        type,
        [...(plan ?? []), ...(apply ?? [])].some((action) => /:(Get|List|Describe)/.test(action)),
      ]).toEqual([type, true]);
      expect([type, destroy?.some((action) => /:(Delete|Put|Set|Unsubscribe)/.test(action))]).toEqual([
        type,
        true,
      ]);
    }
  });

  it("says of every measured call what it is for, or why it may fail", () => {
    const assigned = new Set(
      [...KNOWN_TYPES].flatMap((type) => STEPS.flatMap((step) => actionsOf(type, step))),
    );
    const left = unassignedActions().filter((action) => !assigned.has(action));
    expect(left).toEqual(Object.keys(TOLERATED));
  });
});

const line = ({ action, resource, context }: Call): string =>
  [action, resource, ...Object.entries(context).map((entry) => entry.join("="))].join(" ");

describe("the role that CI takes to deploy", () => {
  const statements = [rolePolicy("deploy", CI_ARGS) ?? "", deliveryPolicy(CI_ARGS)].flatMap(statementsOf);
  const calls = [...programs.flatMap(deployerCalls), ...stateCalls(STEPS, STATE_BUCKET, SECRETS_KEY_ARN)];

  it("may do all that deploying, refreshing and destroying take, with every option", () => {
    expect(calls.length).toBeGreaterThan(1000);
    const refused = calls.filter((call) => !statements.some((statement) => allows(statement, call)));
    expect([...new Set(refused.map(line))]).toEqual([]);
  });

  it("may do nothing beyond that", () => {
    const grants = statements.flatMap(grantsOf);
    expect(grants.length).toBeGreaterThan(150);
    expect(grants.filter((grant) => !calls.some((call) => allows(grant, call))).map(shown)).toEqual([]);
  });

  it("makes roles within the boundary alone, and gives none to another service", () => {
    const made = calls.filter(({ action }) => action === "iam:CreateRole");
    expect(new Set(made.map(({ context }) => context["iam:PermissionsBoundary"]))).toEqual(
      new Set([BOUNDARY_ARN]),
    );
    const attempts: readonly Call[] = made.flatMap((call) => [
      { ...call, context: {} },
      { ...call, context: { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" } },
      { ...call, resource: call.resource.replace("production", "staging") },
      { ...call, action: "iam:PutRolePolicy", context: {} },
      { ...call, action: "iam:UpdateAssumeRolePolicy", context: {} },
      { ...call, action: "iam:AttachRolePolicy" },
      { ...call, action: "iam:PutRolePermissionsBoundary" },
      { ...call, action: "iam:DeleteRolePermissionsBoundary" },
      ...["ec2.amazonaws.com", "cloudformation.amazonaws.com", "ecs-tasks.amazonaws.com"].map((service) => ({
        action: "iam:PassRole",
        resource: call.resource,
        context: { "iam:PassedToService": service },
      })),
    ]);
    const allowed = attempts.filter((call) => statements.some((statement) => allows(statement, call)));
    expect(allowed.map(line)).toEqual([]);
    expect(made.filter((call) => !statements.some((statement) => allows(statement, call)))).toEqual([]);
  });

  it("has no rights on another key, and none to change its own", () => {
    const via = { "kms:ViaService": `lambda.${REGION}.amazonaws.com`, "kms:GrantIsForAWSResource": "true" };
    const otherKey = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/00000000-0000-0000-0000-000000000000`;
    const attempts: readonly Call[] = [
      ...["kms:Decrypt", "kms:CreateGrant", "kms:DescribeKey", "kms:TagResource", "kms:PutKeyPolicy"].map(
        (action) => ({ action, resource: otherKey, context: via }),
      ),
      ...["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:TagResource"].map(
        (action) => ({
          action,
          resource: KEY_ARN,
          context: via,
        }),
      ),
      ...["kms:Decrypt", "kms:CreateGrant"].map((action) => ({ action, resource: KEY_ARN, context: {} })),
      { action: "kms:CreateKey", resource: "*", context: {} },
    ];
    const allowed = attempts.filter((call) => statements.some((statement) => allows(statement, call)));
    expect(allowed.map(line)).toEqual([]);
  });
});

describe("the role that CI takes to preview", () => {
  const statements = statementsOf(rolePolicy("preview", CI_ARGS) ?? "");

  it("may read the state and decrypt its secrets, and nothing beyond that", () => {
    const calls = stateCalls(["plan"], STATE_BUCKET, SECRETS_KEY_ARN);
    expect(
      calls.filter((call) => !statements.some((statement) => allows(statement, call))).map(line),
    ).toEqual([]);
    const grants = statements.flatMap(grantsOf);
    expect(grants.filter((grant) => !calls.some((call) => allows(grant, call))).map(shown)).toEqual([]);
    expect(grants.map(({ actions }) => actions.patterns[0])).toEqual([
      "s3:ListBucket",
      "s3:GetObject",
      "kms:Decrypt",
    ]);
  });
});
