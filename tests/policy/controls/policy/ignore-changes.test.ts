import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { policyIgnoreChanges } from "../../../../policy/controls/policy/ignore-changes.ts";
import { GUARDED_TYPES, guardedProperties } from "../../../../policy/iam/guarded-properties.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const provider = new URL("../../../../node_modules/@pulumi/aws/", import.meta.url);
const ignoring = (type: string, ...ignoreChanges: string[]) =>
  findingsOf(
    judge(policyIgnoreChanges, resource({ type, props: { policy: UNKNOWN }, options: { ignoreChanges } })),
  );
const QUEUE = "aws:sqs/queue:Queue";

describe("POL-007 policy-ignore-changes", () => {
  it.each(GUARDED_TYPES)("reports ignored changes to each guarded property of %s", async (type) => {
    const declarations = await readFile(new URL(`${type.split(":")[1]}.d.ts`, provider), "utf8");
    expect(guardedProperties(type)).not.toEqual([]);
    for (const property of guardedProperties(type)) {
      expect(declarations).toMatch(new RegExp(`^ {4}${property}\\??:`, "m"));
      expect(ignoring(type, property)).toEqual([`subject IgnoreChanges::${property}`]);
    }
  });

  it("accepts ignored changes to other properties, or none", () => {
    expect(ignoring(QUEUE)).toEqual([]);
    expect(ignoring(QUEUE, "tags", "visibilityTimeoutSeconds", "policyOfSomeKind")).toEqual([]);
  });

  it.each([
    ["policy.Statement", ["policy"]],
    ['["policy"]', ["policy"]],
    ["policy", ["policy"]],
    ["*", ["policy", "kmsMasterKeyId", "sqsManagedSseEnabled"]],
  ])("reads the path %s", (path, properties) => {
    expect(ignoring(QUEUE, path)).toEqual(properties.map((property) => `subject IgnoreChanges::${property}`));
  });

  it("reads a path into a list", () => {
    const encryption =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    expect(ignoring(encryption, "rules[0].bucketKeyEnabled")).toEqual(["subject IgnoreChanges::rules"]);
  });

  it("names the property in its message", () => {
    const subject = resource({ type: QUEUE, options: { ignoreChanges: ["policy"] } });
    expect(judge(policyIgnoreChanges, subject).findings[0]?.message).toBe(
      "Changes to `policy` must not be ignored.",
    );
  });

  it("does not apply to other types", () => {
    const subject = resource({ type: "aws:sfn/activity:Activity", options: { ignoreChanges: ["*"] } });
    expect(judge(policyIgnoreChanges, subject).outcome).toBe("not applicable");
  });

  proveControl(policyIgnoreChanges, { never: ["not judged"] });
});
