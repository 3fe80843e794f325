import { describe, expect, it } from "vitest";
import { lambdaFunctionUrlAuth } from "../../../../policy/controls/lambda/function-url-auth.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeUrl = (authorizationType: unknown, type = "aws:lambda/functionUrl:FunctionUrl") =>
  judge(lambdaFunctionUrlAuth, resource({ type, props: { authorizationType } }));

describe("LAMBDA-002 lambda-function-url-auth", () => {
  it("accepts the type AWS_IAM", () => {
    expect(judgeUrl("AWS_IAM").outcome).toBe("compliant");
  });

  it.each(["NONE", undefined])("reports the type %s", (type) => {
    expect(findingsOf(judgeUrl(type))).toEqual(["subject Authorization::none"]);
  });

  it("does not judge an unknown type", () => {
    expect(judgeUrl(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to functions", () => {
    expect(judgeUrl("NONE", "aws:lambda/function:Function").outcome).toBe("not applicable");
  });

  proveControl(lambdaFunctionUrlAuth);
});
