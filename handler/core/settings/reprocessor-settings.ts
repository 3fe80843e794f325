import * as z from "zod";
import { renditionSpecs } from "../spec/rendition-spec.ts";
import type { ReprocessorEnvironment } from "./environment.ts";
import { json, type Settings } from "./settings.ts";
import { logLevel, name, parseVariables } from "./variables.ts";

export type ReprocessorSettings = Pick<
  Settings,
  "sourceBucket" | "assetTable" | "renditions" | "serviceName" | "logLevel"
> & { readonly queueUrl: string };

const environment = z.object({
  SOURCE_BUCKET: name,
  ASSET_TABLE: name,
  QUEUE_URL: z.url("expected the address of an SQS queue"),
  RENDITIONS: json.pipe(renditionSpecs),
  POWERTOOLS_SERVICE_NAME: name,
  POWERTOOLS_LOG_LEVEL: logLevel,
} satisfies Record<keyof ReprocessorEnvironment, z.ZodType<unknown, string | undefined>>);

/**
 * Reads the environment of the function that S3 Batch Operations invokes.
 * @throws PipelineError INVALID_SETTINGS, one line for every problem
 */
export const parseReprocessorSettings = (
  variables: Readonly<Record<string, string | undefined>>,
): ReprocessorSettings => {
  const data = parseVariables(environment, variables);
  return {
    sourceBucket: data.SOURCE_BUCKET,
    assetTable: data.ASSET_TABLE,
    queueUrl: data.QUEUE_URL,
    renditions: data.RENDITIONS,
    serviceName: data.POWERTOOLS_SERVICE_NAME,
    logLevel: data.POWERTOOLS_LOG_LEVEL,
  };
};
