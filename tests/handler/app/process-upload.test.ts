import { describe, expect, it } from "vitest";
import type { Pipeline } from "../../../handler/app/pipeline.ts";
import { processUpload } from "../../../handler/app/process-upload.ts";
import { timeLeft } from "../../../handler/app/time-left.ts";
import { PERMANENT_CODES, PipelineError, RETRYABLE_CODES } from "../../../handler/core/errors.ts";
import type { Upload } from "../../../handler/core/events/s3-event.ts";
import { reprocessSequencer } from "../../../handler/core/events/sequencer.ts";
import { renditionSpecs } from "../../../handler/core/spec/rendition-spec.ts";
import type { Ports } from "../../../handler/ports/pipeline.ts";
import { FakeLedger } from "../../support/fake-ledger.ts";
import { FakePorts } from "../../support/fakes.ts";
import { aPipeline } from "../../support/pipeline.ts";
import { anUpload } from "../../support/upload-events.ts";

const KEY = "beach.jpg";
const LATER = "B0000000000000000000000000000000";
const older = anUpload({ key: KEY, versionId: "v1", sequencer: "A0000000000000000000000000000000" });
const later = anUpload({ key: KEY, versionId: "v2", sequencer: LATER });

const pipelineOf = (
  { ports }: { readonly ports: Ports },
  overrides: Partial<Pipeline["settings"]> = {},
): Pipeline =>
  aPipeline(ports, {
    renditions: renditionSpecs.parse([
      { name: "card", width: 400, formats: ["webp"] },
      { name: "large", width: 1600, formats: ["webp"] },
    ]),
    ...overrides,
  });

const process = (fakes: FakePorts, upload = older) => processUpload(pipelineOf(fakes), upload);

const THE_STORY = [
  "receive beach.jpg",
  "read beach.jpg v1",
  "inspect jpeg",
  "transform card,large",
  "store beach.jpg/card.webp",
  "store beach.jpg/large.webp",
  "record beach.jpg PROCESSED",
  "notify New Image Processed",
  "markNotified beach.jpg",
];

const rejection = async (promise: Promise<void>): Promise<unknown> =>
  promise.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );

