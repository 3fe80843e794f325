import { globMatches } from "../../../policy/engine/wildcard.ts";
import type { Condition } from "../../../policy/iam/condition.ts";
import { namesAction } from "../../../policy/iam/grant.ts";
import type { Statement } from "../../../policy/iam/policy-document.ts";
import { parsePolicyDocument } from "../../../policy/iam/policy-document-parser.ts";

/** A request as IAM judges it. */
export type Call = {
  readonly action: string;
  /** ARN, or `*` for an action that knows no resource. */
  readonly resource: string;
  /** The condition keys that come with it, in any case. */
  readonly context: Readonly<Record<string, string>>;
};

const OPERATORS: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  ArnEquals: globMatches,
  ArnLike: globMatches,
  Bool: (pattern, value) => pattern === value,
};

const holds = ({ operator, key, values }: Condition, { context }: Call): boolean => {
  const test = OPERATORS[operator];
  if (test === undefined) throw new Error(`These documents use ${operator}, which the tests do not know.`);
  const given = Object.entries(context).find(([name]) => name.toLowerCase() === key)?.[1];
  return given !== undefined && values.some((value) => test(value, given));
};

/** Does the statement allow the call? Those judged here only allow. */
export const allows = (statement: Statement, call: Call): boolean =>
  statement.effect === "Allow" &&
  namesAction(statement, call.action) &&
  statement.resources?.patterns.some((pattern) => globMatches(pattern, call.resource)) === true &&
  statement.conditions.every((condition) => holds(condition, call));

export const statementsOf = (document: string): readonly Statement[] =>
  parsePolicyDocument(document, "identity").statements;

/** A statement's grants one by one: a single action on a single resource under a single value of each condition. */
export const grantsOf = (statement: Statement): readonly Statement[] => {
  const { actions, resources, conditions } = statement;
  const choices = conditions.reduce<readonly (readonly Condition[])[]>(
    (chosen, condition) =>
      chosen.flatMap((before) =>
        condition.values.map((value) => [...before, { ...condition, values: [value] }]),
      ),
    [[]],
  );
  return actions.patterns.flatMap((action) =>
    (resources?.patterns ?? []).flatMap((resource) =>
      choices.map((chosen) => ({
        ...statement,
        actions: { negated: false, patterns: [action] },
        resources: { negated: false, patterns: [resource] },
        conditions: chosen,
      })),
    ),
  );
};

/** A grant as a line to read. */
export const shown = ({ label, actions, resources, conditions }: Statement): string =>
  [
    label,
    actions.patterns.join(),
    resources?.patterns.join(),
    ...conditions.map(({ values }) => values.join()),
  ].join(" ");
