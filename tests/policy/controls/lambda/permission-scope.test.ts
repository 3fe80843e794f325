import { describe, expect, it } from "vitest";
import { lambdaPermissionScope } from "../../../../policy/controls/lambda/permission-scope.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ACCOUNT = "111122223333";
const judgePermission = (props: object) =>
  judge(lambdaPermissionScope, resource({ type: "aws:lambda/permission:Permission", props }));
const API = "apigateway.amazonaws.com";
const S3 = "s3.amazonaws.com";

describe("LAMBDA-001 lambda-permission-scope", () => {
  it.each([
    [
      "a service on behalf of one resource",
      { principal: API, sourceArn: `arn:aws:execute-api:eu-west-1:${ACCOUNT}:a1b2c3/*` },
    ],
    ["a service on behalf of one account", { principal: API, sourceAccount: ACCOUNT }],
    [
      "S3 on behalf of one bucket of one account",
      { principal: S3, sourceArn: "arn:aws:s3:::images", sourceAccount: ACCOUNT },
    ],
    [
      "S3 on behalf of one account, with an unknown bucket",
      { principal: S3, sourceArn: UNKNOWN, sourceAccount: ACCOUNT },
    ],
    ["an account", { principal: ACCOUNT }],
    ["a role", { principal: `arn:aws:iam::${ACCOUNT}:role/caller` }],
    ["everyone in an organization", { principal: "*", principalOrgId: "o-a1b2c3d4e5" }],
    ["one Alexa skill", { principal: "alexa-appkit.amazon.com", eventSourceToken: "amzn1.ask.skill.x" }],
  ])("accepts %s", (_, props) => {
    expect(judgePermission(props).outcome).toBe("compliant");
  });

  it.each([
    ["everyone", { principal: "*" }, "Principal::any"],
    ["everyone through a function URL", { principal: "*", functionUrlAuthType: "NONE" }, "Principal::any"],
    [
      "everyone, with a bucket as the source",
      { principal: "*", sourceArn: "arn:aws:s3:::images" },
      "Principal::any",
    ],
    ["a service on behalf of anyone", { principal: "events.amazonaws.com" }, "Source::missing"],
    [
      "a service of the China partition on behalf of anyone",
      { principal: "events.amazonaws.com.cn" },
      "Source::missing",
    ],
    [
      "S3 on behalf of a bucket without an account",
      { principal: S3, sourceArn: "arn:aws:s3:::images" },
      "SourceAccount::missing",
    ],
    ["S3 on behalf of anyone", { principal: S3 }, "SourceAccount::missing"],
    [
      "a service on behalf of resources of any account",
      { principal: API, sourceArn: "arn:aws:execute-api:*:*:*" },
      "SourceAccount::missing",
    ],
    ["a service on behalf of any resource", { principal: API, sourceArn: "*" }, "SourceAccount::missing"],
    ["a service on behalf of any account", { principal: API, sourceAccount: "*" }, "SourceAccount::not-one"],
    ["any Alexa skill", { principal: "alexa-appkit.amazon.com" }, "EventSourceToken::missing"],
  ])("reports %s", (_, props, key) => {
    expect(findingsOf(judgePermission(props))).toEqual([`subject ${key}`]);
  });

  it("reports S3 without an account even if the bucket is unknown", () => {
    expect(judgePermission({ principal: S3, sourceArn: UNKNOWN }).outcome).toBe("violation");
  });

  it("does not judge an unknown principal or source", () => {
    expect(judgePermission({ principal: UNKNOWN })).toMatchObject({ notJudged: [{ path: "principal" }] });
    expect(judgePermission({ principal: API, sourceArn: UNKNOWN })).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "sourceArn" }],
    });
  });

  it("does not apply to functions", () => {
    const type = "aws:lambda/function:Function";
    expect(judge(lambdaPermissionScope, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(lambdaPermissionScope);
});
