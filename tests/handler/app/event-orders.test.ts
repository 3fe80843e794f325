import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "./support/source-bucket.ts";
import { type Scenario, World } from "./support/world.ts";

/**
 * Orders of events against a model: a source bucket that people write to, S3 that tells of it at least once and in
 * any order, a queue, runs of the real use cases over an in-memory library and destination bucket, and crashes
 * between any two calls of a port. Each run has a seed of its own, which a failure tells.
 */

const RUNS = 2_000;

/** What people do to the one key of the model, with pictures that have other renditions than each other. */
const change = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("put opaque", "put transparent", "put broken") },
  { weight: 2, arbitrary: fc.constant("hide" as const) },
  { weight: 2, arbitrary: fc.constant("end the newest" as const) },
  { weight: 1, arbitrary: fc.constant("end the oldest" as const) },
  { weight: 1, arbitrary: fc.constant("reprocess" as const) },
  { weight: 2, arbitrary: fc.constant("put archived" as const) },
  { weight: 3, arbitrary: fc.constant("restore" as const) },
);

const forgery = fc.constantFrom(
  "forge an arrival",
  "forge an arrival of nothing",
  "forge a removal",
  "forge a reprocess",
);

/** People and somebody who forges messages, then a reset of the order, then people alone. */
const attack = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: change }, { weight: 1, arbitrary: forgery }), { maxLength: 6 }),
    forgery,
    fc.array(change, { maxLength: 6 }),
  )
  .map(([before, last, after]) => [...before, last, "reset" as const, ...after]);

const scenarioOf = (changes: fc.Arbitrary<readonly Change[]>): fc.Arbitrary<Scenario> =>
  fc.record({
    onDelete: fc.constantFrom("keep" as const, "remove" as const),
    changes,
    /** What happens next, each time something can: the choices are taken as they come. */
    choices: fc.array(fc.nat({ max: 997 }), { minLength: 20, maxLength: 200 }),
    /** One in so many calls of a port crashes its run, before or after it took effect; 0 for none. */
    crashEvery: fc.constantFrom(0, 3, 5, 9, 17),
    duplicates: fc.boolean(),
  });

const scenario = scenarioOf(fc.array(change, { minLength: 1, maxLength: 8 }));

const endsAsTheNewestVersionHasIt = async (scenario: Scenario): Promise<void> => {
  const world = new World(scenario);
  await world.run();
  expect(world.ending()).toEqual(world.expectedEnding());
  expect(world.problems).toEqual([]);
};

/** Orders that once ended wrong. */
const ENDED_WRONG: readonly Scenario[] = [
  // One delivery of a removal finds the key empty, the other a version that came meanwhile.
  {
    onDelete: "remove",
    changes: ["put opaque", "put opaque", "hide", "put opaque"],
    choices: [
      0, 0, 658, 0, 604, 727, 0, 0, 134, 0, 837, 135, 0, 966, 605, 73, 542, 163, 490, 587, 587, 213, 48, 164,
      636, 480, 0,
    ],
    crashEvery: 17,
    duplicates: true,
  },
  // A removal that is told twice finds another version each time, and one of its runs crashes.
  {
    onDelete: "remove",
    changes: [
      "hide",
      "put opaque",
      "end the newest",
      "put opaque",
      "end the oldest",
      "hide",
      "put transparent",
    ],
    choices: [0, 0, 234, 470, 0, 1, 0, 15, 29, 0, 0, 319, 0, 0, 46, 0, 140, 1, 372, 259, 91, 791],
    crashEvery: 17,
    duplicates: true,
  },
  // The same, and no run crashes: what one of them made was found right by a later event.
  {
    onDelete: "remove",
    changes: [
      "put opaque",
      "put transparent",
      "hide",
      "hide",
      "end the newest",
      "end the newest",
      "put opaque",
    ],
    choices: [0, 0, 47, 36, 739, 65, 0, 3, 10, 965, 224, 4, 214, 274, 656, 699, 98, 740, 991, 0],
    crashEvery: 0,
    duplicates: true,
  },
  // Of two deliveries of one upload, one reads it before it is restored, the other after.
  {
    onDelete: "remove",
    changes: ["hide", "hide", "put archived", "restore", "restore", "restore"],
    choices: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11, 0, 56, 452, 548, 547, 333, 0, 66, 867, 239, 0, 862],
    crashEvery: 0,
    duplicates: true,
  },
  // The order is reset and the run crashes; an earlier version is restored before the reset looks at the bucket.
  {
    onDelete: "keep",
    changes: ["put archived", "forge an arrival", "reset", "restore", "put opaque"],
    choices: [0, 0, 57, 189, 0, 1, 155, 1, 1, 0, 1, 905, 0, 0, 65, 0, 0, 261, 3, 630, 0, 10, 0, 0, 0],
    crashEvery: 9,
    duplicates: false,
  },
];

describe("whatever the order of events", () => {
  it.each(ENDED_WRONG.map((scenario) => [scenario.changes.join(", "), scenario] as const))(
    "%s end as the newest version has it",
    (_changes, scenario) => endsAsTheNewestVersionHasIt(scenario),
  );

  it("the record and the renditions end as the newest version has it, whoever crashes", async () => {
    await fc.assert(fc.asyncProperty(scenario, endsAsTheNewestVersionHasIt), { numRuns: RUNS });
  });

  it("a forged message is as if it had never been, once the order is reset", async () => {
    await fc.assert(fc.asyncProperty(scenarioOf(attack), endsAsTheNewestVersionHasIt), { numRuns: RUNS });
  });

  it("a forged message keeps every later upload out until then", async () => {
    const world = new World({
      onDelete: "remove",
      changes: ["put opaque", "forge an arrival", "put transparent"],
      choices: [],
      crashEvery: 0,
      duplicates: false,
    });
    await world.run();
    expect(world.ending()).toMatchObject({ version: "v1" });
    expect(world.expectedEnding()).toMatchObject({ version: "v2" });
  });

  it("a forged reprocess is refused", async () => {
    const world = new World({
      onDelete: "remove",
      changes: ["put opaque", "forge a reprocess", "put transparent"],
      choices: [],
      crashEvery: 0,
      duplicates: false,
    });
    await world.run();
    expect(world.ending()).toEqual(world.expectedEnding());
  });
});
