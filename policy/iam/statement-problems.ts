import { accountOf, parseArn } from "../aws/arn.ts";
import { hasWildcard } from "../engine/wildcard.ts";
import type { DocumentKind, DocumentProblem } from "./policy-document.ts";
import type { Principal, RawStatement } from "./policy-document-schema.ts";

/**
 * What IAM refuses in a statement whose elements are each well-formed.
 *
 * @param sids of the statements before it; its own is added.
 */
export const statementProblems = (
  raw: RawStatement,
  kind: DocumentKind,
  sids: Set<string>,
  path: string,
): readonly DocumentProblem[] => [
  ...elementProblems(raw, kind).map((expected) => ({ path, expected })),
  ...resourceProblems(raw, kind, path),
  ...principalProblems(raw, path),
  ...actionProblems(raw, kind, path),
  ...sidProblems(raw, kind, sids, path),
];

/** The elements that must be there, and must not, by the kind of document. */
const elementProblems = (raw: RawStatement, kind: DocumentKind): readonly string[] => {
  const problems: string[] = [];
  const count = (...elements: readonly unknown[]) =>
    elements.filter((element) => element !== undefined).length;
  if (count(raw.Action, raw.NotAction) !== 1) problems.push("must have one of Action and NotAction");
  const resources = count(raw.Resource, raw.NotResource);
  if (kind === "identity" && resources !== 1) problems.push("must have one of Resource and NotResource");
  if (kind === "trust" && resources > 0) {
    problems.push("must not have a Resource: a trust policy is about its own role");
  }
  if (resources > 1) problems.push("must not have both Resource and NotResource");
  const principals = count(raw.Principal, raw.NotPrincipal);
  if (kind === "identity" && principals > 0) {
    problems.push("must not have a Principal: an identity's policy is about its holder");
  }
  if (kind !== "identity" && principals !== 1) problems.push("must have one of Principal and NotPrincipal");
  return problems;
};

/** Resource policies are left alone: API Gateway's have a short form that is no ARN. */
const resourceProblems = (
  raw: RawStatement,
  kind: DocumentKind,
  path: string,
): readonly DocumentProblem[] => {
  if (kind !== "identity") return [];
  const element = raw.Resource === undefined ? "NotResource" : "Resource";
  return (raw.Resource ?? raw.NotResource ?? []).flatMap((pattern, index) =>
    /^(arn:.*|\*+|\$\{.*)$/s.test(pattern)
      ? []
      : [{ path: `${path}.${element}[${index}]`, expected: "must be `*` or an ARN" }],
  );
};

const SERVICE_NAME = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** Everyone or someone; nobody in between. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
const principalProblems = (raw: RawStatement, path: string): readonly DocumentProblem[] => {
  const element = raw.Principal === undefined ? "NotPrincipal" : "Principal";
  const principals = raw.Principal ?? raw.NotPrincipal ?? [];
  const problem = principals.some(isPartial)
    ? "must have no wildcard in a part of a principal"
    : principals.some(isNoService)
      ? "must name services such as lambda.amazonaws.com"
      : undefined;
  return problem === undefined ? [] : [{ path: `${path}.${element}`, expected: problem }];
};

const isNoService = ({ type, value }: Principal): boolean =>
  type === "Service" && !/^[*?]+$/.test(value) && !SERVICE_NAME.test(value);

/** An ARN with a wildcard for its account is left to the control over everyone. */
const isPartial = ({ type, value }: Principal): boolean => {
  if (!hasWildcard(value) || /^[*?]+$/.test(value)) return false;
  if (type === "Service") return true;
  return type === "AWS" && (parseArn(value) === undefined || accountOf(value) !== undefined);
};

/** A role is assumed by actions of STS. */
const actionProblems = (raw: RawStatement, kind: DocumentKind, path: string): readonly DocumentProblem[] => {
  if (kind !== "trust") return [];
  const element = raw.Action === undefined ? "NotAction" : "Action";
  return (raw.Action ?? raw.NotAction ?? []).flatMap((pattern, index) => {
    const [service = ""] = pattern.split(":");
    if (hasWildcard(service) || service.toLowerCase() === "sts") return [];
    return [{ path: `${path}.${element}[${index}]`, expected: "must be an action of sts" }];
  });
};

/** Policies of resources may have others: the default policy of keys has spaces in its Sid. */
const sidProblems = (
  { Sid = "" }: RawStatement,
  kind: DocumentKind,
  sids: Set<string>,
  path: string,
): readonly DocumentProblem[] => {
  if (kind === "resource" || kind === "key" || Sid === "") return [];
  const problem = sids.has(Sid)
    ? "must be of one statement only"
    : /^[A-Za-z0-9]*$/.test(Sid)
      ? undefined
      : "must be of letters and digits";
  sids.add(Sid);
  return problem === undefined ? [] : [{ path: `${path}.Sid`, expected: problem }];
};
