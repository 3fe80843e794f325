/** Conditions of IAM statements: which limit a grant, and which only seem to. */

export type Condition = {
  /** In IAM's spelling, without quantifier and `IfExists`: `StringEquals`. */
  readonly operator: ConditionOperator;
  /** For keys with several values. */
  readonly quantifier: "ForAnyValue" | "ForAllValues" | undefined;
  /** When true, a request without the key passes. */
  readonly ifExists: boolean;
  /** In lower case: IAM compares keys case-insensitively. */
  readonly key: string;
  readonly values: readonly string[];
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "NumericEquals",
  "NumericNotEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "Bool",
  "BinaryEquals",
  "IpAddress",
  "NotIpAddress",
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
  "Null",
] as const;

export type ConditionOperator = (typeof OPERATORS)[number];

const BY_LOWER_CASE = new Map(OPERATORS.map((operator) => [operator.toLowerCase(), operator]));

/** @returns `undefined` when IAM has no such operator. */
export const parseCondition = (
  operator: string,
  key: string,
  values: readonly string[],
): Condition | undefined => {
  const parts = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/i.exec(operator);
  const known = BY_LOWER_CASE.get(parts?.[2]?.toLowerCase() ?? "");
  if (parts === null || known === undefined) return undefined;
  const prefix = parts[1]?.toLowerCase();
  return {
    operator: known,
    quantifier:
      prefix === "foranyvalue" ? "ForAnyValue" : prefix === "forallvalues" ? "ForAllValues" : undefined,
    ifExists: parts[3] !== undefined,
    key: key.toLowerCase(),
    values,
  };
};

type Conditional = {
  readonly conditions: readonly Condition[];
};

/** @param key in any case: `aws:SourceArn`. */
export const conditionsOn = (statement: Conditional, key: string): readonly Condition[] =>
  statement.conditions.filter((condition) => condition.key === key.toLowerCase());

const LIMITING = new Set<ConditionOperator>([
  "StringEquals",
  "StringEqualsIgnoreCase",
  "StringLike",
  "ArnEquals",
  "ArnLike",
  "IpAddress",
]);

/**
 * The patterns that a request's key must match for an Allow to apply, or `undefined` when the key does not limit it.
 *
 * These conditions do not count: `IfExists` and `ForAllValues` (a request without the key passes), negated operators,
 * and conditions with a value that consists of wildcards or is a policy variable.
 */
export const requiredValues = (statement: Conditional, key: string): readonly string[] | undefined =>
  conditionsOn(statement, key).find(
    (condition) => demandsMatch(condition) && condition.values.every(isConcrete),
  )?.values;

/** Must a request have the key, with one of the values, for the statement to apply? */
export const demandsMatch = ({ operator, quantifier, ifExists, values }: Condition): boolean =>
  LIMITING.has(operator) && quantifier !== "ForAllValues" && !ifExists && values.length > 0;

const isConcrete = (value: string): boolean => !/^[*?:]*$/.test(value) && !/^\$\{.*\}$/.test(value);
