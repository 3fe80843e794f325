import type { z } from "zod";
import { completeArn } from "../aws/arn.ts";
import { holdsUnknown } from "../engine/unknown.ts";
import { duplicateKeys } from "./duplicate-keys.ts";
import {
  type DocumentKind,
  type DocumentProblem,
  MalformedDocument,
  type Patterns,
  type PolicyDocument,
  type Statement,
} from "./policy-document.ts";
import { documentSchema, type RawStatement, statementSchema } from "./policy-document-schema.ts";
import { statementProblems } from "./statement-problems.ts";

/**
 * Parses a policy document, as JSON text or as an object.
 *
 * @throws MalformedDocument when IAM would reject the document; it lists every problem.
 */
export const parsePolicyDocument = (source: unknown, kind: DocumentKind): PolicyDocument => {
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
};

const duplicatesIn = (source: unknown): readonly DocumentProblem[] => {
  if (typeof source !== "string") return [];
  return duplicateKeys(source).map((path) => ({ path, expected: "must appear only once" }));
};

const parseJson = (source: string): unknown => {
  try {
    return JSON.parse(source);
  } catch {
    // The JSON parser's own message quotes the document.
    throw new MalformedDocument([{ path: "", expected: "must be valid JSON" }]);
  }
};

const problemsOf = (error: z.ZodError, root: string): readonly DocumentProblem[] =>
  error.issues.map((issue) => ({
    path: issue.path.reduce<string>(
      (path, part) =>
        typeof part === "number" ? `${path}[${part}]` : `${path}${path === "" ? "" : "."}${String(part)}`,
      root,
    ),
    expected: issue.message,
  }));

const statementOf = (raw: RawStatement, index: number): Statement => ({
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
});

const patternsOf = (
  plain: readonly string[] | undefined,
  negated: readonly string[] | undefined,
): Patterns | undefined => {
  if (plain !== undefined) return { negated: false, patterns: plain };
  return negated === undefined ? undefined : { negated: true, patterns: negated };
};

/** Resources as IAM reads them: ARNs completed with wildcards. */
const resourcesOf = (
  plain: readonly string[] | undefined,
  negated: readonly string[] | undefined,
): Patterns | undefined => patternsOf(plain?.map(completeArn), negated?.map(completeArn));
