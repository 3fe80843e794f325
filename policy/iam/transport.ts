import { type Judgement, notJudged, violation } from "../engine/judgement.ts";
import type { StackResource } from "../engine/resource.ts";
import { isSet, type StackView } from "../engine/stack.ts";
import { globCovers, isEffectivelyStar } from "../engine/wildcard.ts";
import { findDocuments } from "./documents.ts";
import type { Statement } from "./policy-document.ts";

/** Where a resource's policy is, and what it must deny over plain HTTP. */
export type TransportRule = {
  /** Service prefix of ARNs: `s3`. */
  readonly service: string;
  /** The action to deny: `s3:*`. */
  readonly action: string;
  /** Type tokens of policies that are separate resources. */
  readonly policyTypes: readonly string[];
  /** The property of such a policy that names its resource. */
  readonly policyRefersBy: string;
  /** The resource's property with the name at the end of its ARN. */
  readonly nameProperty: string;
  /** What the denial must cover, as the last part of ARNs: `{ objects: (name) => name + "/*" }`. */
  readonly targets: Readonly<Record<string, (name: string) => string>>;
};

/** Judges whether a resource's policy denies every request that does not use TLS. */
export function* judgeTransport(
  stack: StackView,
  resource: StackResource,
  rule: TransportRule,
): Generator<Judgement> {
  const documents = documentsOf(stack, resource, rule);
  if (documents.length === 0) {
    yield violation({
      key: "Transport::policy-missing",
      message: "A policy must deny requests over plain HTTP.",
    });
    return;
  }
  const refusing = documents
    .flatMap(({ found }) => (found.state === "parsed" ? found.document.statements : []))
    .filter((statement) => refusesPlainHttp(statement, rule.action));
  const open = Object.entries(rule.targets).filter(
    ([, target]) => !refusing.some((statement) => isAbout(statement, rule, resource, target)),
  );
  if (open.length === 0) return;
  const undecided = documents.filter(
    ({ found }) => found.state !== "parsed" || found.document.unknownStatements.length > 0,
  );
  for (const { holder, found } of undecided) {
    yield notJudged(`${holder.name}.${found.path}`, found.state === "malformed" ? "malformed" : "unknown");
  }
  if (undecided.length > 0) return;
  for (const [target] of open) {
    yield violation({
      key: `Transport::${target}`,
      message: `The policy must deny everyone \`${rule.action}\` on the ${target} over plain HTTP.`,
    });
  }
}

const documentsOf = (stack: StackView, resource: StackResource, rule: TransportRule) => {
  const attached = stack.attachedTo(resource, rule.policyTypes, rule.policyRefersBy);
  // A separate policy replaces the inline one.
  const holders = attached.length > 0 ? attached : isSet(resource, "policy") ? [resource] : [];
  return holders.flatMap((holder) => findDocuments(holder, ["resource"]).map((found) => ({ holder, found })));
};

/** Does the statement deny everyone the action, with no condition other than the absence of TLS? */
const refusesPlainHttp = (statement: Statement, action: string): boolean => {
  const { effect, principals, actions, conditions } = statement;
  return (
    effect === "Deny" &&
    principals?.negated === false &&
    principals.principals.some(({ type, value }) => type === "AWS" && value === "*") &&
    !actions.negated &&
    actions.patterns.some((pattern) => globCovers(pattern.toLowerCase(), action.toLowerCase())) &&
    conditions.every(
      ({ key, operator, quantifier, values }) =>
        key === "aws:securetransport" &&
        operator === "Bool" &&
        quantifier === undefined &&
        values.every((value) => value.toLowerCase() === "false"),
    )
  );
};

const isAbout = (
  { resources }: Statement,
  { service, nameProperty }: TransportRule,
  { props }: StackResource,
  target: (name: string) => string,
): boolean => {
  if (resources === undefined || resources.negated) return false;
  return resources.patterns.some((pattern) => {
    if (isEffectivelyStar(pattern)) return true;
    // Region and account don't matter: in its own policy a resource can only name itself.
    const [, , patternService, , , ...name] = pattern.split(":");
    if (patternService !== service) return false;
    return globCovers(name.join(":"), target(props.string(nameProperty) ?? props.string("id") ?? ""));
  });
};
