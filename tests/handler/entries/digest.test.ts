import { afterEach, beforeEach, expect, it, type MockInstance, vi } from "vitest";
import type { DigestEnvironment } from "../../../handler/core/settings/environment.ts";

const ENVIRONMENT = {
  SOURCE_BUCKET: "originals",
  DESTINATION_BUCKET: "renditions",
  NOTICE_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:notices",
  RENDITION_LINKS: "none",
  DIGEST_TABLE: "digest",
  DIGEST_TIME_ZONE: "UTC",
  POWERTOOLS_SERVICE_NAME: "digest",
  POWERTOOLS_LOG_LEVEL: "INFO",
} as const satisfies DigestEnvironment;

/** A Lambda context with what the handler looks at. */
const context = {
  awsRequestId: "request-1",
  callbackWaitsForEmptyEventLoop: false,
  functionName: "digest",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:digest",
  memoryLimitInMB: "512",
  logGroupName: "/aws/lambda/digest",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 60_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

const load = () => import("../../../handler/entries/digest.ts");

let stderr: MockInstance<typeof process.stderr.write>;

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (const [name, value] of Object.entries({ ...ENVIRONMENT, AWS_REGION: "eu-central-1" }))
    vi.stubEnv(name, value);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("fails, so that Lambda tries again, and logs why with the request's id", async () => {
  const { handler } = await load();
  await expect(handler({}, context)).rejects.toMatchObject({ code: "MALFORMED_MESSAGE" });
  expect(stderr.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
    {
      level: "ERROR",
      message: "The digest was not sent",
      function_request_id: "request-1",
      service: "digest",
      error: { code: "MALFORMED_MESSAGE" },
    },
  ]);
});

it("does not start in an environment that is wrong", async () => {
  vi.stubEnv("DIGEST_TABLE", undefined);
  await expect(load()).rejects.toMatchObject({
    code: "INVALID_SETTINGS",
    message: "The function's environment is not usable:\n- DIGEST_TABLE: expected a name, got nothing",
  });
});