describe("processUpload", () => {
  it("receives, reads, inspects, transforms, stores, records, notifies and marks, in this order", async () => {
    const fakes = new FakePorts();
    await process(fakes);
    expect(fakes.steps).toEqual(THE_STORY);
  });

  it("shows its stages in the trace", async () => {
    const fakes = new FakePorts();
    await process(fakes);
    expect(fakes.stages).toEqual(["receive", "read", "inspect", "transform", "store", "record", "notify"]);
  });

  it("records what it stored and how long it took", async () => {
    const fakes = new FakePorts();
    await process(fakes);
    expect(fakes.records.get(KEY)).toMatchObject({
      attempts: 1,
      asset: {
        state: "PROCESSED",
        upload: older,
        image: { format: "jpeg", width: 4000, height: 3000 },
        renditions: [
          {
            name: "card",
            key: "beach.jpg/card.webp",
            format: "webp",
            width: 400,
            height: 300,
            sizeBytes: 24,
          },
          {
            name: "large",
            key: "beach.jpg/large.webp",
            format: "webp",
            width: 1600,
            height: 1200,
            sizeBytes: 25,
          },
        ],
        durationMs: 300,
        transformMs: 100,
      },
    });
    expect([...fakes.stored]).toEqual([
      ["beach.jpg/card.webp", "card.webp of original v1"],
      ["beach.jpg/large.webp", "large.webp of original v1"],
    ]);
  });

  it("records the object tags that it is to record, of what is processed and of what fails", async () => {
    const fakes = new FakePorts();
    fakes.tags.set("album", "holiday").set("other", "x");
    const pipeline = pipelineOf(fakes, { recordTags: ["album", "owner"] });
    await processUpload(pipeline, older);
    expect(fakes.steps.slice(0, 3)).toEqual(["receive beach.jpg", "tags beach.jpg v1", "read beach.jpg v1"]);
    expect(fakes.records.get(KEY)?.asset?.tags).toEqual({ album: "holiday", owner: undefined });

    fakes.failAt("read", "CORRUPT_IMAGE");
    await processUpload(pipeline, later);
    expect(fakes.records.get(KEY)?.asset).toMatchObject({ state: "FAILED", tags: { album: "holiday" } });
  });

  it("tries again when tags can't be read, and asks for none where none are recorded", async () => {
    const fakes = new FakePorts();
    await process(fakes);
    expect(fakes.steps.filter((step) => step.startsWith("tags"))).toEqual([]);
    fakes.failAt("tags", "READ_FAILED");
    const pipeline = pipelineOf(fakes, { recordTags: ["album"] });
    expect(await rejection(processUpload(pipeline, later))).toMatchObject({ code: "READ_FAILED" });
  });

  it("looks for the edges of an image only where a spec for its key trims them", async () => {
    const trimmed = { name: "trimmed", prefix: "scans/", width: 400, formats: ["webp"], trim: 10 };
    const plain = { name: "plain", width: 400, formats: ["webp"] };
    const renditions = renditionSpecs.parse([trimmed, plain]);
    const fakes = new FakePorts();
    await processUpload(pipelineOf(fakes, { renditions }), older);
    expect(fakes.trims).toEqual([]);
    await processUpload(pipelineOf(fakes, { renditions }), anUpload({ key: "scans/letter.png" }));
    expect(fakes.trims).toEqual([10]);
  });

  it("makes what the specs for the key's prefix want, and stores the manifest after what it lists", async () => {
    const fakes = new FakePorts();
    const renditions = renditionSpecs.parse([
      { name: "card", width: 400, formats: ["webp"], manifest: true },
      { name: "other", prefix: "avatars/", width: 400, formats: ["webp"], manifest: true },
    ]);
    await processUpload(pipelineOf(fakes, { renditions }), older);
    expect(fakes.steps.slice(3, 7)).toEqual([
      "transform card",
      "store beach.jpg/card.webp",
      "store beach.jpg/manifest.json",
      "record beach.jpg PROCESSED",
    ]);
    expect(JSON.parse(fakes.stored.get("beach.jpg/manifest.json") ?? "")).toMatchObject({
      original: { key: KEY, versionId: "v1" },
      dominantColour: "#336699",
      renditions: [{ name: "card", key: "beach.jpg/card.webp" }],
    });
  });

  it("records an image that no spec is for, with no renditions", async () => {
    const fakes = new FakePorts();
    const renditions = renditionSpecs.parse([
      { name: "card", prefix: "avatars/", width: 400, formats: ["webp"], manifest: true },
    ]);
    await processUpload(pipelineOf(fakes, { renditions }), older);
    expect(fakes.stored.size).toBe(0);
    expect(fakes.records.get(KEY)?.asset).toMatchObject({ state: "PROCESSED", renditions: [] });
  });

  it("stores each rendition as soon as it is made, and records them in the order of the specs", async () => {
    const fakes = new FakePorts();
    const { imaging } = fakes.ports;
    const storedWhileTransforming: string[] = [];
    const backwards: Ports = {
      ...fakes.ports,
      imaging: {
        ...imaging,
        transform: async (bytes, plans, deliver) => {
          const appearance = await imaging.transform(bytes, plans.toReversed(), deliver);
          await new Promise((resolve) => setImmediate(resolve));
          storedWhileTransforming.push(...fakes.stored.keys());
          return appearance;
        },
      },
    };
    await processUpload({ ...pipelineOf(fakes), ports: backwards }, older);
    expect(storedWhileTransforming).toEqual(["beach.jpg/large.webp", "beach.jpg/card.webp"]);
    expect(fakes.records.get(KEY)?.asset).toMatchObject({
      renditions: [{ name: "card" }, { name: "large" }],
    });
  });

  it("waits for what is being stored when a transform fails midway", async () => {
    const fakes = new FakePorts();
    const failure = new PipelineError("TRANSFORM_FAILED", "The second rendition failed.");
    const { imaging, renditions } = fakes.ports;
    const failing: Ports = {
      ...fakes.ports,
      imaging: {
        ...imaging,
        transform: async (bytes, plans, deliver) => {
          await imaging.transform(bytes, plans.slice(0, 1), deliver);
          throw failure;
        },
      },
      renditions: {
        ...renditions,
        write: async (file, ...rest) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          await renditions.write(file, ...rest);
        },
      },
    };
    expect(await rejection(processUpload({ ...pipelineOf(fakes), ports: failing }, older))).toBe(failure);
    expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.webp"]);
  });

  it("measures the image and logs it with the upload's fields", async () => {
    const fakes = new FakePorts();
    await process(fakes);
    expect(fakes.processed).toEqual([{ bytesIn: 4_000, bytesOut: 49, transformMs: 100 }]);
    expect(fakes.lines).toEqual([
      {
        level: "info",
        message: "Image processed",
        fields: {
          imageKey: KEY,
          sourceBucket: "source-bucket",
          versionId: "v1",
          sequencer: older.sequencer,
          renditions: 2,
          bytesIn: 4_000,
          bytesOut: 49,
          transformMs: 100,
          durationMs: 300,
        },
      },
    ]);
  });

  describe("with a watermark", () => {
    const MARKED = renditionSpecs.parse([
      { name: "card", width: 400, formats: ["webp"], watermark: { image: "brand/logo.png", minSide: 400 } },
      { name: "large", width: 1600, formats: ["webp"], watermark: { image: "brand/logo.png" } },
    ]);
    const processMarked = (fakes: FakePorts, upload = older) =>
      processUpload(pipelineOf(fakes, { renditions: MARKED }), upload);

    it("reads it once for all renditions, from the original's bucket", async () => {
      const fakes = new FakePorts();
      await processMarked(fakes);
      expect(fakes.steps).toEqual(THE_STORY.toSpliced(3, 0, "read watermark source-bucket/brand/logo.png"));
      expect(fakes.watermarks).toEqual(["brand/logo.png"]);
    });

    it("reads none for an image too small to be marked", async () => {
      const fakes = new FakePorts();
      fakes.image = { ...fakes.image, width: 300, height: 200 };
      await processUpload(pipelineOf(fakes, { renditions: MARKED.slice(0, 1) }), older);
      expect(fakes.steps).not.toContain("read watermark source-bucket/brand/logo.png");
    });

    it("stores nothing unmarked when it can't be read, and leaves the message for another try", async () => {
      const fakes = new FakePorts();
      fakes.failAt("read watermark", "WATERMARK_UNUSABLE");
      expect(await rejection(processMarked(fakes))).toMatchObject({
        code: "WATERMARK_UNUSABLE",
        retryable: true,
      });
      expect([...fakes.stored.keys()]).toEqual([]);
      expect(fakes.notices).toEqual([]);
    });

    it("takes the watermark itself for no original", async () => {
      const fakes = new FakePorts();
      await processMarked(fakes, anUpload({ key: "brand/logo.png" }));
      expect(fakes.steps).toEqual([]);
      expect(fakes.lines.map(({ message }) => message)).toEqual(["A watermark, no original"]);
    });
  });

  it("only tells of a failure that an attempt before has recorded, and does not try again", async () => {
    const fakes = new FakePorts();
    fakes.failAt("inspect", "CORRUPT_IMAGE");
    fakes.failAt("notify", "NOTIFY_FAILED");
    expect(await rejection(process(fakes))).toMatchObject({ code: "NOTIFY_FAILED" });
    fakes.failures.clear();
    fakes.steps.length = 0;
    await process(fakes);
    expect(fakes.steps).toEqual([
      "receive beach.jpg",
      "remove beach.jpg",
      "notify Image Not Processed",
      "markNotified beach.jpg",
    ]);
    expect(fakes.failed).toEqual(["CORRUPT_IMAGE"]);
  });

  it("takes away what it made when another attempt has failed meanwhile, and leaves it to that to tell", async () => {
    const fakes = new FakePorts();
    fakes.failAt("inspect", "TOO_MUCH_TIME");
    fakes.failAt("notify", "NOTIFY_FAILED");
    await rejection(process(fakes));
    const entry = fakes.records.get(KEY);
    fakes.records.clear();
    fakes.failures.clear();
    fakes.interruptions.set("record", () => {
      fakes.interruptions.clear();
      if (entry !== undefined) fakes.records.set(KEY, entry);
    });
    expect(await rejection(process(fakes))).toMatchObject({ code: "RECORD_FAILED", retryable: true });
    expect([...fakes.stored.keys()]).toEqual([]);
    await process(fakes);
    expect(fakes.notices.map(({ subject }) => subject)).toEqual(["Image Not Processed"]);
    expect(fakes.records.get(KEY)?.asset?.state).toBe("FAILED");
  });

  it("lets stand what another attempt has made when it fails itself", async () => {
    const fakes = new FakePorts();
    await process(fakes);
    const entry = fakes.records.get(KEY);
    fakes.records.clear();
    fakes.failAt("inspect", "TOO_MUCH_TIME");
    fakes.interruptions.set("record", () => {
      fakes.interruptions.clear();
      if (entry !== undefined) fakes.records.set(KEY, entry);
    });
    await process(fakes);
    expect(fakes.records.get(KEY)?.asset?.state).toBe("PROCESSED");
    expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.webp", "beach.jpg/large.webp"]);
    expect(fakes.notices.map(({ subject }) => subject)).toEqual(["New Image Processed"]);
  });

  it("does nothing for an upload that is done", async () => {
    const fakes = new FakePorts();
    await process(fakes);
    await process(fakes);
    expect(fakes.steps).toEqual([...THE_STORY, "receive beach.jpg"]);
    expect(fakes.lines.at(-1)).toMatchObject({ level: "info", message: "Already processed" });
  });

  it("does nothing for an upload that a later one has overtaken, and says which", async () => {
    const fakes = new FakePorts();
    await process(fakes, later);
    const before = fakes.steps.length;
    await process(fakes, older);
    expect(fakes.steps.slice(before)).toEqual(["receive beach.jpg", "remove beach.jpg"]);
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v2");
    expect(fakes.lines.at(-1)).toMatchObject({
      level: "info",
      message: "Superseded before it was processed",
      fields: { versionId: "v1", bySequencer: later.sequencer },
    });
  });

  it("processes a later upload of the same key", async () => {
    const fakes = new FakePorts();
    await process(fakes, older);
    await process(fakes, later);
    expect(fakes.notices).toHaveLength(2);
    expect(fakes.stored.get("beach.jpg/card.webp")).toBe("card.webp of original v2");
  });

  describe("when no further try could help", () => {
    it.each(PERMANENT_CODES)("records %s, notifies, and lets the message go", async (code) => {
      const fakes = new FakePorts();
      fakes.failAt("read", code);
      await process(fakes);
      expect(fakes.steps).toEqual([
        "receive beach.jpg",
        "record beach.jpg FAILED",
        "notify Image Not Processed",
        "markNotified beach.jpg",
      ]);
      expect(fakes.records.get(KEY)?.asset).toMatchObject({ state: "FAILED", reason: { code } });
      expect(fakes.failed).toEqual([code]);
      expect(fakes.lines).toMatchObject([
        { level: "warn", message: "Image not processed", fields: { imageKey: KEY, reasonCode: code } },
      ]);
      expect([fakes.processed, [...fakes.stored]]).toEqual([[], []]);
    });

    it.each(["inspect", "transform"])("stores nothing of an image that fails at %s", async (step) => {
      const fakes = new FakePorts();
      fakes.failAt(step, "CORRUPT_IMAGE");
      await process(fakes);
      expect([...fakes.stored]).toEqual([]);
      expect(fakes.failed).toEqual(["CORRUPT_IMAGE"]);
    });

    it.each([
      [0, "EMPTY_OBJECT"],
      [10_001, "TOO_MANY_BYTES"],
    ])("does not even read a file of %i bytes", async (sizeBytes, code) => {
      const fakes = new FakePorts();
      await process(fakes, { ...older, sizeBytes });
      expect(fakes.steps.some((step) => step.startsWith("read"))).toBe(false);
      expect(fakes.failed).toEqual([code]);
    });

    it("does not decode an image with too many pixels, and records its size", async () => {
      const fakes = new FakePorts();
      fakes.image = { ...fakes.image, width: 60_000, height: 1_000 };
      await process(fakes);
      expect(fakes.steps.some((step) => step.startsWith("transform"))).toBe(false);
      expect(fakes.records.get(KEY)?.asset).toMatchObject({
        reason: { code: "TOO_MANY_PIXELS" },
        image: { width: 60_000, height: 1_000 },
      });
    });

    it("stores nothing under a key that grows too long", async () => {
      const fakes = new FakePorts();
      await process(fakes, anUpload({ key: "x".repeat(1_020) }));
      expect([...fakes.stored]).toEqual([]);
      expect(fakes.failed).toEqual(["KEY_TOO_LONG"]);
    });
  });

  describe("when a further try may help", () => {
    const STEPS = ["receive", "read", "inspect", "transform", "store", "record", "notify", "markNotified"];

    it.each(STEPS)("throws what fails at %s, and does it all at the next delivery", async (step) => {
      const fakes = new FakePorts();
      fakes.failAt(step, "STORE_FAILED");
      expect(await rejection(process(fakes))).toBe(fakes.failures.get(step));
      expect(fakes.records.get(KEY)?.notifiedAt).toBeUndefined();

      fakes.failures.clear();
      fakes.steps.length = 0;
      await process(fakes, older);
      expect(fakes.steps.filter((done) => done !== "remove beach.jpg")).toEqual(THE_STORY);
      expect(fakes.records.get(KEY)?.notifiedAt).toBeInstanceOf(Date);
    });

    it.each(RETRYABLE_CODES)("throws %s and neither records nor notifies it", async (code) => {
      const fakes = new FakePorts();
      fakes.failAt("read", code);
      expect(await rejection(process(fakes))).toMatchObject({ code });
      expect([fakes.notices, fakes.failed, fakes.records.get(KEY)?.asset]).toEqual([[], [], undefined]);
    });

    it("throws what is no error of the pipeline: a bug is no reason to give an image up", async () => {
      const fakes = new FakePorts();
      const bug = new TypeError("bug");
      fakes.interruptions.set("inspect", () => {
        throw bug;
      });
      expect(await rejection(process(fakes))).toBe(bug);
      expect(fakes.records.get(KEY)?.asset).toBeUndefined();
    });

    it("waits for every write before it gives the message back", async () => {
      const fakes = new FakePorts();
      const write = fakes.ports.renditions.write;
      const failure = new PipelineError("STORE_FAILED", "The second write failed.");
      const pipeline = pipelineOf(fakes);
      const slow: Pipeline = {
        ...pipeline,
        ports: {
          ...fakes.ports,
          renditions: {
            ...fakes.ports.renditions,
            write: async (file, ...rest) => {
              if (file.name === "large") throw failure;
              await new Promise((resolve) => setTimeout(resolve, 20));
              await write(file, ...rest);
            },
          },
        },
      };
      expect(await rejection(processUpload(slow, older))).toBe(failure);
      expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.webp"]);
    });
  });

  describe("when a later upload arrives while an older one is in work", () => {
    it("leaves the later one's renditions alone, and takes its own back", async () => {
      const fakes = new FakePorts();
      // The later one is a picture that is processed while the older one's renditions are on their way.
      fakes.interruptions.set("store", () => {
        fakes.interruptions.clear();
        fakes.takeOver(later);
        fakes.stored.set("beach.jpg/card.webp", "card.webp of original v2");
        fakes.storedBy.set("beach.jpg/card.webp", LATER);
      });
      await process(fakes, older);
      expect([...fakes.stored]).toEqual([["beach.jpg/card.webp", "card.webp of original v2"]]);
      expect(fakes.records.get(KEY)).toEqual({ upload: later, attempts: 1 });
      expect([fakes.notices, fakes.processed]).toEqual([[], []]);
      expect(fakes.lines.at(-1)).toMatchObject({ message: "Superseded while it was processed" });
    });

    it("removes what none of the later one's renditions took the place of", async () => {
      const fakes = new FakePorts();
      const renditions = renditionSpecs.parse([{ name: "card", width: 400, formats: ["auto"] }]);
      fakes.image = { ...fakes.image, hasAlpha: true };
      await processUpload(pipelineOf(fakes, { renditions }), older);
      expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.png"]);
      fakes.image = { ...fakes.image, hasAlpha: false };
      await processUpload(pipelineOf(fakes, { renditions }), later);
      expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.jpg"]);
    });

    it("keeps everything where the configuration says so", async () => {
      const fakes = new FakePorts();
      const renditions = renditionSpecs.parse([{ name: "card", width: 400, formats: ["auto"] }]);
      fakes.image = { ...fakes.image, hasAlpha: true };
      await processUpload(pipelineOf(fakes, { renditions, onDelete: "keep" }), older);
      fakes.image = { ...fakes.image, hasAlpha: false };
      await processUpload(pipelineOf(fakes, { renditions, onDelete: "keep" }), later);
      expect([...fakes.stored.keys()]).toEqual(["beach.jpg/card.png", "beach.jpg/card.jpg"]);
    });

    it("removes an older one's renditions when the later one cannot be processed", async () => {
      const fakes = new FakePorts();
      await process(fakes, older);
      fakes.failAt("inspect", "CORRUPT_IMAGE");
      await process(fakes, later);
      expect([...fakes.stored]).toEqual([]);
    });

    it("does not process a version that is done for another event of it", async () => {
      const fakes = new FakePorts();
      await process(fakes, older);
      await process(fakes, { ...older, sequencer: LATER });
      expect(fakes.processed).toHaveLength(1);
      expect(fakes.records.get(KEY)?.upload.sequencer).toBe(LATER);
    });

    it("processes a version again when it is told to", async () => {
      const fakes = new FakePorts();
      await process(fakes, older);
      const sequencer = reprocessSequencer(older.sequencer, new Date(1));
      await processUpload(pipelineOf(fakes), { ...older, sequencer }, true);
      expect(fakes.processed).toHaveLength(2);
    });

    it.each([
      ["a place beyond the record's", "F".repeat(32)],
      ["a place since a reset that never was", `R00000000001A${"0".repeat(32)}`],
    ])(
      "refuses one that comes again with %s, whose key would be out of S3's reach",
      async (_which, sequencer) => {
        const fakes = new FakePorts();
        await process(fakes, older);
        await expect(processUpload(pipelineOf(fakes), { ...older, sequencer }, true)).rejects.toMatchObject({
          code: "MALFORMED_MESSAGE",
          retryable: true,
        });
        expect(fakes.records.get(KEY)?.upload.sequencer).toBe(older.sequencer);
        await expect(
          processUpload(pipelineOf(fakes), { ...older, key: "unknown.jpg", sequencer }, true),
        ).rejects.toMatchObject({ code: "MALFORMED_MESSAGE" });
        expect(fakes.records.has("unknown.jpg")).toBe(false);
      },
    );

    it("tells nobody of an upload that is quiet, and is done with it all the same", async () => {
      const fakes = new FakePorts();
      await process(fakes, { ...older, isQuiet: true });
      expect(fakes.notices).toEqual([]);
      expect(fakes.steps).toEqual(THE_STORY.filter((step) => !step.startsWith("notify ")));
    });
  });

  it.each([
    ["every", undefined, ["New Image Processed"]],
    ["every", "CORRUPT_IMAGE", ["Image Not Processed"]],
    ["failures", undefined, []],
    ["failures", "CORRUPT_IMAGE", ["Image Not Processed"]],
  ] as const)(
    "tells of %s where an upload ends with %s, and is done either way",
    async (notices, code, subjects) => {
      const fakes = new FakePorts();
      if (code !== undefined) fakes.failAt("inspect", code);
      await processUpload(pipelineOf(fakes, { notices }), older);
      expect(fakes.notices.map(({ subject }) => subject)).toEqual(subjects);
      expect(fakes.records.get(KEY)?.notifiedAt).toBeInstanceOf(Date);
    },
  );

  describe("when digests tell of uploads", () => {
    const digested = () => {
      const [fakes, ledger] = [new FakePorts(), new FakeLedger()];
      const settings = { notices: "digest" } as const;
      return {
        fakes,
        ledger,
        pipeline: { ...pipelineOf(fakes, settings), ports: { ...fakes.ports, ledger } },
      };
    };

    it("enters what became of it, in place of its notice", async () => {
      const { fakes, ledger, pipeline } = digested();
      await processUpload(pipeline, older);
      expect([...ledger.entries.values()]).toMatchObject([
        { key: KEY, state: "PROCESSED", bytesIn: older.sizeBytes, bytesOut: 49 },
      ]);
      expect(fakes.stages).toEqual(["receive", "read", "inspect", "transform", "store", "record", "enter"]);
      expect(fakes.steps).toEqual(THE_STORY.filter((step) => !step.startsWith("notify ")));
    });

    it("enters a failure with its reason", async () => {
      const { fakes, ledger, pipeline } = digested();
      fakes.failAt("inspect", "CORRUPT_IMAGE");
      await processUpload(pipeline, older);
      expect([...ledger.entries.values()]).toMatchObject([{ state: "FAILED", reasonCode: "CORRUPT_IMAGE" }]);
    });

    it("enters it once, however often it is tried", async () => {
      const { fakes, ledger, pipeline } = digested();
      fakes.failAt("markNotified", "RECORD_FAILED");
      await rejection(processUpload(pipeline, older));
      const entered = [...ledger.entries.values()];
      fakes.failures.clear();
      await processUpload(pipeline, older);
      expect([...ledger.entries.values()]).toEqual(entered);
      expect(fakes.records.get(KEY)?.notifiedAt).toBeInstanceOf(Date);
    });

    it("enters each upload of a key that is overwritten", async () => {
      const { ledger, pipeline } = digested();
      await processUpload(pipeline, older);
      await processUpload(pipeline, later);
      expect(ledger.entries.size).toBe(2);
    });

    it("enters none that is quiet", async () => {
      const { ledger, pipeline } = digested();
      await processUpload(pipeline, { ...older, isQuiet: true });
      expect(ledger.entries.size).toBe(0);
    });
  });

  it("begins no step when the answer is due", async () => {
    const fakes = new FakePorts();
    let remaining = 60_000;
    fakes.interruptions.set("inspect", () => {
      remaining = 1_000;
    });
    const pipeline = { ...pipelineOf(fakes), time: timeLeft(() => remaining) };
    expect(await rejection(processUpload(pipeline, older))).toMatchObject({
      code: "OUT_OF_TIME",
      retryable: true,
    });
    expect(fakes.steps).toEqual(["receive beach.jpg", "read beach.jpg v1", "inspect jpeg"]);
  });

  describe("a try that fails on what another might not", () => {
    const failing = async (
      fakes: FakePorts,
      {
        isLastTry = false,
        upload = older,
        ledger,
      }: { isLastTry?: boolean; upload?: Upload; ledger?: FakeLedger } = {},
    ): Promise<unknown> =>
      rejection(processUpload({ ...pipelineOf({ ports: { ...fakes.ports, ledger } }), isLastTry }, upload));

    it.each(["READ_FAILED", "TRANSFORM_FAILED", "STORE_FAILED", "WATERMARK_UNUSABLE"] as const)(
      "is told by the record: %s, until there is an outcome",
      async (code) => {
        const fakes = new FakePorts();
        fakes.failAt("read", code);
        expect(await failing(fakes)).toMatchObject({ code, message: `read failed with ${code}.` });
        expect(fakes.records.get(KEY)).toMatchObject({
          attempts: 1,
          failedTry: { code, sentence: `read failed with ${code}.` },
        });
        fakes.failures.clear();
        await process(fakes);
        expect(fakes.records.get(KEY)).toMatchObject({ attempts: 2, asset: { state: "PROCESSED" } });
        expect(fakes.records.get(KEY)).not.toHaveProperty("failedTry");
        expect(fakes.notices.map(({ subject }) => subject)).toEqual(["New Image Processed"]);
      },
    );

    it("is told by no record that is out of reach", async () => {
      const fakes = new FakePorts();
      fakes.failAt("record", "RECORD_FAILED");
      await failing(fakes);
      expect(fakes.steps.filter((step) => step.startsWith("note"))).toEqual([]);
    });

    it("is what it was where the record can't tell it", async () => {
      const fakes = new FakePorts();
      fakes.failAt("read", "READ_FAILED");
      fakes.failAt("note", "RECORD_FAILED");
      expect(await failing(fakes, { isLastTry: true })).toMatchObject({ code: "READ_FAILED" });
      expect(fakes.notices).toEqual([]);
      expect(fakes.lines.at(-1)).toMatchObject({
        level: "warn",
        message: "What the try failed on is not recorded",
        fields: { reason: "note failed with RECORD_FAILED." },
      });
    });

    it("is told by nothing once the outcome is recorded: what is left is the notice", async () => {
      const fakes = new FakePorts();
      fakes.failAt("notify", "NOTIFY_FAILED");
      await failing(fakes, { isLastTry: true });
      expect(fakes.records.get(KEY)).toMatchObject({ asset: { state: "PROCESSED" } });
      expect(fakes.records.get(KEY)).not.toHaveProperty("failedTry");
    });

    it("is mailed if it was the last one, once, whatever becomes of the upload then", async () => {
      const fakes = new FakePorts();
      fakes.failAt("read", "READ_FAILED");
      await failing(fakes);
      expect(fakes.notices).toEqual([]);
      await failing(fakes, { isLastTry: true });
      expect(fakes.notices).toMatchObject([
        {
          subject: "Image Not Processed",
          body: expect.stringContaining("beach.jpg was not processed: given up after 5 tries."),
          attributes: { state: { value: "GIVEN_UP" }, reasonCode: { value: "READ_FAILED" } },
        },
      ]);
      expect(fakes.records.get(KEY)?.givenUpAt).toBeInstanceOf(Date);
      // Redriven before the cause was mended, and after.
      await failing(fakes, { isLastTry: true });
      fakes.failures.clear();
      await process(fakes);
      expect(fakes.notices.map(({ subject }) => subject)).toEqual([
        "Image Not Processed",
        "New Image Processed",
      ]);
      expect(fakes.records.get(KEY)).not.toHaveProperty("givenUpAt");
    });

    it("is mailed again where it is not known that it was", async () => {
      const fakes = new FakePorts();
      fakes.failAt("read", "READ_FAILED");
      fakes.failAt("markGivenUp", "RECORD_FAILED");
      await failing(fakes, { isLastTry: true });
      await failing(fakes, { isLastTry: true });
      expect(fakes.notices).toHaveLength(2);
    });

    it("is not mailed of what is quiet, nor with digests, where each upload is once", async () => {
      const fakes = new FakePorts();
      const ledger = new FakeLedger();
      fakes.failAt("read", "READ_FAILED");
      await failing(fakes, { isLastTry: true, upload: { ...older, isQuiet: true } });
      await failing(fakes, { isLastTry: true, upload: { ...older, key: "other.jpg" }, ledger });
      expect(fakes.notices).toEqual([]);
      expect(fakes.records.get("other.jpg")).toMatchObject({ failedTry: { code: "READ_FAILED" } });
    });
  });
});
