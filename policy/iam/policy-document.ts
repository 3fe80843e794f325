import type { Condition } from "./condition.ts";
import type { Principal } from "./policy-document-schema.ts";

/**
 * What a document is attached to, which decides what its elements mean: an identity (who holds it may act), a resource
 * (who may act on it), a KMS key (as a resource; `*` is the key itself), a role's trust policy (who may assume it).
 */
export type DocumentKind = "identity" | "resource" | "key" | "trust";

/** `Action` or, negated, `NotAction`; likewise resources. */
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
  /** How messages name it: its Sid, or its place, as `#0`. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Patterns;
  /** Missing in trust policies, and where a resource's policy leaves it out. */
  readonly resources: Patterns | undefined;
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
};

export type PolicyDocument = {
  readonly kind: DocumentKind;
  /** The old version, which is IAM's default, knows no policy variables. */
  readonly version: "2012-10-17" | "2008-10-17";
  readonly statements: readonly Statement[];
  /** Labels of the statements that hold an unknown value; they are not among `statements`. */
  readonly unknownStatements: readonly string[];
};

export type DocumentProblem = {
  /** Path in the document, such as `Statement[0].Effect`; empty for the document. */
  readonly path: string;
  readonly expected: string;
};

/** Thrown for a document that IAM would refuse. Its text holds no value from the document. */
export class MalformedDocument extends Error {
  override readonly name = "MalformedDocument";
  readonly problems: readonly DocumentProblem[];

  constructor(problems: readonly DocumentProblem[]) {
    super(problems.map(({ path, expected }) => `${path === "" ? "document" : path}: ${expected}`).join("; "));
    this.problems = problems;
  }
}
