import type { Condition } from "./condition.ts";
import type { Principal } from "./policy-document-schema.ts";

/**
 * What a document is attached to. This determines what its elements mean: what an identity may do; who may act on a
 * resource; who may use a KMS key (`*` is the key itself); or who may assume a role (its trust policy).
 */
export type DocumentKind = "identity" | "resource" | "key" | "trust";

/** `Action`, or `NotAction` when negated; the same for resources. */
export type Patterns = {
  readonly negated: boolean;
  readonly patterns: readonly string[];
};

export type Principals = {
  readonly negated: boolean;
  /** `Principal: "*"` is one principal of type AWS with the value `*`, as IAM treats it. */
  readonly principals: readonly Principal[];
};

export type Statement = {
  /** Its name in messages: the Sid, or its index as `#0`. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Patterns;
  /** Missing in trust policies and in resource policies that omit it. */
  readonly resources: Patterns | undefined;
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
};

export type PolicyDocument = {
  readonly kind: DocumentKind;
  /** The old version is IAM's default and does not support policy variables. */
  readonly version: "2012-10-17" | "2008-10-17";
  readonly statements: readonly Statement[];
  /** Labels of statements with an unknown value; `statements` does not include them. */
  readonly unknownStatements: readonly string[];
};

export type DocumentProblem = {
  /** Path in the document, such as `Statement[0].Effect`; empty for the document itself. */
  readonly path: string;
  readonly expected: string;
};

/** Thrown for a document that IAM would reject. The message contains no value from the document. */
export class MalformedDocument extends Error {
  override readonly name = "MalformedDocument";
  readonly problems: readonly DocumentProblem[];

  constructor(problems: readonly DocumentProblem[]) {
    super(problems.map(({ path, expected }) => `${path === "" ? "document" : path}: ${expected}`).join("; "));
    this.problems = problems;
  }
}
