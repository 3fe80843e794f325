import { z } from "zod";
import { type Condition, parseCondition } from "./condition.ts";
import { holdsUnknown } from "./unknown.ts";

/**
 * What a document is attached to, which decides what its elements mean: an identity (who holds it may act), a resource
 * (who may act on it), a KMS key (as a resource; `*` is the key itself), a role's trust policy (who may assume it).
 */
export type DocumentKind = "identity" | "resource" | "key" | "trust";

/** `Action` or, negated, `NotAction`; likewise resources. */
export interface Patterns {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

export type PrincipalType = "AWS" | "Service" | "Federated" | "CanonicalUser";

export interface Principal {
  readonly type: PrincipalType;
  /** An ARN, account id, service name, provider or `*`. */
  readonly value: string;
}

export interface Principals {
  readonly negated: boolean;
  /** `Principal: "*"` is one principal of type AWS with the value `*`, as IAM treats it. */
  readonly principals: readonly Principal[];
}

export interface Statement {
  /** How messages name it: its Sid, or its place, as `#0`. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Patterns;
  /** Missing in trust policies, and where a resource's policy leaves it out. */
  readonly resources: Patterns | undefined;
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  readonly kind: DocumentKind;
  readonly statements: readonly Statement[];
  /** Labels of the statements that hold an unknown value; they are not among `statements`. */
  readonly unknownStatements: readonly string[];
}

export interface DocumentProblem {
  /** Path in the document, such as `Statement[0].Effect`; empty for the document. */
  readonly path: string;
  readonly expected: string;
}

/** Thrown for a document that IAM would refuse. Its text holds no value from the document. */
export class MalformedDocument extends Error {
  override readonly name = "MalformedDocument";
  readonly problems: readonly DocumentProblem[];

  constructor(problems: readonly DocumentProblem[]) {
    super(problems.map(({ path, expected }) => `${path === "" ? "document" : path}: ${expected}`).join("; "));
    this.problems = problems;
  }
}

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
      .transform((byType) =>
        PRINCIPAL_TYPES.flatMap((type) => (byType[type] ?? []).map((value): Principal => ({ type, value }))),
      ),
  ],
  { error: 'must be "*" or an object of AWS, Service, Federated or CanonicalUser' },
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
      "must be an object of condition keys",
    ),
    "must be an object of condition operators",
  )
  .transform((byOperator, context) =>
    Object.entries(byOperator).flatMap(([operator, byKey]) =>
      Object.entries(byKey).flatMap(([key, values]) => {
        const parsed = parseCondition(operator, key, values);
        if (parsed !== undefined) return [parsed];
        context.addIssue({ code: "custom", path: [operator], message: "must be an operator of IAM" });
        return [];
      }),
    ),
  );

const statementSchema = z.strictObject(
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
  { error: (issue) => objectProblem(issue, "must be an object of the elements of an IAM statement") },
);
type RawStatement = z.output<typeof statementSchema>;

const documentSchema = z.strictObject(
  {
    Version: z.enum(["2012-10-17", "2008-10-17"], "must be 2012-10-17 or 2008-10-17").optional(),
    Id: text.optional(),
    Statement: z.union([z.array(z.unknown()), z.looseObject({}).transform((one) => [one])], {
      error: "must be a statement or a list of statements",
    }),
  },
  { error: (issue) => objectProblem(issue, "must be an object with a Statement") },
);

function objectProblem(issue: z.core.$ZodRawIssue, expected: string): string {
  return issue.code === "unrecognized_keys" ? `must not have ${issue.keys.join(", ")}` : expected;
}

/**
 * Parses a policy document, as JSON text or as an object.
 *
 * @throws MalformedDocument when IAM would refuse the document; every problem is in it.
 */
