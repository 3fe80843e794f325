import { describe, expect, it } from "vitest";
import { lambdaOwnRole } from "../../../../policy/controls/lambda/own-role.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const lambda = (name: string, role: unknown, origin?: ReturnType<typeof resource>) =>
  resource({
    type: "aws:lambda/function:Function",
    name,
    props: { role },
    ...(origin === undefined ? {} : { propertyDependencies: { role: [origin] } }),
  });
const role = (name: string) => resource({ type: "aws:iam/role:Role", name });
const ARN = "arn:aws:iam::111122223333:role/";

describe("LAMBDA-009 lambda-own-role", () => {
  it("accepts a single function, and functions with separate roles", () => {
    expect(judge(lambdaOwnRole, [lambda("a", `${ARN}a`)]).outcome).toBe("compliant");
    expect(judge(lambdaOwnRole, [lambda("a", `${ARN}a`), lambda("b", `${ARN}b`)]).outcome).toBe("compliant");
  });

  it("reports each function that shares a role, and names the others", () => {
    const verdict = judge(lambdaOwnRole, [
      lambda("a", `${ARN}a`),
      lambda("b", `${ARN}a`),
      lambda("c", `${ARN}c`),
    ]);
    expect(findingsOf(verdict)).toEqual(["a Role::shared", "b Role::shared"]);
    expect(verdict.findings[0]?.message).toBe("The function must not share its role with b.");
  });

  it("compares unknown roles by their origin", () => {
    const shared = role("shared");
    const stack = [
      lambda("a", UNKNOWN, shared),
      lambda("b", UNKNOWN, shared),
      lambda("c", UNKNOWN, role("own")),
    ];
    expect(findingsOf(judge(lambdaOwnRole, stack))).toEqual(["a Role::shared", "b Role::shared"]);
  });

  it("does not judge a function whose role is unknown and has an unknown origin", () => {
    expect(judge(lambdaOwnRole, [lambda("a", UNKNOWN), lambda("b", `${ARN}b`)])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "a.role", resource: { name: "a" } }],
    });
  });

  it("does not apply to a stack without functions", () => {
    expect(judge(lambdaOwnRole, [role("a")]).outcome).toBe("not applicable");
  });

  proveControl(lambdaOwnRole);
});
