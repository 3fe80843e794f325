import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  foundAtReset,
  isReprocessedAt,
  mayComeAgain,
  reprocessedAt,
  reprocessSequencer,
  resetOf,
  resetSequencer,
  sinceReset,
} from "../../../../handler/core/events/sequencer.ts";

const s3Sequencer = fc.stringMatching(/^[0-9A-F]{16,20}$/).map((digits) => digits.padEnd(32, "0"));
const anyDate = fc.date({ min: new Date(1), max: new Date("2400-01-01"), noInvalidDate: true });

describe("reprocessSequencer", () => {
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

describe("a reset", () => {
  it("comes after all that was told before, and before all that S3 tells since", () => {
    fc.assert(
      fc.property(s3Sequencer, s3Sequencer, anyDate, anyDate, (told, next, at, again) => {
        const beginning = resetSequencer(at);
        const reset = resetOf(beginning);
        const since = sinceReset(next, reset);
        const repeated = reprocessSequencer(beginning, again);
        expect([told < beginning, reprocessSequencer(told, again) < beginning]).toEqual([true, true]);
        expect([beginning < repeated, /^0+$/.test(next) || repeated < since]).toEqual([true, true]);
        const found = foundAtReset(at);
        expect([repeated < found, /^0+1?0*$/.test(next) || found < since]).toEqual([true, true]);
        expect([told, repeated, found, since].map(resetOf)).toEqual(["", reset, reset, reset]);
        expect(reprocessedAt(repeated)).toEqual(again);
      }),
    );
  });

  it("comes after an earlier one, and after what came since that", () => {
    fc.assert(
      fc.property(s3Sequencer, anyDate, anyDate, (told, earlier, later) => {
        fc.pre(earlier < later);
        const reset = resetOf(resetSequencer(earlier));
        expect(sinceReset(told, reset) < resetSequencer(later)).toBe(true);
        expect(sinceReset(sinceReset(told, reset), resetOf(resetSequencer(later)))).toBe(
          resetOf(resetSequencer(later)) + told,
        );
      }),
    );
  });
});

describe("what comes again", () => {
  it("may do so at the record's place alone, or at none where there is no record", () => {
    fc.assert(
      fc.property(s3Sequencer, s3Sequencer, anyDate, (recorded, other, at) => {
        fc.pre(recorded !== other);
        expect(mayComeAgain(recorded, reprocessSequencer(recorded, at))).toBe(true);
        expect(mayComeAgain(reprocessSequencer(recorded, at), reprocessSequencer(recorded, at))).toBe(true);
        expect(mayComeAgain(recorded, reprocessSequencer(other, at))).toBe(false);
        expect(mayComeAgain(recorded, reprocessSequencer(resetSequencer(at), at))).toBe(false);
        expect(mayComeAgain(undefined, reprocessSequencer(undefined, at))).toBe(true);
        expect(mayComeAgain(undefined, reprocessSequencer(recorded, at))).toBe(/^0{20}/.test(recorded));
      }),
    );
  });
});
