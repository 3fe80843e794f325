import { expect, test } from "vitest";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { assetView } from "../../page/asset-view.ts";
import { advancedJourney, begunJourney, recordedJourney } from "../../page/journey.ts";
import { Journeys } from "../../page/journeys.ts";
import type { Journey } from "../../page/model.ts";

const UPLOADED = { key: "a.jpg", versionId: "v1" };
const AT = new Date("2026-11-25T10:00:00.100Z");
const LATER = new Date("2026-11-25T10:00:02.000Z");

const record = (changes: Partial<AssetRecord> = {}): AssetRecord => ({
  ImageKey: "a.jpg",
  SourceBucket: "source",
  DestinationBucket: "destination",
  UploadTime: "2026-11-25T10:00:00.000Z",
  State: "RECEIVED",
  Sequencer: "00",
  SizeBytes: 1000,
  VersionId: "v1",
  Attempts: 1,
  ...changes,
});
const PROCESSED = record({ State: "PROCESSED", ProcessedAt: "2026-11-25T10:00:01.500Z", DurationMs: 1000 });
const FAILED = record({
  State: "FAILED",
  ProcessedAt: "2026-11-25T10:00:01.500Z",
  DurationMs: 1000,
  ReasonCode: "CORRUPT_IMAGE",
  Reason: "It is damaged.",
});

const statesOf = ({ stations }: Journey) => Object.values(stations).map(({ state }) => state);
const timesOf = ({ stations }: Journey) => Object.values(stations).map(({ at }) => at?.slice(17, 23));

test("an upload begins in the queue", () => {
  const journey = begunJourney(UPLOADED, AT);
  expect(statesOf(journey)).toEqual(["done", "active", "waiting", "waiting", "waiting", "waiting"]);
  expect(journey.outcome).toBe("under way");
});

test("it is processed once it is received, stored and recorded once it is processed, and mailed at last", () => {
  const received = advancedJourney(begunJourney(UPLOADED, AT), { kind: "received", record: record() }, AT);
  expect(statesOf(received)).toEqual(["done", "done", "active", "waiting", "waiting", "waiting"]);
  const processed = advancedJourney(received, { kind: "processed", record: PROCESSED }, LATER);
  expect(statesOf(processed)).toEqual(["done", "done", "done", "done", "done", "active"]);
  expect(timesOf(processed)).toEqual(["00.000", "00.000", "00.500", "01.500", "02.000", undefined]);
  const mailed = advancedJourney(
    processed,
    { kind: "mailed", record: { ...PROCESSED, NotifiedAt: "2026-11-25T10:00:01.900Z" } },
    LATER,
  );
  expect(statesOf(mailed)).toEqual(["done", "done", "done", "done", "done", "done"]);
  expect(mailed.outcome).toBe("processed");
});

test("nothing is recorded later than its notice was sent, however late it was seen", () => {
  const seenLate = advancedJourney(
    begunJourney(UPLOADED, AT),
    { kind: "processed", record: { ...PROCESSED, NotifiedAt: "2026-11-25T10:00:01.700Z" } },
    LATER,
  );
  expect(timesOf(seenLate).slice(3)).toEqual(["01.500", "01.700", "01.700"]);
});

test("an image that failed is recorded and mailed, and nothing of it is stored", () => {
  const failed = advancedJourney(begunJourney(UPLOADED, AT), { kind: "failed", record: FAILED }, LATER);
  expect(statesOf(failed)).toEqual(["done", "done", "failed", "skipped", "done", "active"]);
  expect([failed.outcome, failed.asset?.reasonCode]).toEqual(["failed", "CORRUPT_IMAGE"]);
});

const givenBack = (delivery: number) =>
  ({
    kind: "given-back",
    line: {
      level: "ERROR",
      message: "Given back",
      timestamp: "2026-11-25T10:00:01.000Z",
      messageId: "m",
      delivery,
      error: {
        name: "PipelineError",
        code: "READ_FAILED",
        message: "It could not be read.",
        cause: { name: "AccessDenied", message: "no" },
      },
    },
    retry: { maxReceiveCount: 2, visibilityTimeoutSeconds: 60 },
  }) as const;

test("a try that failed goes back to the queue, and the last one to the dead letters", () => {
  const first = advancedJourney(begunJourney(UPLOADED, AT), givenBack(1), LATER);
  expect(statesOf(first)).toEqual(["done", "active", "waiting", "waiting", "waiting", "waiting"]);
  expect(first.tries).toEqual([
    {
      number: 1,
      of: 2,
      at: "2026-11-25T10:00:01.000Z",
      reason: "READ_FAILED: It could not be read. (AccessDenied)",
      againInMs: 60_000,
    },
  ]);
  const last = advancedJourney(first, givenBack(2), LATER);
  expect([last.tries.length, last.tries[1]?.againInMs]).toEqual([2, undefined]);
  const dead = advancedJourney(last, { kind: "dead", retry: givenBack(2).retry }, LATER);
  expect(statesOf(dead)).toEqual(["done", "done", "failed", "skipped", "skipped", "skipped"]);
  expect(dead.outcome).toBe("dead");
});

test("a record alone tells the way that nobody has watched", () => {
  const journey = recordedJourney(assetView({ ...PROCESSED, NotifiedAt: "2026-11-25T10:00:01.900Z" }));
  expect(statesOf(journey)).toEqual(["done", "done", "done", "done", "done", "done"]);
  expect(timesOf(journey)).toEqual(["00.000", "00.000", "00.500", "01.500", "01.500", "01.900"]);
  expect(statesOf(recordedJourney(assetView(record())))[2]).toBe("active");
});

test("the newest two hundred journeys are kept, each upload has one, and listeners hear of all", () => {
  const journeys = new Journeys();
  const heard: string[] = [];
  const stop = journeys.listen(({ key }) => heard.push(key));
  for (let number = 0; number < 201; number += 1) {
    journeys.begin({ key: `${number}.jpg`, versionId: "v" });
  }
  journeys.begin({ key: "200.jpg", versionId: "v" });
  stop();
  journeys.begin({ key: "unheard.jpg", versionId: "v" });
  expect(heard).toHaveLength(201);
  expect(journeys.all.map(({ key }) => key).slice(0, 1)).toEqual(["2.jpg"]);
  expect(journeys.all).toHaveLength(200);
});
