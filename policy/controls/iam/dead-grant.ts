import { z } from "zod";
import { parseArn } from "../../aws/arn.ts";
import { PhysicalArns } from "../../aws/physical-arns.ts";
import { type CheckContext, defineStackControl } from "../../engine/control.ts";
import { type Judgement, judgePart, notJudged, violation } from "../../engine/judgement.ts";
import { globCovers } from "../../engine/wildcard.ts";
import { nameOf } from "../../iam/documents.ts";
import { type HeldStatement, IDENTITY_TYPES, identitiesOf } from "../../iam/identities.ts";

const parametersSchema = z.strictObject({
  resourcesElsewhere: z
    .array(z.string().regex(/^arn:/, "must be an ARN; `*` matches any characters"))
    .default([])
    .describe("ARNs of resources outside the stack that its identities may use; `*` matches any characters."),
});

export const iamDeadGrant = defineStackControl({
  id: "IAM-017",
  name: "iam-dead-grant",
  title: "Identity policies name resources of the stack, or resources listed under resourcesElsewhere.",
  severity: "low",
  level: "advisory",
  why: "After the resource is gone, the grant applies to the next resource with that name. A misspelled ARN fails at run time.",
  remediation: "Remove the ARN, correct it, or list it under resourcesElsewhere.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
  mappings: { fsbp: [], cis: [], nist: ["AC-6"] },
  services: ["iam"],
  types: IDENTITY_TYPES,
  parameters: parametersSchema,
  *check(stack, context) {
    const arns = new PhysicalArns(stack);
    for (const { statements, unread } of identitiesOf(stack)) {
      yield* unread;
      for (const statement of statements) {
        yield* judgePart(statement.holder, () => judgeStatement(statement, arns, context));
      }
    }
  },
});

function* judgeStatement(
  statement: HeldStatement,
  arns: PhysicalArns,
  { parameters, settings }: CheckContext<z.output<typeof parametersSchema>>,
): Generator<Judgement> {
  const { effect, resources, label, path } = statement;
  if (effect === "Deny" || resources === undefined || resources.negated) return;
  for (const [index, pattern] of resources.patterns.entries()) {
    const arn = parseArn(pattern);
    if (arn === undefined || !arns.covers(arn.service) || /^[*?]+$/.test(arn.resource)) continue;
    // AWS's own resources, such as public parameters, have no account or the account `aws`. Bucket ARNs never have one.
    if (arn.service !== "s3" && (arn.account === "" || arn.account === "aws")) continue;
    if (settings.allowedAccounts.includes(arn.account)) continue;
    if (parameters.resourcesElsewhere.some((elsewhere) => globCovers(elsewhere, pattern))) continue;
    const matched = arns.match(pattern);
    if (matched === undefined) yield notJudged(`${path} ${label}`);
    if (matched !== false) continue;
    yield violation({
      key: `Resource::${label}[${index}]`,
      message: `${nameOf(statement)} must name existing resources: Resource[${index}] matches no resource in this stack.`,
    });
  }
}
