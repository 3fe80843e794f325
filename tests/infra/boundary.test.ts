import { describe, expect, it } from "vitest";
import { boundaryPolicy } from "../../.github/bootstrap/documents.ts";
import { globCovers } from "../../policy/engine/wildcard.ts";
import { CI_ARGS } from "../github/support/ci-args.ts";
import { everyOption } from "../github/support/every-option.ts";
import { grantsOf, shown, statementsOf } from "../github/support/iam.ts";
import { documentOf } from "../support/program.ts";

type Grant = ReturnType<typeof grantsOf>[number];

/** Does one of them allow all that the grant allows? Each has one action, one resource, one value a condition. */
const coveredBy = (grant: Grant, others: readonly Grant[]): boolean =>
  others.some(
    (other) =>
      other.actions.patterns[0] === grant.actions.patterns[0] &&
      globCovers(other.resources?.patterns[0] ?? "", grant.resources?.patterns[0] ?? "*") &&
      other.conditions.every(({ key, values }) =>
        grant.conditions.some((condition) => condition.key === key && condition.values[0] === values[0]),
      ),
  );

const programs = await everyOption();
const offered = programs
  .flatMap(({ resources }) => resources)
  .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
  .flatMap((resource) => statementsOf(JSON.stringify(documentOf(resource))).flatMap(grantsOf));
const bounds = statementsOf(boundaryPolicy(CI_ARGS)).flatMap(grantsOf);

describe("the permissions boundary of the stack's roles", () => {
  it("allows all that any role is granted, with every option", () => {
    expect(offered.length).toBeGreaterThan(100);
    expect([...new Set(offered.filter((grant) => !coveredBy(grant, bounds)).map(shown))]).toEqual([]);
  });

  it("allows nothing that no role is granted", () => {
    const granted = (bound: Grant): boolean => offered.some((grant) => coveredBy(grant, [bound]));
    expect(bounds.filter((bound) => !granted(bound)).map(shown)).toEqual([]);
  });

  it("allows no IAM, no STS, and nothing outside of the stack but traces", () => {
    const outside = bounds.filter(({ resources }) => {
      const [arn = ""] = resources?.patterns ?? [];
      return !arn.includes("image-pipeline-production") && arn !== CI_ARGS.keyArn;
    });
    expect(outside.map(shown)).toEqual([
      "WriteTraces xray:PutTraceSegments *",
      "WriteTraces xray:PutTelemetryRecords *",
    ]);
    expect(
      bounds.filter(({ actions }) => /^(iam|sts|organizations):/.test(actions.patterns[0] ?? "")),
    ).toEqual([]);
  });
});
