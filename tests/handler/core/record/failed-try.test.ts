import { describe, expect, it } from "vitest";
import { PipelineError, RETRYABLE_CODES } from "../../../../handler/core/errors.ts";
import { failedTryOf, isRecordable } from "../../../../handler/core/record/failed-try.ts";

describe("failedTryOf", () => {
  it("has the pipeline's code and sentence, and AWS's name for the cause", () => {
    const cause = Object.assign(new Error("Not so."), { name: "AccessDenied" });
    expect(failedTryOf(new PipelineError("READ_FAILED", "a.jpg could not be read.", { cause }))).toEqual({
      code: "READ_FAILED",
      sentence: "a.jpg could not be read. (AccessDenied)",
    });
    expect(failedTryOf(new PipelineError("TRANSFORM_FAILED", "It broke."))).toEqual({
      code: "TRANSFORM_FAILED",
      sentence: "It broke.",
    });
  });

  it("has the name of an error that nobody expected", () => {
    expect(failedTryOf(new TypeError("x is not a function"))).toEqual({
      code: "TypeError",
      sentence: "x is not a function",
    });
    expect(failedTryOf("thrown")).toEqual({ code: "UNKNOWN", sentence: "thrown" });
  });

  it("is fit to be shown, and bounded, whatever a file is named", () => {
    const key = `a\r\nb\u001b[2J${"x".repeat(3_000)}`;
    const { sentence } = failedTryOf(new PipelineError("STORE_FAILED", `${key} could not be stored.`));
    expect(sentence.startsWith("a\\u{d}\\u{a}b\\u{1b}[2Jxxx")).toBe(true);
    expect(sentence).toHaveLength(1_500);
    const halved = failedTryOf(new PipelineError("STORE_FAILED", `${"x".repeat(1_499)}\u{1F600}`)).sentence;
    expect(halved.isWellFormed()).toBe(true);
  });
});

describe("isRecordable", () => {
  it("is false where the record is out of reach, or the time is up", () => {
    const not = RETRYABLE_CODES.filter((code) => !isRecordable(new PipelineError(code, "A sentence.")));
    expect(not).toEqual(["OUT_OF_TIME", "RECORD_FAILED"]);
    expect(isRecordable(new TypeError("x"))).toBe(true);
  });
});
