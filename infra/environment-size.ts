import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "./config.ts";
import type { Deployment, PhysicalResources } from "./naming.ts";
import { queueUrl } from "./partitions.ts";

/**
 * What Lambda takes of variables, of a function's own key as well
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
export const MAX_ENVIRONMENT_BYTES = 4096;

/** How many of the largest variables are told of. */
const SHOWN = 3;

/** CloudFront's own name of a distribution, which it gives when it makes one: they are all as long. */
const DISTRIBUTION = "https://d111111abcdef8.cloudfront.net";

/** Settings whose values go into variables, and may be long. */
const SETTINGS: Readonly<Record<string, string>> = {
  RENDITIONS: "renditions",
  RECORD_TAGS: "recordTags",
  RENDITION_LINKS: "renditionLinks",
};

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/**
 * Bytes of variables as Lambda measures them: as one JSON object, in which quotes and backslashes are escaped. It quotes
 * that object where it refuses one: "exceeded the 4KB limit. String measured: {...}".
 */
export const environmentBytes = (variables: Readonly<Record<string, string>>): number =>
  bytes(JSON.stringify(variables));

const count = (value: number): string => value.toLocaleString("en-US");

/** What is wrong with variables that are too large for Lambda, by the key of a setting; nothing where they fit. */
export const environmentProblems = (
  functionName: string,
  variables: Readonly<Record<string, string>>,
): readonly string[] => {
  const total = environmentBytes(variables);
  if (total <= MAX_ENVIRONMENT_BYTES) return [];
  const sizes = Object.entries(variables)
    // A comma or brace, and the colon, besides what JSON makes of both.
    .map(([name, value]) => ({ name, size: bytes(JSON.stringify(name)) + bytes(JSON.stringify(value)) + 2 }))
    .sort((one, other) => other.size - one.size);
  const largest = sizes.slice(0, SHOWN).map(({ name, size }) => `${name} ${count(size)}`);
  const toShorten = sizes.flatMap(({ name }) => SETTINGS[name] ?? []);
  const [first = "renditions"] = toShorten;
  return [
    `${first}: expected at most ${count(MAX_ENVIRONMENT_BYTES)} bytes of variables for the function ${functionName}, as Lambda counts them, ` +
      `got ${count(total)}, the largest of them ${largest.join(", ")}; shorten ${toShorten.join(", ") || first}, or the stack's name`,
  ];
};

/** The form of a key's id, a UUID (https://docs.aws.amazon.com/kms/latest/developerguide/concepts-key-id.html). */
const KEY_ID = "11111111-2222-3333-4444-555555555555";

/** Values that only AWS gives, or only once something is made, as they will be, or as long. */
export const comingValues = (
  { partition, region, accountId }: Deployment,
  names: PhysicalResources,
): Readonly<Record<string, string>> => ({
  SOURCE_BUCKET: names.sourceBucket.name,
  DESTINATION_BUCKET: names.destinationBucket.name,
  ASSET_TABLE: names.assetTable.name,
  DIGEST_TABLE: names.digestTable.name,
  NOTICE_TOPIC_ARN: names.noticeTopic.arn,
  ENCRYPTION_KEY_ARN: `arn:${partition}:kms:${region}:${accountId}:key/${KEY_ID}`,
  QUEUE_URL: queueUrl({ partition, region }, accountId, names.ingestQueue.name),
  RENDITION_LINKS: DISTRIBUTION,
});

/**
 * Refuses variables that Lambda would refuse, at preview already.
 *
 * @param coming what stands for a value that is not known yet, by its variable
 * @throws {ConfigError} with the number and what to shorten
 */
export const assertEnvironmentFits = (
  functionName: string,
  variables: Readonly<Record<string, pulumi.Input<string>>>,
  coming: Readonly<Record<string, string>>,
): void => {
  const values = Object.entries(variables).map(([name, value]) => {
    const known = typeof value === "string" ? value : coming[name];
    if (known === undefined) throw new Error(`It is not known how long ${name} will be.`);
    return [name, known] as const;
  });
  const problems = environmentProblems(functionName, Object.fromEntries(values));
  if (problems.length > 0) throw new ConfigError(pulumi.getProject(), problems);
};
