import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import type { HandlerEnvironment } from "../../../handler/core/settings/environment.ts";
import { notificationBody, s3Record, sqsEvent, testEventBody } from "../../support/upload-events.ts";

const ENVIRONMENT = {
  SOURCE_BUCKET: "source-bucket",
  DESTINATION_BUCKET: "renditions",
  ASSET_TABLE: "assets",
  NOTICE_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:notices",
  ENCRYPTION_KEY_ARN: "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555",
  RENDITIONS: JSON.stringify([{ name: "card", width: 400, formats: ["webp"] }]),
  MAX_IMAGE_BYTES: "1000000",
  MAX_IMAGE_PIXELS: "1000000",
  MAX_IMAGE_SECONDS: "25",
  MAX_RECEIVE_COUNT: "5",
  SVG: "refuse",
  HEIC_PREVIEW_SIDE: "1000",
  RECORD_TAGS: "",
  KEEP_POSITION: "false",
  RENDITION_LINKS: "none",
  ON_DELETE: "keep",
  NOTICES: "every",
  CODE_SHA256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  POWERTOOLS_SERVICE_NAME: "processor",
  POWERTOOLS_METRICS_NAMESPACE: "ImagePipeline",
  POWERTOOLS_LOG_LEVEL: "INFO",
} as const satisfies HandlerEnvironment;

/** A Lambda context with what the handler looks at. */
const context = {
  awsRequestId: "request-1",
  callbackWaitsForEmptyEventLoop: false,
  functionName: "processor",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:processor",
  memoryLimitInMB: "1769",
  logGroupName: "/aws/lambda/processor",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 60_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

const load = () => import("../../../handler/entries/index.ts");

let stdout: MockInstance<typeof process.stdout.write>;

beforeEach(() => {
  vi.resetModules();
  stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (const [name, value] of Object.entries({ ...ENVIRONMENT, AWS_REGION: "eu-central-1" }))
    vi.stubEnv(name, value);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("the Lambda function", () => {
  it("answers a batch with the messages to deliver again", async () => {
    const { handler } = await load();
    const tagged = notificationBody(s3Record({ eventName: "ObjectTagging:Put" }));
    const event = sqsEvent([testEventBody(), "not JSON", tagged]);
    expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: "message-2" }] });
  });

  it("writes the request's id on each line", async () => {
    const { handler } = await load();
    await handler(sqsEvent([testEventBody()]), context);
    expect(stdout.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
      {
        message: "Event ignored",
        function_request_id: "request-1",
        messageId: "message-1",
        service: "processor",
      },
    ]);
  });

  it("does not start in an environment that is wrong, and names every problem at once", async () => {
    vi.stubEnv("DESTINATION_BUCKET", undefined);
    vi.stubEnv("MAX_IMAGE_BYTES", "many");
    vi.stubEnv("RENDITIONS", "[]");
    await expect(load()).rejects.toMatchObject({
      code: "INVALID_SETTINGS",
      message: [
        "The function's environment is not usable:",
        "- DESTINATION_BUCKET: expected a name, got nothing",
        "- RENDITIONS: expected at least one rendition spec",
        "- MAX_IMAGE_BYTES: expected a whole number of at least 1",
      ].join("\n"),
    });
  });
});
