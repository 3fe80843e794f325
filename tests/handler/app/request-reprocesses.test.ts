import { beforeEach, describe, expect, it } from "vitest";
import { type Reprocessor, requestReprocesses } from "../../../handler/app/request-reprocesses.ts";
import { PipelineError } from "../../../handler/core/errors.ts";
import { parseUploadEvents, type Upload } from "../../../handler/core/events/s3-event.ts";
import { type AssetRecord, assetRecord } from "../../../handler/core/record/record.ts";
import { renditionSpecs, specsFingerprint } from "../../../handler/core/spec/rendition-spec.ts";
import type { CurrentOriginal } from "../../../handler/ports/source.ts";
import { FakePorts } from "../../support/fakes.ts";
import { encodedKey } from "../../support/upload-events.ts";

const RUN = "2026-11-25T10:00:00.000Z";
const specs = renditionSpecs.parse([
  { name: "card", width: 400, formats: ["webp"], watermark: { image: "brand/logo.png" } },
]);

const aRecord = (overrides: Partial<AssetRecord> = {}): AssetRecord =>
  assetRecord.parse({
    ImageKey: "holiday/beach ü.jpg",
    SourceBucket: "source-bucket",
    DestinationBucket: "renditions",
    UploadTime: "2026-11-23T10:00:00.000Z",
    State: "PROCESSED",
    Sequencer: "0055AED6DCD90281E500000000000000",
    SizeBytes: 4000,
    VersionId: "v1",
    ETag: "0123456789abcdef0123456789abcdef",
    Format: "jpeg",
    SpecsFingerprint: specsFingerprint(specs),
    ...overrides,
  });

let records: Map<string, AssetRecord>;
let originals: Map<string, CurrentOriginal>;
let sent: string[];
let failure: PipelineError | undefined;
let fakes: FakePorts;
let reprocessor: Reprocessor;

beforeEach(() => {
  records = new Map([["holiday/beach ü.jpg", aRecord()]]);
  originals = new Map();
  sent = [];
  failure = undefined;
  fakes = new FakePorts();
  reprocessor = {
    settings: { sourceBucket: "source-bucket", renditions: specs },
    ports: {
      records: { find: async (key) => records.get(key) },
      source: { current: async (_bucket, key) => originals.get(key) },
      queue: {
        send: async (body) => {
          if (failure !== undefined) throw failure;
          sent.push(body);
        },
      },
      log: fakes.ports.log,
    },
  };
});

/** What S3 is answered for one task, with the arguments of its job. */
const outcome = async (
  userArguments: Readonly<Record<string, string>> = {},
  key = "holiday/beach ü.jpg",
  s3Bucket = "source-bucket",
): Promise<string> => {
  const { results, invocationId } = await requestReprocesses(reprocessor, {
    invocationSchemaVersion: "2.0",
    invocationId: "invocation",
    job: { id: "job", userArguments: { run: RUN, ...userArguments } },
    tasks: [{ taskId: "task", s3Bucket, s3Key: encodedKey(key), s3VersionId: null }],
  });
  expect(invocationId).toBe("invocation");
  expect(results.map(({ taskId }) => taskId)).toEqual(["task"]);
  return results.map(({ resultCode, resultString }) => `${resultCode}: ${resultString}`).join();
};

const reprocesses = (): readonly Upload[] => sent.flatMap((body) => parseUploadEvents(body).reprocesses);

