import { describe, expect, it } from "vitest";
import { iamAwsManagedPolicy } from "../../../../policy/controls/iam/aws-managed-policy.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const attach = (policyArn: unknown, parameters: object = {}) =>
  findingsOf(
    judge(iamAwsManagedPolicy, resource({ type: ATTACHMENT, props: { policyArn } }), { parameters }),
  );

describe("IAM-012 iam-aws-managed-policy", () => {
  it.each([
    "AdministratorAccess",
    "AdministratorAccess-Amplify",
    "PowerUserAccess",
    "IAMFullAccess",
    "AmazonS3FullAccess",
    "AWSLambda_FullAccess",
    "CloudWatchFullAccessV2",
    "ReadOnlyAccess",
    "AmazonS3ReadOnlyAccess",
    "service-role/AWSLambdaRole",
    "service-role/AmazonEC2RoleforSSM",
    "job-function/ViewOnlyAccess",
    "SecurityAudit",
  ])("reports %s", (name) => {
    expect(attach(aws(name))).toEqual([`subject Policy::${name.split("/").at(-1)}`]);
  });

  it.each([
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AWSLambdaVPCAccessExecutionRole",
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "AWSXRayDaemonWriteAccess",
    "AmazonSSMManagedInstanceCore",
    "AmazonEC2ContainerRegistryReadOnly",
  ])("accepts %s", (name) => {
    expect(attach(aws(name))).toEqual([]);
  });

  it("accepts a customer-managed policy with any name (cdk-nag#703)", () => {
    expect(attach("arn:aws:iam::111122223333:policy/AdministratorAccess")).toEqual([]);
  });

  it("reports policies of other partitions", () => {
    expect(attach("arn:aws-cn:iam::aws:policy/AdministratorAccess")).toHaveLength(1);
  });

  it.each([
    [ATTACHMENT, { policyArn: aws("IAMFullAccess") }],
    ["aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: aws("IAMFullAccess") }],
    ["aws:iam/groupPolicyAttachment:GroupPolicyAttachment", { policyArn: aws("IAMFullAccess") }],
    ["aws:iam/policyAttachment:PolicyAttachment", { policyArn: aws("IAMFullAccess") }],
    [
      "aws:iam/role:Role",
      { managedPolicyArns: [aws("service-role/AWSLambdaBasicExecutionRole"), aws("IAMFullAccess")] },
    ],
    [
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      { policyArns: [aws("IAMFullAccess")] },
    ],
    [
      "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
      { managedPolicyArn: aws("IAMFullAccess") },
    ],
  ])("reports a policy attached by %s", (type, props) => {
    expect(findingsOf(judge(iamAwsManagedPolicy, resource({ type, props })))).toEqual([
      "subject Policy::IAMFullAccess",
    ]);
  });

  it("reads the names from its parameters", () => {
    expect(attach(aws("IAMFullAccess"), { allowed: ["IAM*"] })).toEqual([]);
    expect(attach(aws("service-role/AWSLambdaBasicExecutionRole"), { broad: ["*"] })).toHaveLength(1);
    expect(attach(aws("IAMFullAccess"), { broad: [] })).toEqual([]);
  });

  it("names the AWS-managed policy in its message", () => {
    const { findings } = judge(
      iamAwsManagedPolicy,
      resource({ type: ATTACHMENT, props: { policyArn: aws("IAMFullAccess") } }),
    );
    expect(findings[0]?.message).toBe(
      "`policyArn` must not attach the AWS-managed policy IAMFullAccess, because it is too broad.",
    );
  });

  it("judges the known ARNs when one is unknown", () => {
    expect(
      judge(iamAwsManagedPolicy, resource({ type: ATTACHMENT, props: { policyArn: UNKNOWN } })),
    ).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "policyArn" }],
    });
    const role = resource({
      type: "aws:iam/role:Role",
      props: { managedPolicyArns: [UNKNOWN, aws("IAMFullAccess")] },
    });
    expect(findingsOf(judge(iamAwsManagedPolicy, role))).toEqual(["subject Policy::IAMFullAccess"]);
  });

  it("does not apply to a role without managed policies or to other types", () => {
    expect(judge(iamAwsManagedPolicy, resource({ type: "aws:iam/role:Role" })).outcome).toBe(
      "not applicable",
    );
    expect(judge(iamAwsManagedPolicy, resource({ type: "aws:iam/policy:Policy" })).outcome).toBe(
      "not applicable",
    );
  });

  proveControl(iamAwsManagedPolicy);
});
