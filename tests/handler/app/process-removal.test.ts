import { describe, expect, it } from "vitest";
import type { Pipeline } from "../../../handler/app/pipeline.ts";
import { processRemoval } from "../../../handler/app/process-removal.ts";
import { processUpload } from "../../../handler/app/process-upload.ts";
import type { Upload } from "../../../handler/core/events/s3-event.ts";
import { renditionSpecs } from "../../../handler/core/spec/rendition-spec.ts";
import { FakeLedger } from "../../support/fake-ledger.ts";
import { FakePorts } from "../../support/fakes.ts";
import { aPipeline } from "../../support/pipeline.ts";
import { anUpload } from "../../support/upload-events.ts";

const KEY = "beach.jpg";
const at = (digit: string): string => digit.padEnd(32, "0");
const first = anUpload({ key: KEY, versionId: "v1", sequencer: at("A") });
const second = anUpload({ key: KEY, versionId: "v2", sequencer: at("B") });
const removal = (sequencer: string) => ({
  bucket: first.bucket,
  key: KEY,
  sequencer,
  removedAt: "2026-11-24T10:00:00.000Z",
});

const pipelineOf = ({ ports }: FakePorts, onDelete: "keep" | "remove" = "remove"): Pipeline =>
  aPipeline(ports, {
    sourceBucket: first.bucket,
    renditions: renditionSpecs.parse([{ name: "card", width: 400, formats: ["webp"], manifest: true }]),
    onDelete,
  });

/** The source bucket holds this version, and no later one. */
const putCurrent = (fakes: FakePorts, { sequencer: _, ...current }: Upload): void => {
  fakes.source.set(KEY, current);
};

const processed = async (...uploads: readonly Upload[]): Promise<FakePorts> => {
  const fakes = new FakePorts();
  for (const upload of uploads) await processUpload(pipelineOf(fakes), upload);
  fakes.steps.length = 0;
  fakes.lines.length = 0;
  return fakes;
};

