import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ASSET_STATES, INDEXED_FORMATS } from "../../../../handler/core/record/index.ts";
import {
  argumentsOf,
  MAX_ARGUMENT_LENGTH,
  reprocessRequest,
} from "../../../../handler/core/reprocess/request.ts";

const date = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
const time = date.map((at) => at.toISOString());

const selection = fc.record(
  {
    prefix: fc.string({ minLength: 1, maxLength: 300, unit: "binary" }),
    state: fc.constantFrom(...ASSET_STATES),
    from: time,
    to: time,
    format: fc.constantFrom(...INDEXED_FORMATS),
    specsChanged: fc.constant(true),
    missing: fc.constant(true),
  },
  { requiredKeys: [] },
);

describe("argumentsOf", () => {
  it("is read back as the same request, and fits what S3 Batch Operations hands on", () => {
    fc.assert(
      fc.property(date, selection, fc.boolean(), (run, selected, notify) => {
        const request = { run, selection: selected, notify };
        const found = argumentsOf(request);
        expect(reprocessRequest.parse(found)).toEqual(request);
        expect(Object.keys(found).length).toBeLessThanOrEqual(10);
        for (const value of Object.values(found)) {
          expect(value.length).toBeGreaterThan(0);
          expect(value.length).toBeLessThanOrEqual(MAX_ARGUMENT_LENGTH);
        }
      }),
    );
  });

  it("names what is so, and leaves out what is not", () => {
    const run = new Date("2026-11-25T10:00:00.000Z");
    expect(
      argumentsOf({ run, notify: false, selection: { prefix: "", missing: false, state: "FAILED" } }),
    ).toEqual({ run: "2026-11-25T10:00:00.000Z", state: "FAILED" });
    expect(argumentsOf({ run, notify: true, selection: { specsChanged: true } })).toEqual({
      run: "2026-11-25T10:00:00.000Z",
      notify: "true",
      specsChanged: "true",
    });
  });
});

describe("reprocessRequest", () => {
  it.each([
    ["no run", {}],
    ["a run that is no time", { run: "today" }],
    ["an argument that nobody knows", { run: "2026-11-25T10:00:00.000Z", prefx: "a/" }],
    ["a state that there is not", { run: "2026-11-25T10:00:00.000Z", state: "DONE" }],
    ["no", { run: "2026-11-25T10:00:00.000Z", notify: "false" }],
  ])("refuses %s", (_, given) => {
    expect(reprocessRequest.safeParse(given).success).toBe(false);
  });
});
