import { accountOf, parseArn } from "../aws/arn.ts";
import { hasWildcard } from "../engine/wildcard.ts";
import type { DocumentKind, DocumentProblem } from "./policy-document.ts";
import type { Principal, RawStatement } from "./policy-document-schema.ts";

/**
 * What IAM rejects in a statement whose elements are each well-formed.
 *
 * @param sids the Sids of the statements before it; its own is added.
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

/** Elements that are missing or not allowed in this kind of document. */
const elementProblems = (raw: RawStatement, kind: DocumentKind): readonly string[] => {
  const problems: string[] = [];
  const count = (...elements: readonly unknown[]) =>
    elements.filter((element) => element !== undefined).length;
  if (count(raw.Action, raw.NotAction) !== 1) problems.push("must have either Action or NotAction");
  const resources = count(raw.Resource, raw.NotResource);
  if (kind === "identity" && resources !== 1) problems.push("must have either Resource or NotResource");
  if (kind === "trust" && resources > 0) {
    problems.push("must not have a Resource: a trust policy always concerns its own role");
  }
  if (resources > 1) problems.push("must not have both Resource and NotResource");
  const principals = count(raw.Principal, raw.NotPrincipal);
  if (kind === "identity" && principals > 0) {
    problems.push("must not have a Principal: an identity policy always concerns its own identity");
  }
  if (kind !== "identity" && principals !== 1) problems.push("must have either Principal or NotPrincipal");
  return problems;
};

/** Does not check resource policies: those of API Gateway can have a short form that is not an ARN. */
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

/** A principal is `*` or one exact principal. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
const principalProblems = (raw: RawStatement, path: string): readonly DocumentProblem[] => {
  const element = raw.Principal === undefined ? "NotPrincipal" : "Principal";
  const principals = raw.Principal ?? raw.NotPrincipal ?? [];
  const problem = principals.some(isPartialWildcard)
    ? "must not use a wildcard for a part of a principal"
    : principals.some(isInvalidService)
      ? "must use service names such as lambda.amazonaws.com"
      : undefined;
  return problem === undefined ? [] : [{ path: `${path}.${element}`, expected: problem }];
};

const isInvalidService = ({ type, value }: Principal): boolean =>
  type === "Service" && !/^[*?]+$/.test(value) && !SERVICE_NAME.test(value);

/** Does not include an ARN with a wildcard for its account: POL-002 and IAM-014 judge it as everyone. */
const isPartialWildcard = ({ type, value }: Principal): boolean => {
  if (!hasWildcard(value) || /^[*?]+$/.test(value)) return false;
  if (type === "Service") return true;
  return type === "AWS" && (parseArn(value) === undefined || accountOf(value) !== undefined);
};

/** Only actions of STS assume a role. */
const actionProblems = (raw: RawStatement, kind: DocumentKind, path: string): readonly DocumentProblem[] => {
  if (kind !== "trust") return [];
  const element = raw.Action === undefined ? "NotAction" : "Action";
  return (raw.Action ?? raw.NotAction ?? []).flatMap((pattern, index) => {
    const [service = ""] = pattern.split(":");
    if (hasWildcard(service) || service.toLowerCase() === "sts") return [];
    return [{ path: `${path}.${element}[${index}]`, expected: "must be an STS action" }];
  });
};

/** Resource policies allow other Sids: the default key policy has spaces in its Sid. */
const sidProblems = (
  { Sid = "" }: RawStatement,
  kind: DocumentKind,
  sids: Set<string>,
  path: string,
): readonly DocumentProblem[] => {
  if (kind === "resource" || kind === "key" || Sid === "") return [];
  const problem = sids.has(Sid)
    ? "must be unique in the document"
    : /^[A-Za-z0-9]*$/.test(Sid)
      ? undefined
      : "must contain only letters and digits";
  sids.add(Sid);
  return problem === undefined ? [] : [{ path: `${path}.Sid`, expected: problem }];
};
