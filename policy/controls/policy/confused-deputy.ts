import { z } from "zod";
import { accountOf, isAccountId, parseArn } from "../../aws/arn.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { globMatches } from "../../engine/wildcard.ts";
import { servicesOf } from "../../iam/audience.ts";
import { demandsMatch } from "../../iam/condition.ts";
import { documentTypes, judgeStatements, nameOf } from "../../iam/documents.ts";
import type { Statement } from "../../iam/policy-document.ts";

const KINDS = ["resource", "key"] as const;

export const policyConfusedDeputy = defineResourceControl({
  id: "POL-004",
  name: "policy-confused-deputy",
  title: "AWS services get access only on behalf of exact accounts or resources.",
  severity: "high",
  level: "mandatory",
  why: "A service principal is the same for all AWS customers. Without a source condition, anyone can make the service act on the resource.",
  remediation:
    "Add a condition on aws:SourceArn that contains an exact account, or on aws:SourceAccount. A bucket's ARN contains no account, so S3 needs aws:SourceAccount. For CloudWatch Logs in a key policy, use kms:EncryptionContext:aws:logs:arn.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  mappings: { fsbp: [], cis: [], nist: ["AC-3", "AC-6"] },
  services: ["iam", "s3", "sqs", "sns", "kms"],
  types: documentTypes(...KINDS),
  parameters: z.strictObject({
    servicesWithoutSource: z
      .array(z.string().min(1))
      .default([])
      .describe("Service principals that provide no source; `*` matches any characters."),
  }),
  check: (resource, { parameters }) =>
    judgeStatements(resource, KINDS, function* (statement) {
      if (statement.effect === "Deny" || namesSource(statement)) return;
      for (const service of servicesOf(statement)) {
        if (parameters.servicesWithoutSource.some((pattern) => globMatches(pattern, service))) continue;
        const missing = namesBucket(statement) ? "SourceAccount" : "Source";
        yield violation({
          key: `${missing}::${statement.label}/${service}`,
          message: `${nameOf(statement)} must limit ${service} to exact sources ${
            missing === "Source"
              ? "with aws:SourceArn or aws:SourceAccount"
              : "with aws:SourceAccount in addition to the bucket's ARN"
          }.`,
        });
      }
    }),
});

/** Does a condition limit the service to an account, an organization, or a resource of one account? */
const namesSource = ({ conditions }: Statement): boolean =>
  conditions.some((condition) => {
    if (!demandsMatch(condition)) return false;
    const { key, values } = condition;
    if (key === "aws:sourceaccount" || key === "aws:sourceowner") return values.every(isAccountId);
    if (key === "aws:sourceorgid") return values.every((value) => /^o-[a-z0-9]+$/.test(value));
    if (key === "aws:sourceorgpaths") return values.every((value) => /^o-[a-z0-9]+\//.test(value));
    if (key !== "aws:sourcearn" && !key.startsWith("kms:encryptioncontext:")) return false;
    return values.every((value) => accountOf(value) !== undefined);
  });

const namesBucket = ({ conditions }: Statement): boolean =>
  conditions.some(
    ({ key, values }) => key === "aws:sourcearn" && values.some((value) => parseArn(value)?.service === "s3"),
  );
