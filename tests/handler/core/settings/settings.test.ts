import { describe, expect, it } from "vitest";
import type { HandlerEnvironment } from "../../../../handler/core/settings/environment.ts";
import { parseSettings } from "../../../../handler/core/settings/settings.ts";
import { DEFAULT_RENDITIONS } from "../../../../handler/core/spec/rendition-spec.ts";

const ENVIRONMENT = {
  SOURCE_BUCKET: "source-bucket",
  DESTINATION_BUCKET: "renditions",
  ASSET_TABLE: "assets",
  NOTICE_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:notices",
  ENCRYPTION_KEY_ARN: "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555",
  RENDITIONS: JSON.stringify(DEFAULT_RENDITIONS),
  MAX_IMAGE_BYTES: "104857600",
  MAX_IMAGE_PIXELS: "50000000",
  MAX_IMAGE_SECONDS: "25",
  MAX_RECEIVE_COUNT: "5",
  SVG: "refuse",
  HEIC_PREVIEW_SIDE: "1000",
  RECORD_TAGS: "",
  KEEP_POSITION: "false",
  RENDITION_LINKS: "console",
  ON_DELETE: "remove",
  NOTICES: "failures",
  CODE_SHA256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  POWERTOOLS_SERVICE_NAME: "processor",
  POWERTOOLS_METRICS_NAMESPACE: "ImagePipeline",
  POWERTOOLS_LOG_LEVEL: "INFO",
} as const satisfies HandlerEnvironment;

const variables = (overrides: Record<string, string | undefined> = {}) => ({
  ...ENVIRONMENT,
  AWS_REGION: "eu-central-1",
  ...overrides,
});

const problem = (overrides: Record<string, string | undefined>): string => {
  try {
    parseSettings(variables(overrides));
  } catch (error) {
    expect(error).toMatchObject({ code: "INVALID_SETTINGS", retryable: true });
    return error instanceof Error
      ? error.message.replace("The function's environment is not usable:\n", "")
      : "";
  }
  return "none";
};