describe("processRemoval", () => {
  it("looks, marks the record, and removes renditions and manifest, in this order", async () => {
    const fakes = await processed(first);
    expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.webp", "beach.jpg/manifest.json"]);
    await processRemoval(pipelineOf(fakes), removal(at("C")));
    expect(fakes.steps).toEqual(["look beach.jpg", "remove record beach.jpg", "remove beach.jpg"]);
    expect([...fakes.stored]).toEqual([]);
    expect(fakes.records.get(KEY)).toMatchObject({
      upload: { sequencer: at("C") },
      deletedAt: "2026-11-24T10:00:00.000Z",
    });
    expect(fakes.deleted).toBe(1);
    expect(fakes.lines).toMatchObject([{ message: "Image deleted", fields: { renditionsRemoved: 2 } }]);
  });

  it("leaves the renditions where the configuration keeps them", async () => {
    const fakes = await processed(first);
    await processRemoval(pipelineOf(fakes, "keep"), removal(at("C")));
    expect([fakes.stored.size, fakes.records.get(KEY)?.deletedAt]).toEqual([2, "2026-11-24T10:00:00.000Z"]);
  });

  it("sends no notice", async () => {
    const fakes = await processed(first);
    await processRemoval(pipelineOf(fakes), removal(at("C")));
    expect(fakes.notices).toHaveLength(1);
  });

  it("is entered for a digest once, however often it is told", async () => {
    const fakes = await processed(first);
    const ledger = new FakeLedger();
    const pipeline = { ...pipelineOf(fakes), ports: { ...fakes.ports, ledger } };
    await processRemoval(pipeline, removal(at("C")));
    await processRemoval(pipeline, removal(at("C")));
    expect([...ledger.entries.values()]).toEqual([{ key: KEY, at: expect.any(String), state: "DELETED" }]);
  });

  it.each(["look", "remove record", "remove"])(
    "throws what fails at %s, and does it all again",
    async (step) => {
      const fakes = await processed(first);
      fakes.failAt(step, "REMOVE_FAILED");
      await expect(processRemoval(pipelineOf(fakes), removal(at("C")))).rejects.toMatchObject({
        code: "REMOVE_FAILED",
      });
      fakes.failures.clear();
      await processRemoval(pipelineOf(fakes), removal(at("C")));
      expect([fakes.stored.size, fakes.records.get(KEY)?.deletedAt]).toEqual([0, "2026-11-24T10:00:00.000Z"]);
    },
  );

  it("keeps an upload that comes late from bringing the image back", async () => {
    const fakes = new FakePorts();
    await processRemoval(pipelineOf(fakes), removal(at("C")));
    await processUpload(pipelineOf(fakes), first);
    expect([fakes.stored.size, fakes.notices.length]).toEqual([0, 0]);
  });

  it("takes away again what an upload stores that was in work when its original went", async () => {
    const fakes = new FakePorts();
    fakes.interruptions.set("record", () => {
      fakes.interruptions.clear();
      fakes.records.set(KEY, { upload: { ...first, sequencer: at("C") }, attempts: 1, deletedAt: "then" });
    });
    await processUpload(pipelineOf(fakes), first);
    expect(fakes.stored.size).toBe(0);
  });

  it("leaves a later upload alone", async () => {
    const fakes = await processed(second);
    await processRemoval(pipelineOf(fakes), removal(at("A")));
    expect([fakes.stored.size, fakes.records.get(KEY)?.deletedAt]).toEqual([2, undefined]);
    expect(fakes.lines).toMatchObject([{ message: "Superseded before it was removed" }]);
  });

  it("does nothing when a version was removed that was not the current one", async () => {
    const fakes = await processed(first, second);
    putCurrent(fakes, second);
    await processRemoval(pipelineOf(fakes), removal(at("C")));
    expect(fakes.steps).toEqual(["look beach.jpg", "confirm beach.jpg"]);
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v2");
    expect(fakes.lines).toMatchObject([{ message: "Another version was removed" }]);
  });

  it("processes the version that is current again when the one after it is removed for good", async () => {
    const fakes = await processed(first, second);
    putCurrent(fakes, first);
    await processRemoval(pipelineOf(fakes), removal(at("C")));
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v1");
    expect(fakes.records.get(KEY)).toMatchObject({ upload: { versionId: "v1", sequencer: at("C") } });
  });

  it("processes the version that is current again when its delete marker is removed", async () => {
    const fakes = await processed(first);
    await processRemoval(pipelineOf(fakes), removal(at("C")));
    putCurrent(fakes, first);
    await processRemoval(pipelineOf(fakes), removal(at("D")));
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v1");
    expect(fakes.records.get(KEY)).toMatchObject({ asset: { state: "PROCESSED" } });
    expect(fakes.records.get(KEY)?.deletedAt).toBeUndefined();
  });

  it("clears away what an attempt made of a version that came and was replaced meanwhile", async () => {
    const third = anUpload({ key: KEY, versionId: "v3", sequencer: at("C") });
    const fakes = await processed(third);
    // An attempt of the removal found v2, stored this after v3 was done, and crashed.
    fakes.stored.set("beach.jpg/card.png", "card.png of original v2");
    fakes.storedBy.set("beach.jpg/card.png", at("A"));
    putCurrent(fakes, third);
    await processRemoval(pipelineOf(fakes), removal(at("A")));
    expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.webp", "beach.jpg/manifest.json"]);
  });

  it("clears away what an attempt made of a version that came and was deleted meanwhile", async () => {
    const fakes = await processed(first);
    await processRemoval(pipelineOf(fakes), removal(at("C")));
    fakes.stored.set("beach.jpg/card.png", "card.png of original v2");
    fakes.storedBy.set("beach.jpg/card.png", at("B"));
    await processRemoval(pipelineOf(fakes), removal(at("B")));
    expect([...fakes.stored.keys()]).toEqual([]);
  });

  it("leaves what it made itself when a later event has found it right, whatever came since", async () => {
    const fakes = new FakePorts();
    putCurrent(fakes, second);
    await processRemoval(pipelineOf(fakes), removal(at("A")));
    await processUpload(pipelineOf(fakes), second);
    expect(fakes.records.get(KEY)).toMatchObject({ upload: { versionId: "v2", sequencer: at("B") } });
    putCurrent(fakes, anUpload({ key: KEY, versionId: "v3", sequencer: at("C") }));
    await processRemoval(pipelineOf(fakes), removal(at("A")));
    expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.webp", "beach.jpg/manifest.json"]);
    expect(fakes.records.get(KEY)).toMatchObject({ upload: { versionId: "v2", sequencer: at("B") } });
  });

  it("leaves it to the later event when its two deliveries find different versions", async () => {
    const fakes = new FakePorts();
    putCurrent(fakes, first);
    fakes.failAt("record", "RECORD_FAILED");
    await expect(processRemoval(pipelineOf(fakes), removal(at("A")))).rejects.toMatchObject({
      code: "RECORD_FAILED",
    });
    fakes.failures.clear();
    fakes.steps.length = 0;
    putCurrent(fakes, second);
    await processRemoval(pipelineOf(fakes), removal(at("A")));
    expect(fakes.steps).toEqual(["look beach.jpg", "confirm beach.jpg", "receive beach.jpg"]);
    expect(fakes.records.get(KEY)).toMatchObject({ upload: { versionId: "v1", sequencer: at("A") } });
    fakes.source.clear();
    await processRemoval(pipelineOf(fakes), removal(at("A")));
    expect(fakes.records.get(KEY)?.deletedAt).toBeUndefined();
    await processUpload(pipelineOf(fakes), second);
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v2");
  });

  it("leaves it to the later event when one delivery finds nothing and the other a version", async () => {
    const fakes = new FakePorts();
    await processRemoval(pipelineOf(fakes), removal(at("A")));
    putCurrent(fakes, second);
    await processRemoval(pipelineOf(fakes), removal(at("A")));
    expect([fakes.stored.size, fakes.records.get(KEY)?.deletedAt]).toEqual([0, "2026-11-24T10:00:00.000Z"]);
    await processUpload(pipelineOf(fakes), second);
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v2");
  });

  it("does not take a version that was removed meanwhile for one that comes late", async () => {
    const fakes = await processed(first);
    // v2 came and went; its removal is told first, while v1 is current again.
    putCurrent(fakes, first);
    await processRemoval(pipelineOf(fakes), removal(at("C")));
    fakes.steps.length = 0;
    await processUpload(pipelineOf(fakes), second);
    expect(fakes.steps).toEqual(["receive beach.jpg", "remove beach.jpg"]);
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v1");
  });
});
