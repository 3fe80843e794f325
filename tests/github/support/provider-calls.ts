import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Steps of a deployment; an update is what an `up` does to something that is there. */
export const STEPS = ["apply", "plan", "update", "destroy"] as const;
export type Step = (typeof STEPS)[number];

const rowsSchema = z.record(z.string(), z.partialRecord(z.enum(STEPS), z.array(z.string())));
const tableSchema = z.strictObject({
  measured: z.strictObject({ source: z.string(), types: rowsSchema }),
  read: z.strictObject({
    source: z.string(),
    types: z.record(z.string(), z.partialRecord(z.enum(STEPS), z.record(z.string(), z.string().min(10)))),
  }),
});

const table = tableSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, "../provider-calls.json"), "utf8")),
);

/** Calls that were measured, but of which nobody knows what for. */
const UNASSIGNED = "(configuration)";

/** The types that the table has. */
export const KNOWN_TYPES: ReadonlySet<string> = new Set(
  [...Object.keys(table.measured.types), ...Object.keys(table.read.types)].filter(
    (type) => type !== UNASSIGNED,
  ),
);

export const unassignedActions = (): readonly string[] =>
  [...new Set(STEPS.flatMap((step) => table.measured.types[UNASSIGNED]?.[step] ?? []))].sort();

/** What is asked of AWS for a resource of the type at that step, as measured and as read. */
export const actionsOf = (type: string, step: Step): readonly string[] => [
  ...new Set([
    ...(table.measured.types[type]?.[step] ?? []),
    ...Object.keys(table.read.types[type]?.[step] ?? {}),
  ]),
];

/** Where Pulumi's name is not Terraform's in other letters. */
const RENAMED: Readonly<Record<string, string>> = {
  aws_s3_inventory: "aws_s3_bucket_inventory",
  aws_sqs_redrive_allow_policy: "aws_sqs_queue_redrive_allow_policy",
};

/** `aws:s3/bucketPolicy:BucketPolicy` as Terraform names it: `aws_s3_bucket_policy`. */
export const terraformType = (type: string): string => {
  const [, service = "", name = ""] = /^aws:([^/]+)\/([^:]+):/.exec(type) ?? [];
  const plain = `aws_${service}_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
  return RENAMED[plain] ?? plain;
};
