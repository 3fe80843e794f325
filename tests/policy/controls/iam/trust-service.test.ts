import { describe, expect, it } from "vitest";
import { ROLE_USES } from "../../../../policy/aws/service-roles.ts";
import { iamTrustService } from "../../../../policy/controls/iam/trust-service.ts";
import type { StackResource } from "../../../../policy/engine/resource.ts";
import { ACCOUNT, document, ROLE, trust } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const trusting = (Service: unknown) => JSON.stringify(document(trust({ Service })));
const role = (Service: unknown, props: object = {}) =>
  resource({
    type: "aws:iam/role:Role",
    name: "role",
    props: { name: "processor", arn: ROLE, assumeRolePolicy: trusting(Service), ...props },
  });
const lambda = (props: object = { role: ROLE }, graph: object = {}) =>
  resource({ type: "aws:lambda/function:Function", name: "function", props, ...graph });
const found = (...stack: StackResource[]) => findingsOf(judge(iamTrustService, stack));

describe("IAM-015 iam-trust-service", () => {
  it.each(ROLE_USES.map((use) => [use.type, use.property, use] as const))(
    "requires the %s of %s to trust the right service",
    (type, property, { services: [service = ""] }) => {
      const user = resource({ type, name: "user", props: { [property]: ROLE } });
      const principal = service.replace("*", "eu-central-1.amazonaws.com");
      expect(found(role(principal), user)).toEqual([]);
      expect(found(role("nobody.amazonaws.com"), user)).toEqual([
        `role Untrusted::${service}`,
        "role Trust::nobody.amazonaws.com",
      ]);
    },
  );

  it("accepts Lambda@Edge, and service principals of the China partition", () => {
    expect(found(role(["lambda.amazonaws.com", "edgelambda.amazonaws.com"]), lambda())).toEqual([]);
    expect(
      found(
        role("ec2.amazonaws.com.cn"),
        resource({ type: "aws:iam/instanceProfile:InstanceProfile", props: { role: "processor" } }),
      ),
    ).toEqual([]);
  });

  it("reports a trusted service that does not use the role", () => {
    expect(found(role(["lambda.amazonaws.com", "ec2.amazonaws.com"]), lambda())).toEqual([
      "role Trust::ec2.amazonaws.com",
    ]);
  });

  it("does not report an unneeded service if a resource of an unlisted type uses the role", () => {
    const trusted = role(["lambda.amazonaws.com", "scheduler.amazonaws.com"]);
    const schedule = resource({
      type: "aws:scheduler/schedule:Schedule",
      name: "s",
      dependencies: [trusted],
    });
    expect(found(trusted, lambda(), schedule)).toEqual([]);
    const policy = resource({ type: "aws:iam/rolePolicy:RolePolicy", name: "p", dependencies: [trusted] });
    expect(found(trusted, lambda(), policy)).toEqual(["role Trust::scheduler.amazonaws.com"]);
  });

  it("does not count a denied service as trusted", () => {
    const assumeRolePolicy = JSON.stringify(
      document({ ...trust({ Service: "lambda.amazonaws.com" }), Effect: "Deny" }),
    );
    expect(found(role("", { assumeRolePolicy }), lambda())).toEqual(["role Untrusted::lambda.amazonaws.com"]);
  });

  it("matches the resource that uses the role by name, by a constructed ARN, and by origin", () => {
    const wrong = role("ec2.amazonaws.com", { arn: UNKNOWN });
    const user = (value: string, graph: object = {}) => found(wrong, lambda({ role: value }, graph));
    expect(user("processor")).not.toEqual([]);
    expect(user(`arn:aws:iam::${ACCOUNT}:role/processor`)).not.toEqual([]);
    expect(user(UNKNOWN, { propertyDependencies: { role: [wrong] } })).not.toEqual([]);
    expect(user("other")).toEqual([]);
    expect(user(UNKNOWN)).toEqual([]);
  });

  it("accepts a role that nothing in the stack uses", () => {
    expect(found(role("ec2.amazonaws.com"))).toEqual([]);
  });

  it("does not judge an unknown or malformed trust policy", () => {
    for (const [assumeRolePolicy, cause] of [
      [UNKNOWN, "unknown"],
      ["{", "malformed"],
    ]) {
      expect(judge(iamTrustService, [role("", { assumeRolePolicy }), lambda()])).toMatchObject({
        outcome: "not judged",
        notJudged: [{ path: "assumeRolePolicy", cause, resource: { name: "role" } }],
      });
    }
  });

  it("does not apply to a stack without roles", () => {
    expect(judge(iamTrustService, [lambda()]).outcome).toBe("not applicable");
  });

  it("says which resource uses the role", () => {
    expect(
      judge(iamTrustService, [role("ec2.amazonaws.com"), lambda()]).findings.map(({ message }) => message),
    ).toEqual([
      "The role must trust lambda.amazonaws.com, because it is the `role` of a Function.",
      "The role must not trust ec2.amazonaws.com: nothing in the stack uses the role with that service.",
    ]);
  });

  proveControl(iamTrustService);
});