export function parsePolicyDocument(source: unknown, kind: DocumentKind): PolicyDocument {
  const document = documentSchema.safeParse(typeof source === "string" ? parseJson(source) : source);
  if (!document.success) throw new MalformedDocument(problemsOf(document.error, ""));
  const statements: Statement[] = [];
  const unknownStatements: string[] = [];
  const problems: DocumentProblem[] = [];
  document.data.Statement.forEach((raw, index) => {
    const path = `Statement[${index}]`;
    if (holdsUnknown(raw)) {
      unknownStatements.push(`#${index}`);
      return;
    }
    const parsed = statementSchema.safeParse(raw);
    if (!parsed.success) {
      problems.push(...problemsOf(parsed.error, path));
      return;
    }
    const misplaced = elementProblems(parsed.data, kind, path);
    if (misplaced.length > 0) problems.push(...misplaced);
    else statements.push(statementOf(parsed.data, index));
  });
  if (problems.length > 0) throw new MalformedDocument(problems);
  return { kind, statements, unknownStatements };
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // The parser's own message quotes the document.
    throw new MalformedDocument([{ path: "", expected: "must be valid JSON" }]);
  }
}

function problemsOf(error: z.ZodError, root: string): readonly DocumentProblem[] {
  return error.issues.map((issue) => ({
    path: issue.path.reduce<string>(
      (path, part) =>
        typeof part === "number" ? `${path}[${part}]` : `${path}${path === "" ? "" : "."}${String(part)}`,
      root,
    ),
    expected: issue.message,
  }));
}

/** The elements that must be there, and must not, by the kind of document. */
function elementProblems(raw: RawStatement, kind: DocumentKind, path: string): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const count = (...elements: readonly unknown[]) =>
    elements.filter((element) => element !== undefined).length;
  if (count(raw.Action, raw.NotAction) !== 1) {
    problems.push({ path, expected: "must have one of Action and NotAction" });
  }
  const resources = count(raw.Resource, raw.NotResource);
  if (kind === "identity" && resources !== 1) {
    problems.push({ path, expected: "must have one of Resource and NotResource" });
  }
  // Resource policies are left alone: API Gateway's have a short form that is no ARN.
  [raw.Resource ?? raw.NotResource ?? []].flat().forEach((pattern, index) => {
    if (kind !== "identity" || /^(arn:|\*|\$\{)/.test(pattern)) return;
    const element = raw.Resource === undefined ? "NotResource" : "Resource";
    problems.push({ path: `${path}.${element}[${index}]`, expected: "must be `*` or an ARN" });
  });
  if (kind === "trust" && resources > 0) {
    problems.push({ path, expected: "must not have a Resource: a trust policy is about its own role" });
  }
  if (resources > 1) problems.push({ path, expected: "must not have both Resource and NotResource" });
  const principals = count(raw.Principal, raw.NotPrincipal);
  if (kind === "identity" && principals > 0) {
    problems.push({ path, expected: "must not have a Principal: an identity's policy is about its holder" });
  }
  if (kind !== "identity" && principals !== 1) {
    problems.push({ path, expected: "must have one of Principal and NotPrincipal" });
  }
  return problems;
}

function statementOf(raw: RawStatement, index: number): Statement {
  return {
    label: raw.Sid === undefined || raw.Sid === "" ? `#${index}` : raw.Sid,
    effect: raw.Effect,
    actions: patternsOf(raw.Action, raw.NotAction) ?? { negated: false, patterns: [] },
    resources: patternsOf(raw.Resource, raw.NotResource),
    principals:
      raw.Principal !== undefined
        ? { negated: false, principals: raw.Principal }
        : raw.NotPrincipal !== undefined
          ? { negated: true, principals: raw.NotPrincipal }
          : undefined,
    conditions: raw.Condition ?? [],
  };
}

function patternsOf(
  plain: readonly string[] | undefined,
  negated: readonly string[] | undefined,
): Patterns | undefined {
  if (plain !== undefined) return { negated: false, patterns: plain };
  return negated === undefined ? undefined : { negated: true, patterns: negated };
}
