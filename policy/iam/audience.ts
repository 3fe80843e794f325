/** Who a statement grants access to, given its conditions and the Deny statements of the same document. */
import { accountOf, isAccountId, parseArn } from "../aws/arn.ts";
import { hasWildcard } from "../engine/wildcard.ts";
import { type Condition, type ConditionOperator, conditionsOn, demandsMatch } from "./condition.ts";
import type { FoundStatement } from "./documents.ts";
import { coversAllOf } from "./grant.ts";
import type { Statement } from "./policy-document.ts";
import type { Principal } from "./policy-document-schema.ts";

/** Does the value of a key that identifies the caller or its origin narrow access to a known few? */
type Concrete = (value: string) => boolean;

const isAccount: Concrete = (value) => isAccountId(value);
const isOrganization: Concrete = (value) => /^o-[a-z0-9]+$/.test(value);
const isOrganizationPath: Concrete = (value) => /^o-[a-z0-9]+\//.test(value);
const isEndpoint: Concrete = (value) => !hasWildcard(value) && !value.includes("${");
/** The ARN contains an account, or is of S3 and contains a whole bucket name, which only one account can have. */
const isArnOfOne: Concrete = (value) => {
  const arn = parseArn(value);
  if (arn === undefined || value.includes("${")) return false;
  return (
    isAccountId(arn.account) ||
    (arn.service === "s3" && /^[^*?/]+/.test(arn.resource) && !/^[^/]*[*?]/.test(arn.resource))
  );
};
/** A whole unique id, optionally with a session's name: `AROAEXAMPLE:*`. The ids of all roles begin with `AROA`. */
const isUserId: Concrete = (value) => /^A[A-Z0-9]{3,}(:|$)/.test(value) || isAccountId(value);
/** AWS treats a wider range as public. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
const isNarrowRange: Concrete = (value) => {
  const [address = "", bits] = value.split("/");
  if (bits === undefined) return true;
  return Number(bits) >= (address.includes(":") ? 32 : 8);
};

/** Condition keys that can limit who gets access, in lower case. */
const LIMITING_KEYS: ReadonlyMap<string, Concrete> = new Map([
  ["aws:principalaccount", isAccount],
  ["aws:principalarn", isArnOfOne],
  ["aws:principalorgid", isOrganization],
  ["aws:principalorgpaths", isOrganizationPath],
  ["aws:sourceaccount", isAccount],
  ["aws:sourcearn", isArnOfOne],
  ["aws:sourceip", isNarrowRange],
  ["aws:sourceorgid", isOrganization],
  ["aws:sourceorgpaths", isOrganizationPath],
  ["aws:sourceowner", isAccount],
  ["aws:sourcevpc", isEndpoint],
  ["aws:sourcevpce", isEndpoint],
  ["aws:userid", isUserId],
  ["kms:calleraccount", isAccount],
  ["s3:dataaccesspointaccount", isAccount],
  ["s3:dataaccesspointarn", isArnOfOne],
]);

/** Does the statement have a principal that matches everyone in the world? */
export const namesEveryone = ({ principals }: Pick<Statement, "principals">): boolean =>
  principals !== undefined && !principals.negated && principals.principals.some(isEveryone);

export const isEveryone = ({ type, value }: Principal): boolean => {
  if (type === "CanonicalUser") return false;
  return /^[*?]+$/.test(value) || (type === "AWS" && hasWildcard(parseArn(value)?.account ?? ""));
};

/** Do conditions narrow the statement's principals to a known few: an account, an organization, a network? */
export const limitsCallers = (statement: FoundStatement): boolean =>
  statement.conditions.some(isLimiting) ||
  statement.siblings.some((sibling) => deniesOthers(sibling, statement));

const isLimiting = (condition: Condition): boolean => {
  const concrete = LIMITING_KEYS.get(condition.key);
  return concrete !== undefined && demandsMatch(condition) && condition.values.every(concrete);
};

const NEGATED = new Set<ConditionOperator>([
  "StringNotEquals",
  "StringNotEqualsIgnoreCase",
  "StringNotLike",
  "ArnNotEquals",
  "ArnNotLike",
  "NotIpAddress",
]);

/** Does the sibling deny the same actions to everyone except a few? This is another way to write a condition. */
const deniesOthers = (sibling: Statement, statement: Statement): boolean => {
  if (sibling.effect !== "Deny" || !namesEveryone(sibling) || !coversAllOf(sibling, statement)) return false;
  // Each further condition makes a Deny apply to fewer requests. Only the exception for AWS services is harmless.
  const [only, ...others] = sibling.conditions.filter((condition) => !exemptsAwsServices(condition));
  if (only === undefined || others.length > 0 || !NEGATED.has(only.operator)) return false;
  // A negated operator also denies requests without the key, with or without `IfExists`.
  const concrete = LIMITING_KEYS.get(only.key);
  return concrete !== undefined && only.quantifier === undefined && only.values.every(concrete);
};

const exemptsAwsServices = ({ key, operator, values }: Condition): boolean =>
  key === "aws:principalisawsservice" && operator === "Bool" && values.join() === "false";

/** The ids of the accounts that the statement names, as principals or in conditions that limit principals. */
export const accountsOf = (statement: Pick<Statement, "principals" | "conditions">): readonly string[] => {
  const named = (statement.principals?.principals ?? []).flatMap(({ type, value }) =>
    type === "AWS" ? accountIn(value) : [],
  );
  const required = ACCOUNT_BEARING_KEYS.flatMap((key) =>
    conditionsOn(statement, key).flatMap((condition) =>
      isLimiting(condition) ? condition.values.flatMap(accountIn) : [],
    ),
  );
  return [...new Set([...named, ...required])];
};

const ACCOUNT_BEARING_KEYS = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceowner",
  "kms:calleraccount",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
];

const accountIn = (value: string): readonly string[] => {
  const account = isAccountId(value) ? value : accountOf(value);
  return account === undefined ? [] : [account];
};

/** The service principals of a statement: `s3.amazonaws.com`. */
export const servicesOf = ({ principals }: Pick<Statement, "principals">): readonly string[] => {
  if (principals === undefined || principals.negated) return [];
  return principals.principals.filter(({ type }) => type === "Service").map(({ value }) => value);
};
