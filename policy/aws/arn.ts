import { globsOverlap } from "../engine/wildcard.ts";

/** The parts of an ARN or ARN pattern. Each may contain wildcards, and all except the resource may be empty. */
export type Arn = {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  /** 12 digits, `aws` for resources that AWS owns, or empty, as in a bucket's ARN. */
  readonly account: string;
  /** Everything after the fifth colon. */
  readonly resource: string;
};

/** @returns `undefined` for a text that is not a complete ARN: `*`, `arn:aws:*`, a name. */
export const parseArn = (text: string): Arn | undefined => {
  const [prefix, partition, service, region, account, ...resource] = text.split(":");
  if (prefix !== "arn" || partition === undefined || service === undefined) return undefined;
  if (region === undefined || account === undefined || resource.length === 0) return undefined;
  return { partition, service, region, account, resource: resource.join(":") };
};

/**
 * Adds the missing parts to a resource pattern. IAM treats each missing part as `*`, so `arn:aws:sqs` matches every
 * queue. A text that is not an ARN is returned unchanged.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const completeArn = (pattern: string): string => {
  const parts = pattern.split(":");
  if (parts[0] !== "arn" || parts.length >= ARN_PARTS) return pattern;
  return [...parts, ...Array.from({ length: ARN_PARTS - parts.length }, () => "*")].join(":");
};

const ARN_PARTS = 6;

export const isAccountId = (text: string): boolean => /^\d{12}$/.test(text);

/** The account in the ARN; `undefined` when the ARN contains no exact account. */
export const accountOf = (arn: string): string | undefined => {
  const account = parseArn(arn)?.account;
  return account !== undefined && isAccountId(account) ? account : undefined;
};

/**
 * Is there an ARN that both patterns match? A wildcard matches only within its part of the ARN. In the last part, colons
 * are ordinary characters.
 */
export const arnsOverlap = (a: string, b: string): boolean => {
  const [one, other] = [parseArn(a), parseArn(b)];
  if (one === undefined || other === undefined) return globsOverlap(a, b);
  return (
    globsOverlap(one.service, other.service) &&
    globsOverlap(one.partition, other.partition) &&
    globsOverlap(one.region, other.region) &&
    globsOverlap(one.account, other.account) &&
    globsOverlap(one.resource, other.resource)
  );
};
