import { expect, it } from "vitest";
import { parseDigestSettings } from "../../../../handler/core/settings/digest-settings.ts";
import type { DigestEnvironment } from "../../../../handler/core/settings/environment.ts";

const ENVIRONMENT = {
  SOURCE_BUCKET: "originals",
  DESTINATION_BUCKET: "renditions",
  NOTICE_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:notices",
  RENDITION_LINKS: "https://images.example.com/",
  DIGEST_TABLE: "digest",
  DIGEST_TIME_ZONE: "Europe/Berlin",
  POWERTOOLS_SERVICE_NAME: "digest",
  POWERTOOLS_LOG_LEVEL: "INFO",
} as const satisfies DigestEnvironment;

it("reads the environment that the deployment sets", () => {
  expect(parseDigestSettings({ ...ENVIRONMENT, AWS_REGION: "eu-central-1" })).toEqual({
    places: {
      region: "eu-central-1",
      sourceBucket: "originals",
      destinationBucket: "renditions",
      links: { kind: "base", url: "https://images.example.com" },
      timeZone: "Europe/Berlin",
    },
    digestTable: "digest",
    noticeTopicArn: "arn:aws:sns:eu-central-1:123456789012:notices",
    serviceName: "digest",
    logLevel: "INFO",
  });
});

it("names every problem at once", () => {
  const variables = {
    ...ENVIRONMENT,
    AWS_REGION: "eu-central-1",
    DIGEST_TABLE: "",
    DIGEST_TIME_ZONE: "Europe/Bonn",
  };
  expect(() => parseDigestSettings(variables)).toThrow(
    expect.objectContaining({
      code: "INVALID_SETTINGS",
      message: [
        "The function's environment is not usable:",
        "- DIGEST_TABLE: expected a name, got an empty value",
        "- DIGEST_TIME_ZONE: expected a time zone such as UTC or Europe/Berlin",
      ].join("\n"),
    }),
  );
});
