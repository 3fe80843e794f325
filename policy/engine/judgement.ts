import { MalformedProperty, UnknownProperty } from "./properties.ts";
import type { ResourceView } from "./resource.ts";

/** A way in which a resource breaks a control. */
export type Finding = {
  readonly kind: "finding";
  /**
   * Stable machine key, `What::which`: `Action::s3:*`, `PublicAccessBlock::missing`. Exemptions name it. It may hold
   * names of actions, services, properties and statements; never a property's value.
   */
  readonly key: string;
  /** What must be so, in this instance: one sentence, with no property's value in it. */
  readonly message: string;
  /** How to put it right. @default the control's remediation */
  readonly fix?: string;
  /** The resource at fault. @default the resource under judgement */
  readonly resource?: ResourceView;
};

/** Why a control could not decide. */
export type NotJudgedCause = "unknown" | "malformed" | "fault";

/** Something that a control could not decide, and why. */
export type NotJudged = {
  readonly kind: "not judged";
  readonly cause: NotJudgedCause;
  /** Path of the property in question, or what failed. */
  readonly path: string;
  readonly resource?: ResourceView;
};

/** The control has nothing to say about this resource, though its type is one of the control's types. */
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
 * Runs one part of a check so that what stops it does not stop the other parts: an unknown value becomes "not
 * judged", a value of a wrong kind a finding, any other throw a fault. What was found before is kept.
 *
 * @param resource set on each judgement that names no resource itself.
 */
export function* judgeApart(
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
  // Only the kind of error is kept: its text can hold a property's value.
  return notJudged(error instanceof Error ? error.name : typeof error, "fault");
};
