/** The elements of IAM policy documents, as zod schemas that turn single items into lists. */
import { z } from "zod";
import { parseCondition } from "./condition.ts";

export type PrincipalType = "AWS" | "Service" | "Federated" | "CanonicalUser";

export type Principal = {
  readonly type: PrincipalType;
  /** An ARN, account id, service name, provider or `*`. */
  readonly value: string;
};

const text = z.string("must be a string");
const listOrOne = <Item extends z.ZodType>(item: Item) =>
  z.union([z.array(item).min(1, "must not be empty"), item.transform((one) => [one])], {
    error: "must be a string or a non-empty list of strings",
  });
const action = text.regex(/^(\*|[a-z0-9*?-]+:[a-z0-9*?]+)$/i, "must be `*` or `service:Name`");
const principal = z.union(
  [
    z.literal("*").transform((): Principal[] => [{ type: "AWS", value: "*" }]),
    z
      .strictObject({
        AWS: listOrOne(text).optional(),
        Service: listOrOne(text).optional(),
        Federated: listOrOne(text).optional(),
        CanonicalUser: listOrOne(text).optional(),
      })
      .refine((byType) => Object.keys(byType).length > 0)
      .transform((byType) =>
        PRINCIPAL_TYPES.flatMap((type) => (byType[type] ?? []).map((value): Principal => ({ type, value }))),
      ),
  ],
  { error: 'must be "*" or an object with AWS, Service, Federated or CanonicalUser' },
);
const PRINCIPAL_TYPES = ["AWS", "Service", "Federated", "CanonicalUser"] as const;
const conditionValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const condition = z
  .record(
    z.string(),
    z.record(
      z.string(),
      z.union([z.array(conditionValue), conditionValue.transform((one) => [one])], {
        error: "must be a string, number, boolean, or a list of them",
      }),
      "must be an object with condition keys",
    ),
    "must be an object with condition operators",
  )
  .transform((byOperator, context) =>
    Object.entries(byOperator).flatMap(([operator, byKey]) =>
      Object.entries(byKey).flatMap(([key, values]) => {
        const parsed = parseCondition(operator, key, values);
        if (parsed !== undefined) return [parsed];
        context.addIssue({ code: "custom", path: [operator], message: "must be an IAM condition operator" });
        return [];
      }),
    ),
  );

export const statementSchema = z.strictObject(
  {
    Sid: text.optional(),
    Effect: z.enum(["Allow", "Deny"], "must be Allow or Deny"),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Action: listOrOne(action).optional(),
    NotAction: listOrOne(action).optional(),
    Resource: listOrOne(text).optional(),
    NotResource: listOrOne(text).optional(),
    Condition: condition.optional(),
  },
  { error: (issue) => objectProblem(issue, "must be an object with the elements of an IAM statement") },
);
export type RawStatement = z.output<typeof statementSchema>;

export const documentSchema = z.strictObject(
  {
    Version: z.enum(["2012-10-17", "2008-10-17"], "must be 2012-10-17 or 2008-10-17").optional(),
    Id: text.optional(),
    Statement: z.union([z.array(z.unknown()), z.looseObject({}).transform((one) => [one])], {
      error: "must be a statement or a list of statements",
    }),
  },
  { error: (issue) => objectProblem(issue, "must be an object with a Statement") },
);

const objectProblem = (issue: z.core.$ZodRawIssue, expected: string): string =>
  issue.code === "unrecognized_keys" ? `must not have ${issue.keys.join(", ")}` : expected;
