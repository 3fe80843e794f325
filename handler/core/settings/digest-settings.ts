import * as z from "zod";
import type { DigestEnvironment } from "./environment.ts";
import type { DigestPlaces } from "./notice-places.ts";
import { links, logLevel, name, parseVariables, topicArn, type Variables } from "./variables.ts";

/** What the function that sends digests needs to know. */
export type DigestSettings = {
  readonly places: DigestPlaces;
  readonly digestTable: string;
  readonly noticeTopicArn: string;
  readonly serviceName: string;
  readonly logLevel: "DEBUG" | "INFO" | "WARN" | "ERROR";
};

const isTimeZone = (text: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
};

const environment = z.object({
  SOURCE_BUCKET: name,
  DESTINATION_BUCKET: name,
  DIGEST_TABLE: name,
  DIGEST_TIME_ZONE: z
    .string("expected a time zone, got nothing")
    .refine(isTimeZone, "expected a time zone such as UTC or Europe/Berlin"),
  NOTICE_TOPIC_ARN: topicArn,
  RENDITION_LINKS: links,
  POWERTOOLS_SERVICE_NAME: name,
  POWERTOOLS_LOG_LEVEL: logLevel,
  AWS_REGION: name,
} satisfies Record<keyof DigestEnvironment | "AWS_REGION", z.ZodType<unknown, string | undefined>>);

/**
 * Reads the environment of the function that sends digests, once, at its start; Lambda sets `AWS_REGION`.
 * @throws PipelineError INVALID_SETTINGS, one line for every problem
 */
export const parseDigestSettings = (variables: Variables): DigestSettings => {
  const data = parseVariables(environment, variables);
  return {
    places: {
      region: data.AWS_REGION,
      sourceBucket: data.SOURCE_BUCKET,
      destinationBucket: data.DESTINATION_BUCKET,
      links: data.RENDITION_LINKS,
      timeZone: data.DIGEST_TIME_ZONE,
    },
    digestTable: data.DIGEST_TABLE,
    noticeTopicArn: data.NOTICE_TOPIC_ARN,
    serviceName: data.POWERTOOLS_SERVICE_NAME,
    logLevel: data.POWERTOOLS_LOG_LEVEL,
  };
};
