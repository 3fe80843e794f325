import { describe, expect, it } from "vitest";
import {
  isPermanent,
  PERMANENT_CODES,
  PipelineError,
  RETRYABLE_CODES,
} from "../../../handler/core/errors.ts";

describe("PipelineError", () => {
  it.each(PERMANENT_CODES)("is permanent with %s", (code) => {
    const error = new PipelineError(code, "A sentence.");
    expect([error.retryable, isPermanent(error)]).toEqual([false, true]);
  });

  it.each(RETRYABLE_CODES)("is retryable with %s", (code) => {
    const error = new PipelineError(code, "A sentence.");
    expect([error.retryable, isPermanent(error)]).toEqual([true, false]);
  });

  it("keeps its code, its sentence and its cause", () => {
    const cause = new Error("vendor");
    const error = new PipelineError("CORRUPT_IMAGE", "A sentence.", { cause });
    expect(error).toMatchObject({
      name: "PipelineError",
      code: "CORRUPT_IMAGE",
      message: "A sentence.",
      cause,
    });
  });

  it("is not what any other error is", () => {
    expect([isPermanent(new Error("bug")), isPermanent("CORRUPT_IMAGE"), isPermanent(undefined)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
