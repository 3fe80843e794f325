import { describe, expect, it } from "vitest";
import { lambdaRuntime } from "../../../../policy/controls/lambda/runtime.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeRuntime = (runtime: unknown, parameters = {}, today = "2026-11-23") =>
  judge(lambdaRuntime, resource({ type: "aws:lambda/function:Function", props: { runtime } }), {
    parameters,
    today,
  });

describe("LAMBDA-005 lambda-runtime", () => {
  it.each(["nodejs24.x", "nodejs22.x", "python3.14", "provided.al2023", "java21"])(
    "accepts %s",
    (runtime) => {
      expect(judgeRuntime(runtime).outcome).toBe("compliant");
    },
  );

  it("accepts a runtime that is not in its table", () => {
    expect(judgeRuntime("nodejs26.x").outcome).toBe("compliant");
    expect(judgeRuntime("toString").outcome).toBe("compliant");
  });

  it.each(["nodejs20.x", "nodejs18.x", "python3.9", "python3.10", "dotnet8", "go1.x", "provided"])(
    "reports %s",
    (runtime) => {
      expect(findingsOf(judgeRuntime(runtime))).toEqual(["subject Runtime::deprecated"]);
    },
  );

  it("reports a runtime from the day its support ends", () => {
    expect(judgeRuntime("nodejs22.x", {}, "2027-04-29").outcome).toBe("compliant");
    expect(judgeRuntime("nodejs22.x", {}, "2027-04-30").findings).toMatchObject([
      { message: "`runtime` must be a supported runtime: AWS support for this one ended on 2027-04-30." },
    ]);
  });

  it("reports a runtime the configured number of days before its support ends", () => {
    expect(judgeRuntime("nodejs22.x", { noticeDays: 180 }, "2026-10-31").outcome).toBe("compliant");
    expect(judgeRuntime("nodejs22.x", { noticeDays: 180 }, "2026-11-01").findings).toMatchObject([
      { message: "`runtime` must be a supported runtime: AWS support for this one ends on 2027-04-30." },
    ]);
  });

  it("does not judge an unknown runtime", () => {
    expect(judgeRuntime(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to a function with a container image", () => {
    expect(judgeRuntime(undefined).outcome).toBe("not applicable");
  });

  proveControl(lambdaRuntime);
});
