import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { World } from "./support/world.ts";

/**
 * Orders of events against a model: a source bucket that people write to, S3 that tells of it at least once and in
 * any order, a queue, runs of the real use cases over an in-memory library and destination bucket, and crashes
 * between any two calls of a port.
 */

const RUNS = 2_000;

/** What people do to the one key of the model, with pictures that have other renditions than each other. */
const change = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("put opaque", "put transparent", "put broken") },
  { weight: 2, arbitrary: fc.constant("hide" as const) },
  { weight: 1, arbitrary: fc.constant("end the newest" as const) },
  { weight: 1, arbitrary: fc.constant("end the oldest" as const) },
  { weight: 1, arbitrary: fc.constant("reprocess" as const) },
);

const scenario = fc.record({
  onDelete: fc.constantFrom("keep" as const, "remove" as const),
  changes: fc.array(change, { minLength: 1, maxLength: 6 }),
  /** What happens next, each time something can: the choices are taken as they come, and around again. */
  choices: fc.array(fc.nat({ max: 997 }), { minLength: 20, maxLength: 120 }),
  /** One in so many calls of a port crashes its run, before or after it took effect; 0 for none. */
  crashEvery: fc.constantFrom(0, 3, 5, 9, 17),
  duplicates: fc.boolean(),
});

describe("whatever the order of events", () => {
  it("the record and the renditions end as the newest version has it, whoever crashes", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const world = new World(given);
        await world.run();
        expect(world.ending()).toEqual(world.expectedEnding());
        expect(world.problems).toEqual([]);
      }),
      {
        numRuns: RUNS,
        // The same orders in every run; another seed, or more runs, looks further.
        seed: 20_261_125,
        examples: [
          // One delivery of a removal finds the key empty, the other a version that came meanwhile.
          [
            {
              onDelete: "remove",
              changes: ["put opaque", "put opaque", "hide", "put opaque"],
              choices: [
                0, 0, 658, 0, 604, 727, 0, 0, 134, 0, 837, 135, 0, 966, 605, 73, 542, 163, 490, 587, 587, 213,
                48, 164, 636, 480, 0,
              ],
              crashEvery: 17,
              duplicates: true,
            },
          ],
        ],
      },
    );
  });
});
