import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LOADING_ENVIRONMENT } from "../../../handler/bundle/loading.ts";

beforeEach(() => {
  vi.resetModules();
  for (const [name, value] of Object.entries({ ...LOADING_ENVIRONMENT, AWS_REGION: "eu-central-1" }))
    vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

it("answers S3 Batch Operations for each task", async () => {
  const { handler } = await import("../../../handler/entries/reprocessor.ts");
  expect(
    await handler({
      invocationSchemaVersion: "2.0",
      invocationId: "invocation",
      job: { id: "job", userArguments: { run: "2026-11-25T10:00:00.000Z", prefix: "b/" } },
      tasks: [
        { taskId: "1", s3Bucket: "source", s3Key: "a.jpg", s3VersionId: null },
        { taskId: "2", s3Bucket: "other", s3Key: "b/a.jpg", s3VersionId: null },
      ],
    }),
  ).toEqual({
    invocationSchemaVersion: "2.0",
    treatMissingKeysAs: "PermanentFailure",
    invocationId: "invocation",
    results: [
      { taskId: "1", resultCode: "Succeeded", resultString: "skipped: its key begins otherwise" },
      {
        taskId: "2",
        resultCode: "PermanentFailure",
        resultString: "The task is about the bucket other; only source is reprocessed.",
      },
    ],
  });
});

it("refuses what is no job of this project", async () => {
  const { handler } = await import("../../../handler/entries/reprocessor.ts");
  await expect(async () => handler({ Records: [] })).rejects.toThrow(TypeError);
});

it("does not start with an environment that is not usable", async () => {
  vi.stubEnv("QUEUE_URL", "");
  await expect(import("../../../handler/entries/reprocessor.ts")).rejects.toThrow(/- QUEUE_URL: expected/);
});
