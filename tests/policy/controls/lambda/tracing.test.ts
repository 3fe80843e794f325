import { describe, expect, it } from "vitest";
import { lambdaTracing } from "../../../../policy/controls/lambda/tracing.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeFunction = (props: object, type = "aws:lambda/function:Function") =>
  judge(lambdaTracing, resource({ type, props }));

describe("LAMBDA-008 lambda-tracing", () => {
  it("accepts active tracing", () => {
    expect(judgeFunction({ tracingConfig: { mode: "Active" } }).outcome).toBe("compliant");
  });

  it.each([
    ["passive tracing", { tracingConfig: { mode: "PassThrough" } }],
    ["no tracing", {}],
  ])("reports %s", (_, props) => {
    expect(findingsOf(judgeFunction(props))).toEqual(["subject Tracing::inactive"]);
  });

  it("does not judge an unknown mode", () => {
    expect(judgeFunction({ tracingConfig: { mode: UNKNOWN } }).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judgeFunction({}, "aws:lambda/functionUrl:FunctionUrl").outcome).toBe("not applicable");
  });

  proveControl(lambdaTracing);
});
