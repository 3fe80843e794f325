import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isReprocessedAt, reprocessSequencer } from "../../../handler/core/sequencer.ts";

describe("reprocessSequencer", () => {
  const s3Sequencer = fc.stringMatching(/^[0-9A-F]{16,18}$/).map((digits) => digits.padEnd(32, "0"));
  const anyDate = fc.date({ min: new Date(1), max: new Date("2400-01-01"), noInvalidDate: true });

  it("comes after the record's and before all that S3 may tell next", () => {
    fc.assert(
      fc.property(s3Sequencer, s3Sequencer, anyDate, (recorded, next, at) => {
        fc.pre(recorded < next);
        const again = reprocessSequencer(recorded, at);
        expect([again.length, recorded < again, again < next]).toEqual([32, true, true]);
      }),
    );
  });

  it("orders reprocesses by time, also of what was reprocessed before, and of what has no record", () => {
    fc.assert(
      fc.property(fc.option(s3Sequencer, { nil: undefined }), anyDate, anyDate, (recorded, a, b) => {
        fc.pre(a < b);
        const first = reprocessSequencer(recorded, a);
        expect(first < reprocessSequencer(recorded, b)).toBe(true);
        expect(first < reprocessSequencer(first, b)).toBe(true);
      }),
    );
  });
});

describe("isReprocessedAt", () => {
  it("tells the run of a reprocess from every other, whatever the record said", () => {
    const [at, later] = [new Date("2026-11-25T10:00:00Z"), new Date("2026-11-25T10:00:01Z")];
    for (const recorded of [undefined, "0055AED6DCD90281E500000000000000"]) {
      const sequencer = reprocessSequencer(recorded, at);
      expect([isReprocessedAt(sequencer, at), isReprocessedAt(sequencer, later)]).toEqual([true, false]);
    }
  });
});