describe("a task of S3 Batch Operations", () => {
  it("has the version that the record has processed once more, quietly, behind the record's event", async () => {
    expect(await outcome()).toBe("Succeeded: sent");
    expect(reprocesses()).toEqual([
      {
        bucket: "source-bucket",
        key: "holiday/beach ü.jpg",
        sizeBytes: 4000,
        eTag: "0123456789abcdef0123456789abcdef",
        versionId: "v1",
        sequencer: "0055AED6DCD90281E50001A21225D900",
        uploadTime: "2026-11-23T10:00:00.000Z",
        isQuiet: true,
      },
    ]);
  });

  it("has people told when the run says so", async () => {
    await outcome({ notify: "true" });
    expect(reprocesses().map(({ isQuiet }) => isQuiet)).toEqual([undefined]);
  });

  it("that S3 hands over again after the original was processed sends the very same event", async () => {
    await outcome();
    const [first] = reprocesses();
    records.set("holiday/beach ü.jpg", aRecord({ Sequencer: first?.sequencer ?? "" }));
    await outcome();
    expect(reprocesses()[1]).toEqual(first);
  });

  it.each([
    ["another prefix", { prefix: "products/" }, "its key begins otherwise"],
    ["another state", { state: "FAILED" }, "its record does not match"],
    ["another format", { format: "png" }, "its record does not match"],
    ["an earlier time", { to: "2026-11-22T00:00:00.000Z" }, "its record does not match"],
    ["changed specs", { specsChanged: "true" }, "its record does not match"],
    ["what the library does not know", { missing: "true" }, "the library has it"],
  ])("sends nothing for a selection of %s", async (_, selection, why) => {
    expect(await outcome(selection)).toBe(`Succeeded: skipped: ${why}`);
    expect(sent).toEqual([]);
  });

  it.each([
    ["its prefix", { prefix: "holiday/b" }],
    ["its state", { state: "PROCESSED" }],
    ["its format", { format: "jpeg" }],
    ["its time", { from: "2026-11-23T00:00:00.000Z", to: "2026-11-23T23:59:59.999Z" }],
  ])("sends one for a selection of %s", async (_, selection) => {
    expect(await outcome(selection)).toBe("Succeeded: sent");
  });

  it("takes up an original whose specs are others now", async () => {
    records.set("holiday/beach ü.jpg", aRecord({ SpecsFingerprint: "other" }));
    expect(await outcome({ specsChanged: "true" })).toBe("Succeeded: sent");
  });

  it.each(["RECEIVED", "DELETED"] as const)("leaves one alone that is %s", async (State) => {
    records.set("holiday/beach ü.jpg", aRecord({ State }));
    expect(await outcome()).toBe("Succeeded: skipped: its record does not match");
  });

  it("leaves alone what the library does not have, unless that is asked for", async () => {
    originals.set("new.jpg", {
      bucket: "source-bucket",
      key: "new.jpg",
      sizeBytes: 10,
      eTag: "e",
      versionId: "v9",
      uploadTime: "2026-11-24T10:00:00.000Z",
    });
    expect(await outcome({}, "new.jpg")).toBe("Succeeded: skipped: the library does not have it");
    expect(await outcome({ missing: "true" }, "new.jpg")).toBe("Succeeded: sent");
    expect(reprocesses()).toEqual([
      {
        bucket: "source-bucket",
        key: "new.jpg",
        sizeBytes: 10,
        eTag: "e",
        versionId: "v9",
        uploadTime: "2026-11-24T10:00:00.000Z",
        sequencer: "0000000000000000000001A21225D900",
        isQuiet: true,
      },
    ]);
  });

  it("takes up an original that came back after the library had it as deleted", async () => {
    records.set("holiday/beach ü.jpg", aRecord({ State: "DELETED" }));
    originals.set("holiday/beach ü.jpg", {
      bucket: "source-bucket",
      key: "holiday/beach ü.jpg",
      sizeBytes: 10,
      eTag: "e",
      versionId: "v2",
      uploadTime: "2026-11-24T10:00:00.000Z",
    });
    expect(await outcome({ missing: "true" })).toBe("Succeeded: sent");
    expect(reprocesses()).toMatchObject([{ versionId: "v2", sequencer: "0055AED6DCD90281E50001A21225D900" }]);
  });

  it("sends nothing for what is gone, a folder or a watermark", async () => {
    const empty = { sizeBytes: 0, eTag: "e", versionId: "v", uploadTime: "2026-11-24T10:00:00.000Z" };
    originals.set("folder/", { bucket: "source-bucket", key: "folder/", ...empty });
    expect([
      await outcome({ missing: "true" }, "gone.jpg"),
      await outcome({ missing: "true" }, "folder/"),
      await outcome({ missing: "true" }, "brand/logo.png"),
    ]).toEqual([
      "Succeeded: skipped: it is not there any more",
      "Succeeded: skipped: it marks a folder",
      "Succeeded: skipped: it is a watermark",
    ]);
    expect(sent).toEqual([]);
  });

  it("of another bucket fails for good", async () => {
    expect(await outcome({}, "a.jpg", "other-bucket")).toBe(
      "PermanentFailure: The task is about the bucket other-bucket; only source-bucket is reprocessed.",
    );
  });

  it("goes back to S3 when AWS fails, with a line in the log that names the original", async () => {
    failure = new PipelineError("SEND_FAILED", "A message could not be sent.");
    expect(await outcome()).toBe("TemporaryFailure: A message could not be sent.");
    expect(fakes.lines).toMatchObject([
      {
        level: "error",
        message: "The task goes back to S3",
        fields: { imageKey: "holiday/beach ü.jpg", code: "SEND_FAILED" },
      },
    ]);
  });
});
