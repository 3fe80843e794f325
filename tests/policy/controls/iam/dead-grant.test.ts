import { describe, expect, it } from "vitest";
import { iamDeadGrant } from "../../../../policy/controls/iam/dead-grant.ts";
import type { StackResource } from "../../../../policy/engine/resource.ts";
import {
  ACCOUNT,
  allow,
  BUCKET,
  deny,
  document,
  KEY,
  OBJECTS,
  QUEUE,
  ROLE,
  STRANGER,
  TABLE,
} from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const grants = (...resources: string[]) =>
  resource({
    type: "aws:iam/rolePolicy:RolePolicy",
    props: { policy: JSON.stringify(document({ ...allow("s3:GetObject", resources) })) },
  });
const bucket = (props: object = { bucket: "images" }) =>
  resource({ type: "aws:s3/bucket:Bucket", name: "bucket", props });
const found = (stack: readonly StackResource[], parameters: object = {}, settings: object = {}) =>
  findingsOf(judge(iamDeadGrant, stack, { parameters, settings }));

describe("IAM-017 iam-dead-grant", () => {
  it.each([
    ["aws:s3/bucket:Bucket", { bucket: "images" }, [BUCKET, OBJECTS, `${BUCKET}/a/*/b`]],
    ["aws:s3/bucketV2:BucketV2", { bucket: "images" }, [BUCKET]],
    ["aws:sqs/queue:Queue", { name: "ingest" }, [QUEUE, `arn:aws:sqs:*:${ACCOUNT}:in*`]],
    ["aws:dynamodb/table:Table", { name: "assets" }, [TABLE, `${TABLE}/index/*`]],
    [
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "/aws/lambda/f" },
      [`arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/f:*`],
    ],
    ["aws:kms/key:Key", { arn: KEY }, [KEY]],
    ["aws:iam/role:Role", { name: "processor" }, [ROLE]],
    [
      "aws:iam/role:Role",
      { name: "processor", path: "/services/" },
      [`arn:aws:iam::${ACCOUNT}:role/services/processor`],
    ],
    [
      "aws:secretsmanager/secret:Secret",
      { name: "db" },
      [`arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:db-??????`],
    ],
    [
      "aws:secretsmanager/secret:Secret",
      { name: "db" },
      [`arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:db-AbCdEf`],
    ],
    [
      "aws:ssm/parameter:Parameter",
      { name: "/images/token" },
      [`arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/images/token`],
    ],
  ])("matches %s with %j", (type, props, arns) => {
    expect(found([resource({ type, name: "known", props }), grants(...arns)])).toEqual([]);
    expect(found([grants(...arns)])).toHaveLength(arns.length);
  });

  it("compares the ARN rather than the name", () => {
    expect(found([bucket({ bucket: "images", arn: "arn:aws:s3:::other" }), grants(BUCKET)])).toHaveLength(1);
  });

  it("names the index of each dead ARN, and not the ARN", () => {
    const verdict = judge(iamDeadGrant, [bucket(), grants(BUCKET, QUEUE)]);
    expect(verdict.findings).toMatchObject([
      {
        key: "Resource::S[1]",
        message:
          "Statement S of `policy` must name existing resources: Resource[1] matches no resource in this stack.",
        resource: { name: "subject" },
      },
    ]);
  });

  it.each([
    ["*", "*"],
    ["all resources of a service", "arn:aws:sqs:*:*:*"],
    ["a service whose ARNs it does not cover", `arn:aws:batch:eu-central-1:${ACCOUNT}:job-queue/jobs`],
    ["a public AWS parameter", "arn:aws:ssm:eu-central-1::parameter/aws/service/ami"],
    ["a policy variable as the name", `arn:aws:s3:::\${aws:PrincipalTag/bucket}`],
  ])("ignores %s", (_, arn) => {
    expect(found([bucket(), grants(arn)])).toEqual([]);
  });

  it("accepts resources listed under resourcesElsewhere, and resources of allowed accounts", () => {
    const shared = "arn:aws:s3:::shared-assets/*";
    const foreign = `arn:aws:sqs:eu-central-1:${STRANGER}:jobs`;
    expect(found([grants(shared, foreign)])).toHaveLength(2);
    expect(found([grants(shared)], { resourcesElsewhere: ["arn:aws:s3:::shared-*"] })).toEqual([]);
    expect(found([grants(foreign)], {}, { allowedAccounts: [STRANGER] })).toEqual([]);
  });

  it("ignores Deny and NotResource", () => {
    const policy = (statement: object) =>
      resource({
        type: "aws:iam/policy:Policy",
        props: { policy: JSON.stringify({ Statement: statement }) },
      });
    expect(found([policy(deny("s3:*", BUCKET))])).toEqual([]);
    expect(found([policy({ Effect: "Allow", Action: "s3:GetObject", NotResource: BUCKET })])).toEqual([]);
  });

  it("does not judge while a resource of the service has no known name and no known ARN", () => {
    const unnamed = bucket({ bucket: UNKNOWN, arn: UNKNOWN });
    expect(judge(iamDeadGrant, [unnamed, grants(BUCKET)])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "policy S", resource: { name: "subject" } }],
    });
    expect(found([unnamed, grants(QUEUE)])).toHaveLength(1);
  });

  it("does not judge an unknown document", () => {
    const unknown = resource({ type: "aws:iam/rolePolicy:RolePolicy", props: { policy: UNKNOWN } });
    expect(judge(iamDeadGrant, [unknown])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "policy" }],
    });
  });

  it("reports parameters that are not ARNs", () => {
    expect(found([grants(BUCKET)], { resourcesElsewhere: ["images"] })).toEqual([
      expect.stringContaining("Parameters::resourcesElsewhere.0"),
    ]);
  });

  it("does not apply to a stack without identities", () => {
    expect(judge(iamDeadGrant, [bucket()]).outcome).toBe("not applicable");
  });

  proveControl(iamDeadGrant);
});
