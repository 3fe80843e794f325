import { parseArn } from "../../aws/arn.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { hasWildcard } from "../../engine/wildcard.ts";
import { requiredValues } from "../../iam/condition.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";
import type { Statement } from "../../iam/policy-document.ts";

export const iamBucketName = defineResourceControl({
  id: "IAM-022",
  name: "iam-bucket-name",
  title: "Identity policies use full bucket names, or only buckets of a known account.",
  severity: "medium",
  level: "advisory",
  why: "All accounts share one namespace for buckets. With `images*`, the code can write to and read from a bucket `images-new` that anyone can create.",
  remediation: "Use the full name of the bucket, or add a condition on aws:ResourceAccount.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam", "s3"],
  types: documentTypes("identity"),
  parameters: noParameters,
  check: (resource) =>
    judgeStatements(resource, ["identity"], function* (statement) {
      if (statement.effect === "Deny" || limitsOwners(statement)) return;
      if (statement.resources?.negated !== false || !statement.resources.patterns.some(isOpenName)) return;
      yield violation({
        key: `Bucket::${statement.label}`,
        message: `${nameOf(statement)} must use full bucket names: other accounts can create buckets that it matches.`,
      });
    }),
});

/** A bucket name that is partly a wildcard. IAM-003 reports a wildcard for all buckets. */
const isOpenName = (pattern: string): boolean => {
  const arn = parseArn(pattern);
  if (arn?.service !== "s3" || arn.account !== "") return false;
  const [name = ""] = arn.resource.split("/");
  return hasWildcard(name) && !/^[*?]+$/.test(name);
};

const OWNER_KEYS = ["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "s3:ResourceAccount"];

const limitsOwners = (statement: Statement): boolean =>
  OWNER_KEYS.some((key) => requiredValues(statement, key) !== undefined);
