import { describe, expect, it } from "vitest";
import type { ReprocessorEnvironment } from "../../../../handler/core/settings/environment.ts";
import { parseReprocessorSettings } from "../../../../handler/core/settings/reprocessor-settings.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";

const SPECS = [{ name: "card", width: 400, formats: ["webp"] }];

const ENVIRONMENT = {
  SOURCE_BUCKET: "source-bucket",
  ASSET_TABLE: "assets",
  QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/ingest",
  RENDITIONS: JSON.stringify(SPECS),
  POWERTOOLS_SERVICE_NAME: "reprocessor",
  POWERTOOLS_LOG_LEVEL: "WARN",
} as const satisfies ReprocessorEnvironment;

describe("parseReprocessorSettings", () => {
  it("reads every variable", () => {
    expect(parseReprocessorSettings(ENVIRONMENT)).toEqual({
      sourceBucket: "source-bucket",
      assetTable: "assets",
      queueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/ingest",
      renditions: renditionSpecs.parse(SPECS),
      serviceName: "reprocessor",
      logLevel: "WARN",
    });
  });

  it("names every variable that is not usable", () => {
    expect(() =>
      parseReprocessorSettings({ RENDITIONS: "[", QUEUE_URL: "ingest", POWERTOOLS_LOG_LEVEL: "ALL" }),
    ).toThrow(
      [
        "The function's environment is not usable:",
        "- SOURCE_BUCKET: expected a name, got nothing",
        "- ASSET_TABLE: expected a name, got nothing",
        "- QUEUE_URL: expected the address of an SQS queue",
        "- RENDITIONS: expected a JSON list of rendition specs, got no JSON",
        "- POWERTOOLS_SERVICE_NAME: expected a name, got nothing",
        "- POWERTOOLS_LOG_LEVEL: expected one of DEBUG, INFO, WARN, ERROR",
      ].join("\n"),
    );
  });
});
