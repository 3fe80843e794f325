import { describe, expect, it } from "vitest";
import { lambdaReservedConcurrency } from "../../../../policy/controls/lambda/reserved-concurrency.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeFunction = (reservedConcurrentExecutions: unknown, type = "aws:lambda/function:Function") =>
  judge(lambdaReservedConcurrency, resource({ type, props: { reservedConcurrentExecutions } }));

describe("LAMBDA-010 lambda-reserved-concurrency", () => {
  it("is disabled by default", () => {
    expect(lambdaReservedConcurrency.level).toBe("disabled");
  });

  it.each([0, 1, 100])("accepts a reserved concurrency of %d", (reserved) => {
    expect(judgeFunction(reserved).outcome).toBe("compliant");
  });

  it.each([undefined, -1])("reports %s", (reserved) => {
    expect(findingsOf(judgeFunction(reserved))).toEqual(["subject Concurrency::unreserved"]);
  });

  it("does not judge an unknown reserved concurrency", () => {
    expect(judgeFunction(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    expect(judgeFunction(1, "aws:lambda/alias:Alias").outcome).toBe("not applicable");
  });

  proveControl(lambdaReservedConcurrency);
});
