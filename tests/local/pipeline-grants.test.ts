import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { expect, test, vi } from "vitest";
import { follow, newUploads } from "../../operator/uploads/follow.ts";
import type { UploadedObject } from "../../operator/uploads/upload-object.ts";
import { OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";
import { localPipeline } from "./support/local-pipeline.ts";
import { withoutGrant } from "./support/role-grants.ts";
import { gradient } from "./support/test-images.ts";

const local = localPipeline({ settings: { batchSize: "1" } });

const photo = (): Promise<Buffer> => gradient(300, 200).jpeg().toBuffer();

const errorAbout = async (key: string) =>
  vi.waitFor(
    async () => {
      const line = (await local.pipeline.logLines(key)).find(({ level }) => level === "ERROR");
      expect(line).toBeDefined();
      return line?.error;
    },
    { timeout: OUTCOME_TIMEOUT_MS, interval: 100 },
  );

test.for([
  ["s3:GetObjectVersion", "READ_FAILED", /AccessDenied/],
  ["s3:PutObject", "STORE_FAILED", /AccessDenied/],
  ["dynamodb:UpdateItem", "RECORD_FAILED", /AccessDenied/],
  ["sns:Publish", "NOTIFY_FAILED", /AuthorizationError|AccessDenied/],
] as const)(
  "without %s an upload fails with %s, and with it again it does not",
  async ([action, code, reason]) => {
    const { pipeline } = local;
    const key = `without ${action.replace(":", " ")}.jpg`;
    await withoutGrant(pipeline, action, async () => {
      await pipeline.upload(await photo(), key);
      expect(await errorAbout(key)).toMatchObject({ code, cause: { name: expect.stringMatching(reason) } });
      expect((await pipeline.record(key))?.State).not.toBe("FAILED");
    });
    const again = await pipeline.upload(await photo(), `${key} again`);
    expect(await pipeline.waitForRecord(again, OUTCOME_TIMEOUT_MS)).toMatchObject({ State: "PROCESSED" });
  },
);

/** Holds messages in the queue while the work runs. */
const whileQueueIsHeld = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const { pipeline } = local;
  const { lambda } = pipeline.aws;
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: pipeline.outputs.functionName }),
  );
  const set = async (Enabled: boolean) => {
    for (const { UUID } of EventSourceMappings) {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    }
  };
  await set(false);
  try {
    return await work();
  } finally {
    await set(true);
  }
};

test("an original that is deleted before it is read is recorded as deleted, in whatever order that is told", async () => {
  const { pipeline } = local;
  const uploaded = "fleeting.jpg";
  await whileQueueIsHeld(async () => {
    const { key, versionId } = await pipeline.upload(await photo(), uploaded);
    await pipeline.aws.s3.send(
      new DeleteObjectCommand({ Bucket: pipeline.outputs.sourceBucket, Key: key, VersionId: versionId }),
    );
  });
  await vi.waitFor(async () => expect(await pipeline.record(uploaded)).toMatchObject({ State: "DELETED" }), {
    timeout: OUTCOME_TIMEOUT_MS,
    interval: 50,
  });
});

test("an original that is replaced before it is read is told as that", async () => {
  const { pipeline } = local;
  const bytes = await photo();
  const [first, second] = await whileQueueIsHeld(async () => [
    await pipeline.upload(bytes, "hasty.jpg"),
    await pipeline.upload(bytes, "hasty.jpg"),
  ]);
  const kinds = async (uploaded: UploadedObject | undefined): Promise<string[]> => {
    const told: string[] = [];
    if (uploaded !== undefined) {
      for await (const { kind } of follow(pipeline, uploaded, AbortSignal.timeout(OUTCOME_TIMEOUT_MS))) {
        told.push(kind);
      }
    }
    return told;
  };
  expect((await kinds(second)).at(-1)).toBe("mailed");
  expect(await kinds(first)).toEqual(["replaced"]);
});

test("every upload to the source bucket is found, and following one ends with its mail", async () => {
  const { pipeline } = local;
  const found: string[] = [];
  const stop = new AbortController();
  const finding = (async () => {
    for await (const { key } of newUploads(pipeline, stop.signal)) {
      found.push(key);
    }
  })();
  const uploaded = await pipeline.upload(await photo(), "found.jpg");
  const told: string[] = [];
  for await (const { kind } of follow(pipeline, uploaded, AbortSignal.timeout(OUTCOME_TIMEOUT_MS))) {
    told.push(kind);
  }
  expect(told).toEqual(["received", "processed", "mailed"]);
  await vi.waitFor(() => expect(found).toContain("found.jpg"), { timeout: OUTCOME_TIMEOUT_MS, interval: 50 });
  stop.abort();
  await finding;
  expect(found.filter((key) => key === "found.jpg")).toHaveLength(1);
  expect(found).toContain("hasty.jpg");
});
