import { describe, expect, it } from "vitest";
import { processRestore } from "../../../handler/app/process-restore.ts";
import { processUpload } from "../../../handler/app/process-upload.ts";
import type { Upload } from "../../../handler/core/events/s3-event.ts";
import { FakePorts } from "../../support/fakes.ts";
import { aPipeline } from "../../support/pipeline.ts";
import { anUpload } from "../../support/upload-events.ts";

const KEY = "beach.jpg";
const at = (digit: string): string => digit.padEnd(32, "0");
const upload = anUpload({ key: KEY, versionId: "v1", sequencer: at("A") });
const restoreOf = ({ bucket, key, versionId, eTag }: Upload) => ({
  bucket,
  key,
  versionId,
  eTag,
  restoredAt: "2026-11-24T10:00:00.000Z",
});

/** The upload was read while it was archived. */
const archived = async (): Promise<FakePorts> => {
  const fakes = new FakePorts();
  fakes.failAt("read", "SOURCE_ARCHIVED");
  await processUpload(aPipeline(fakes.ports), upload);
  expect(fakes.records.get(KEY)?.asset).toMatchObject({
    state: "FAILED",
    reason: { code: "SOURCE_ARCHIVED" },
  });
  fakes.failures.clear();
  fakes.steps.length = 0;
  fakes.notices.length = 0;
  return fakes;
};

const restore = (fakes: FakePorts, restored = restoreOf(upload)): Promise<void> =>
  processRestore(aPipeline(fakes.ports), restored);

describe("processRestore", () => {
  it("processes the original that could not be read, and sends the notice of it", async () => {
    const fakes = await archived();
    await restore(fakes);
    expect(fakes.steps).toEqual([
      "look for record beach.jpg",
      "receive beach.jpg",
      "read beach.jpg v1",
      "inspect jpeg",
      "transform card",
      "store beach.jpg/card.webp",
      "record beach.jpg PROCESSED",
      "remove beach.jpg",
      "notify New Image Processed",
      "markNotified beach.jpg",
      "look for record beach.jpg",
      "remove beach.jpg",
    ]);
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v1");
  });

  it("knows the original by its ETag where the event names no version", async () => {
    const fakes = await archived();
    await restore(fakes, { ...restoreOf(upload), versionId: undefined });
    expect(fakes.records.get(KEY)?.asset?.state).toBe("PROCESSED");
  });

  it("processes it once, however often S3 tells", async () => {
    const fakes = await archived();
    await restore(fakes);
    fakes.steps.length = 0;
    await restore(fakes);
    expect(fakes.steps).toEqual(["look for record beach.jpg", "remove beach.jpg"]);
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v1");
    expect(fakes.lines.at(-1)).toMatchObject({ message: "Restored, and nothing waits for it" });
    expect(fakes.notices).toHaveLength(1);
  });

  it.each(["receive", "read", "store beach.jpg/card.webp", "record", "notify", "markNotified"])(
    "throws what fails at %s, and does it all the next time",
    async (step) => {
      const fakes = await archived();
      const [name = ""] = step.split(" ");
      fakes.failAt(name, "READ_FAILED");
      await expect(restore(fakes)).rejects.toMatchObject({ code: "READ_FAILED" });
      fakes.failures.clear();
      await restore(fakes);
      expect(fakes.records.get(KEY)).toMatchObject({
        asset: { state: "PROCESSED" },
        notifiedAt: expect.any(Date),
      });
      expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v1");
    },
  );

  it("tries again after an event that had itself counted in between, so that nothing waits for ever", async () => {
    const fakes = await archived();
    fakes.interruptions.set("receive", () => {
      fakes.interruptions.clear();
      const entry = fakes.records.get(KEY);
      if (entry !== undefined)
        fakes.records.set(KEY, { ...entry, upload: { ...upload, sequencer: at("B") } });
    });
    await restore(fakes);
    expect(fakes.records.get(KEY)?.asset?.state).toBe("PROCESSED");
  });

  it("ends when the original can be read no longer", async () => {
    const fakes = await archived();
    fakes.failAt("read", "SOURCE_ARCHIVED");
    await restore(fakes);
    expect(fakes.steps.filter((step) => step.startsWith("receive"))).toHaveLength(1);
    expect(fakes.records.get(KEY)?.asset?.state).toBe("FAILED");
  });

  it.each([
    ["is of another version", restoreOf({ ...upload, versionId: "v0" })],
    ["is of no version that can be told", { ...restoreOf(upload), versionId: undefined, eTag: undefined }],
    ["is not there", restoreOf({ ...upload, key: "other.jpg" })],
  ])("does nothing when the record %s", async (_what, restored) => {
    const fakes = await archived();
    await restore(fakes, restored);
    expect(fakes.steps).toEqual([`look for record ${restored.key}`, `remove ${restored.key}`]);
    expect(fakes.records.get(KEY)?.asset?.state).toBe("FAILED");
  });

  it("leaves alone what failed for another reason, and what is deleted", async () => {
    const fakes = new FakePorts();
    fakes.failAt("inspect", "CORRUPT_IMAGE");
    await processUpload(aPipeline(fakes.ports), upload);
    fakes.failures.clear();
    fakes.steps.length = 0;
    await restore(fakes);
    fakes.records.set(KEY, { upload, attempts: 1, deletedAt: "then" });
    await restore(fakes);
    const steps = ["look for record beach.jpg", "remove beach.jpg"];
    expect(fakes.steps).toEqual([...steps, ...steps]);
  });

  it("clears away what an attempt of it stored that did not end before the original was deleted", async () => {
    const fakes = await archived();
    fakes.failAt("record", "RECORD_FAILED");
    await expect(restore(fakes)).rejects.toMatchObject({ code: "RECORD_FAILED" });
    fakes.failures.clear();
    expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.webp"]);
    fakes.records.set(KEY, { upload: { ...upload, sequencer: at("B") }, attempts: 1, deletedAt: "then" });
    await restore(fakes);
    expect([...fakes.stored.keys()]).toEqual([]);
  });
});