describe("parseSettings", () => {
  it("reads the environment that the deployment sets", () => {
    expect(parseSettings(variables())).toEqual({
      region: "eu-central-1",
      sourceBucket: "source-bucket",
      destinationBucket: "renditions",
      assetTable: "assets",
      noticeTopicArn: "arn:aws:sns:eu-central-1:123456789012:notices",
      encryptionKeyArn: ENVIRONMENT.ENCRYPTION_KEY_ARN,
      renditions: DEFAULT_RENDITIONS,
      limits: { maxBytes: 104_857_600, maxPixels: 50_000_000, lanes: 1 },
      input: { allowsSvg: false, heicPreviewSide: 1000 },
      recordTags: [],
      keepsPosition: false,
      maxImageSeconds: 25,
      maxReceiveCount: 5,
      links: { kind: "console" },
      onDelete: "remove",
      notices: "failures",
      codeSha256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      serviceName: "processor",
      metricsNamespace: "ImagePipeline",
      logLevel: "INFO",
      imagingThreads: 1,
    });
  });

  it("reads where outcomes are entered when digests are sent", () => {
    expect(parseSettings(variables({ NOTICES: "digest", DIGEST_TABLE: "digest" }))).toMatchObject({
      notices: "digest",
      digestTable: "digest",
    });
  });

  it.each([
    { NOTICES: "digest" },
    { NOTICES: "every", DIGEST_TABLE: "digest" },
    { NOTICES: "failures", DIGEST_TABLE: "digest" },
  ])("takes a table for digests with digests, and neither without the other: %j", (overrides) => {
    expect(problem(overrides)).toBe(
      "- DIGEST_TABLE: expected a name with NOTICES digest, and nothing without",
    );
  });

  it.each([
    ["512", 1],
    ["1769", 1],
    ["3537", 1],
    ["3538", 2],
    ["10240", 5],
  ])("gives imaging a thread for every whole vCPU that comes with %s MiB", (memory, threads) => {
    expect(parseSettings(variables({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory })).imagingThreads).toBe(
      threads,
    );
  });

  it("limits the memory of an image to the function's", () => {
    expect(parseSettings(variables({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512" })).limits.memoryBytes).toBe(
      536_870_912,
    );
  });

  it("reads what else may come in, and what of it is recorded", () => {
    const { input, keepsPosition } = parseSettings(
      variables({ SVG: "rasterise", HEIC_PREVIEW_SIDE: "160", KEEP_POSITION: "true" }),
    );
    expect([input, keepsPosition]).toEqual([{ allowsSvg: true, heicPreviewSide: 160 }, true]);
  });

  it.each([
    ["none", { kind: "none" }],
    ["https://img.example.com", { kind: "base", url: "https://img.example.com" }],
    ["https://img.example.com/v1/", { kind: "base", url: "https://img.example.com/v1" }],
  ])("reads the links %s", (links, expected) => {
    expect(parseSettings(variables({ RENDITION_LINKS: links })).links).toEqual(expected);
  });

  it.each([
    "",
    "http://img.example.com",
    "https://a.example/?x=1",
    "https://a.example/#x",
    "https://u:p@a.example",
    "Console",
  ])("refuses the links %j", (links) => {
    expect(problem({ RENDITION_LINKS: links })).toBe(
      "- RENDITION_LINKS: expected console, none or an https base URL without query, fragment or user",
    );
  });

  it.each([
    ["MAX_IMAGE_BYTES", "0", "expected a whole number of at least 1"],
    ["MAX_IMAGE_PIXELS", "1e6", "expected a whole number of at least 1"],
    ["MAX_IMAGE_PIXELS", undefined, "expected a whole number, got nothing"],
    ["ENCRYPTION_KEY_ARN", "alias/stack", "expected the ARN of a KMS key"],
    ["MAX_RECEIVE_COUNT", "0", "expected a whole number of at least 1"],
    ["MAX_IMAGE_SECONDS", "0", "expected a whole number of at least 1"],
    ["SVG", "yes", "expected refuse or rasterise"],
    ["HEIC_PREVIEW_SIDE", "-1", "expected a whole number of at least 1"],
    ["RECORD_TAGS", undefined, "expected names of tags with commas between, got nothing"],
    ["KEEP_POSITION", "1", "expected true or false"],
    ["DESTINATION_BUCKET", "", "expected a name, got an empty value"],
    ["AWS_REGION", undefined, "expected a name, got nothing"],
    ["NOTICE_TOPIC_ARN", "arn:aws:sqs:eu-central-1:123456789012:q", "expected the ARN of an SNS topic"],
    ["SOURCE_BUCKET", undefined, "expected a name, got nothing"],
    ["NOTICES", "none", "expected one of every, failures, digest"],
    ["ON_DELETE", "delete", "expected one of keep, remove"],
    ["POWERTOOLS_LOG_LEVEL", "info", "expected one of DEBUG, INFO, WARN, ERROR"],
    ["RENDITIONS", "[", "expected a JSON list of rendition specs, got no JSON"],
    ["RENDITIONS", undefined, "expected a JSON list of rendition specs, got nothing"],
  ])("says what is wrong with %s = %j", (name, value, message) => {
    expect(problem({ [name]: value })).toBe(`- ${name}: ${message}`);
  });

  it("says where in the rendition specs a problem is", () => {
    const renditions = JSON.stringify([{ name: "card", width: 0, formats: ["webp", "bmp"] }]);
    expect(problem({ RENDITIONS: renditions })).toBe(
      [
        "- RENDITIONS[0].width: expected at least 1 pixel",
        "- RENDITIONS[0].formats[1]: expected one of avif, webp, tiff, gif, png, jpeg, auto",
      ].join("\n"),
    );
  });

  it("names every variable that is missing in one error", () => {
    const missing = Object.fromEntries(Object.keys(variables()).map((name) => [name, undefined]));
    const named = problem(missing)
      .split("\n")
      .map((line) => line.replace(/^- (\w+):.*$/, "$1"));
    expect(named).toEqual(Object.keys(variables()));
  });
});
