import type { z } from "zod";
import { completeArn } from "./arn.ts";
import type { Condition } from "./condition.ts";
import { duplicateKeys } from "./duplicate-keys.ts";
import {
  documentSchema,
  type Principal,
  type RawStatement,
  statementSchema,
} from "./policy-document-schema.ts";
import { statementProblems } from "./statement-problems.ts";
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
  /** The old version, which is IAM's default, knows no policy variables. */
  readonly version: "2012-10-17" | "2008-10-17";
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
  const problems: DocumentProblem[] = [...duplicatesIn(source)];
  const sids = new Set<string>();
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
    problems.push(...statementProblems(parsed.data, kind, sids, path));
    statements.push(statementOf(parsed.data, index));
  });
  if (problems.length > 0) throw new MalformedDocument(problems);
  return { kind, version: document.data.Version ?? "2008-10-17", statements, unknownStatements };
}

function duplicatesIn(source: unknown): readonly DocumentProblem[] {
  if (typeof source !== "string") return [];
  return duplicateKeys(source).map((path) => ({ path, expected: "must be given once" }));
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

function statementOf(raw: RawStatement, index: number): Statement {
  return {
    label: raw.Sid === undefined || raw.Sid === "" ? `#${index}` : raw.Sid,
    effect: raw.Effect,
    actions: patternsOf(raw.Action, raw.NotAction) ?? { negated: false, patterns: [] },
    resources: resourcesOf(raw.Resource, raw.NotResource),
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

/** Resources as IAM reads them: whole ARNs, whatever was left out. */
function resourcesOf(
  plain: readonly string[] | undefined,
  negated: readonly string[] | undefined,
): Patterns | undefined {
  return patternsOf(plain?.map(completeArn), negated?.map(completeArn));
}
