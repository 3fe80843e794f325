import { MalformedProperty, UnknownProperty } from "./properties.ts";
import type { ResourceView } from "./resource.ts";

/** A way in which a resource breaks a control. */
export type Finding = {
  readonly kind: "finding";
  /**
   * Stable machine key, `What::which`: `Action::s3:*`, `PublicAccessBlock::missing`. Exemptions name it. It may contain
   * names of actions, services, properties and statements, but never a property's value.
   */
  readonly key: string;
  /** What this resource must do: one sentence that contains no property's value. */
  readonly message: string;
  /** How to fix it. @default the control's remediation */
  readonly fix?: string;
  /** The resource at fault. @default the resource being judged */
  readonly resource?: ResourceView;
};

/** Why a control could not decide. */
export type NotJudgedCause = "unknown" | "malformed" | "fault";

/** Something that a control could not decide, and why. */
export type NotJudged = {
  readonly kind: "not judged";
  readonly cause: NotJudgedCause;
  /** Path of the property, or the name of the error. */
  readonly path: string;
  readonly resource?: ResourceView;
};

/** The control does not concern this resource, although its type is one of the control's types. */
export type NotApplicable = {
  readonly kind: "not applicable";
};

export type Judgement = Finding | NotJudged | NotApplicable;

export const violation = (finding: Omit<Finding, "kind">): Finding => ({ kind: "finding", ...finding });

export const notJudged = (path: string, cause: NotJudgedCause = "unknown"): NotJudged => ({
  kind: "not judged",
  cause,
  path,
});

export const notApplicable = (): NotApplicable => ({ kind: "not applicable" });

/**
 * Runs one part of a check in isolation, so a failure does not stop the other parts. An unknown value becomes "not
 * judged", a value of the wrong kind becomes a finding, and any other error becomes a fault. Earlier findings are kept.
 *
 * @param resource added to each judgement that names no resource.
 */
export function* judgePart(
  resource: ResourceView | undefined,
  part: () => Iterable<Judgement>,
): Generator<Judgement> {
  const onResource = resource === undefined ? {} : { resource };
  try {
    for (const judgement of part()) yield { ...onResource, ...judgement };
  } catch (error) {
    yield { ...onResource, ...judgementOf(error) };
  }
}

const judgementOf = (error: unknown): Judgement => {
  if (error instanceof UnknownProperty) return notJudged(error.path);
  if (error instanceof MalformedProperty) {
    return violation({
      key: `Malformed::${error.path}`,
      message: error.message,
      fix: `Give \`${error.path}\` as ${error.expected}.`,
    });
  }
  // Only the error's name is kept, because its message can contain a property's value.
  return notJudged(error instanceof Error ? error.name : typeof error, "fault");
};
