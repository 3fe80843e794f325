import { describe, expect, it } from "vitest";
import { batchAnswer, parseBatchInvocation } from "../../../../handler/core/reprocess/s3-batch-task.ts";

/** An event of S3 Batch Operations, schema version 2.0, complete as AWS documents it. */
const event = (overrides: object = {}) => ({
  invocationSchemaVersion: "2.0",
  invocationId: "YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo",
  job: {
    id: "f3cc4f60-61f6-4a2b-8a21-d07600c373ce",
    userArguments: { run: "2026-11-25T10:00:00.000Z", prefix: "holiday/" },
  },
  tasks: [
    {
      taskId: "dGFza2lkZ29lc2hlcmUK",
      s3Key: "a+b%2B/%C3%A9.jpg",
      s3VersionId: null,
      s3Bucket: "source-bucket",
    },
  ],
  ...overrides,
});

describe("parseBatchInvocation", () => {
  it("reads the request that all tasks share, and each task's object with its key decoded", () => {
    expect(parseBatchInvocation(event())).toEqual({
      invocationId: "YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo",
      request: {
        run: new Date("2026-11-25T10:00:00.000Z"),
        notify: false,
        selection: { prefix: "holiday/" },
      },
      tasks: [{ taskId: "dGFza2lkZ29lc2hlcmUK", bucket: "source-bucket", key: "a b+/é.jpg" }],
    });
  });

  it.each([
    [
      "another schema version",
      event({ invocationSchemaVersion: "1.0" }),
      'invocationSchemaVersion: Invalid input: expected "2.0"',
    ],
    ["a job without arguments", event({ job: { id: "1" } }), "job.userArguments: Invalid input"],
    ["no task", event({ tasks: [] }), "tasks: Too small"],
    [
      "a key that is not URL-encoded",
      event({ tasks: [{ taskId: "1", s3Bucket: "b", s3Key: "100%" }] }),
      "tasks.0.s3Key: expected a URL-encoded key",
    ],
    ["an event of the queue", { Records: [] }, "invocationId: Invalid input"],
  ])("refuses %s, naming what is wrong", (_, given, problem) => {
    expect(() => parseBatchInvocation(given)).toThrow(TypeError);
    expect(() => parseBatchInvocation(given)).toThrow(
      /^Expected tasks of S3 Batch Operations, as `npm run reprocess -- --batch` has them made; /,
    );
    expect(() => parseBatchInvocation(given)).toThrow(problem);
  });
});

describe("batchAnswer", () => {
  it("has what S3 Batch Operations demands, and fails a task that it does not answer", () => {
    const results = [{ taskId: "1", resultCode: "Succeeded", resultString: "sent" }] as const;
    expect(batchAnswer("id", results)).toEqual({
      invocationSchemaVersion: "2.0",
      treatMissingKeysAs: "PermanentFailure",
      invocationId: "id",
      results: [{ taskId: "1", resultCode: "Succeeded", resultString: "sent" }],
    });
  });
});
