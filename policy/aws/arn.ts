import { globsOverlap } from "../engine/wildcard.ts";

/** The parts of an ARN, or of a pattern of ARNs: each may hold wildcards, and all but the resource may be empty. */
export type Arn = {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  /** 12 digits, `aws` for what AWS itself owns, or empty, as in the ARN of a bucket. */
  readonly account: string;
  /** Everything after the fifth colon. */
  readonly resource: string;
};

/** @returns `undefined` for a text that is no ARN in full: `*`, `arn:aws:*`, a name. */
export const parseArn = (text: string): Arn | undefined => {
  const [prefix, partition, service, region, account, ...resource] = text.split(":");
  if (prefix !== "arn" || partition === undefined || service === undefined) return undefined;
  if (region === undefined || account === undefined || resource.length === 0) return undefined;
  return { partition, service, region, account, resource: resource.join(":") };
};

/**
 * A resource pattern with the parts that it lacks: IAM takes each of them for `*`, so `arn:aws:sqs` is every queue there
 * is. A text that is no ARN stays as it is.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const completeArn = (pattern: string): string => {
  const parts = pattern.split(":");
  if (parts[0] !== "arn" || parts.length >= ARN_PARTS) return pattern;
  return [...parts, ...Array.from({ length: ARN_PARTS - parts.length }, () => "*")].join(":");
};

const ARN_PARTS = 6;

export const isAccountId = (text: string): boolean => /^\d{12}$/.test(text);

/** The account that owns what the ARN names; `undefined` when the ARN does not tell it, or not exactly. */
export const accountOf = (arn: string): string | undefined => {
  const account = parseArn(arn)?.account;
  return account !== undefined && isAccountId(account) ? account : undefined;
};

/**
 * Is there an ARN that both patterns match? A wildcard stays within its part of the ARN, but for the last part, in
 * which colons are characters like others.
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
