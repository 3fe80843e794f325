import { describe, expect, it } from "vitest";
import { lambdaDeadLetters } from "../../../../policy/controls/lambda/dead-letters.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const lambda = (props: object = {}) =>
  resource({ type: "aws:lambda/function:Function", name: "resizer", props: { name: "resize", ...props } });
const permission = (principal: unknown, of: unknown = "resize") =>
  resource({
    type: "aws:lambda/permission:Permission",
    name: "permission",
    props: { principal, function: of },
  });
const invokeConfig = (destinationConfig: unknown, functionName = "resize") =>
  resource({
    type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    props: { functionName, destinationConfig },
  });
const ON_FAILURE = { onFailure: { destination: "arn:aws:sqs:eu-west-1:111122223333:failed" } };
const MISSING = ["resizer DeadLetters::missing"];

describe("LAMBDA-006 lambda-dead-letters", () => {
  it.each(["s3", "sns", "events", "ses", "logs.eu-west-1"])(
    "reports a function that %s calls and that keeps no failed events",
    (service) => {
      const stack = [lambda(), permission(`${service}.amazonaws.com`)];
      expect(findingsOf(judge(lambdaDeadLetters, stack))).toEqual(MISSING);
    },
  );

  it("reports a function with a destination for success only, or with another function's destination", () => {
    const called = permission("s3.amazonaws.com");
    for (const config of [
      invokeConfig({ onSuccess: ON_FAILURE.onFailure }),
      invokeConfig(ON_FAILURE, "other"),
    ]) {
      expect(findingsOf(judge(lambdaDeadLetters, [lambda(), called, config]))).toEqual(MISSING);
    }
  });

  it("reports a function that a schedule calls by ARN, by alias, or by an unknown ARN", () => {
    const schedule = (arn: unknown, propertyDependencies = {}) =>
      resource({ type: "aws:scheduler/schedule:Schedule", props: { target: { arn } }, propertyDependencies });
    const arn = "arn:aws:lambda:eu-west-1:111122223333:function:resize";
    for (const of of [arn, `${arn}:live`]) {
      expect(findingsOf(judge(lambdaDeadLetters, [lambda(), schedule(of)]))).toEqual(MISSING);
    }
    expect(findingsOf(judge(lambdaDeadLetters, [lambda({ name: UNKNOWN, arn }), schedule(arn)]))).toEqual(
      MISSING,
    );
    const called = lambda();
    const [itsOwn, another] = [{ target: [called] }, { target: [permission("s3.amazonaws.com")] }];
    expect(findingsOf(judge(lambdaDeadLetters, [called, schedule(UNKNOWN, itsOwn)]))).toEqual(MISSING);
    for (const harmless of [
      schedule(`${arn}-other`),
      schedule(UNKNOWN, another),
      schedule(UNKNOWN),
      schedule(undefined),
      resource({ type: "aws:scheduler/schedule:Schedule", props: {} }),
    ]) {
      expect(judge(lambdaDeadLetters, [called, harmless]).outcome).toBe("compliant");
    }
    const deadLetterConfig = { targetArn: "arn:aws:sqs:eu-west-1:111122223333:dead" };
    expect(judge(lambdaDeadLetters, [lambda({ deadLetterConfig }), schedule(arn)]).outcome).toBe("compliant");
  });

  it("accepts a dead-letter target, known or unknown", () => {
    for (const targetArn of ["arn:aws:sqs:eu-west-1:111122223333:dead", UNKNOWN]) {
      const stack = [lambda({ deadLetterConfig: { targetArn } }), permission("s3.amazonaws.com")];
      expect(judge(lambdaDeadLetters, stack).outcome).toBe("compliant");
    }
  });

  it("accepts a failure destination of the function or an alias", () => {
    for (const name of ["resize", "resize:live"]) {
      const stack = [lambda(), permission("s3.amazonaws.com"), invokeConfig(ON_FAILURE, name)];
      expect(judge(lambdaDeadLetters, stack).outcome).toBe("compliant");
    }
  });

  it.each(["apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com", "111122223333"])(
    "accepts a function that %s calls synchronously",
    (principal) => {
      expect(judge(lambdaDeadLetters, [lambda(), permission(principal)]).outcome).toBe("compliant");
    },
  );

  it("accepts a function without a caller, and one that a queue calls", () => {
    expect(judge(lambdaDeadLetters, [lambda()]).outcome).toBe("compliant");
    expect(judge(lambdaDeadLetters, [lambda(), permission("s3.amazonaws.com", "other")]).outcome).toBe(
      "compliant",
    );
  });

  it("does not judge while a permission's function is unknown", () => {
    const stack = [lambda(), permission("s3.amazonaws.com", UNKNOWN)];
    expect(judge(lambdaDeadLetters, stack)).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "permission.function" }],
    });
  });

  it("does not apply to a stack without functions", () => {
    expect(judge(lambdaDeadLetters, [permission("s3.amazonaws.com")]).outcome).toBe("not applicable");
  });

  proveControl(lambdaDeadLetters);
});
