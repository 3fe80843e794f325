import { describe, expect, it } from "vitest";
import { PipelineError } from "../../../../handler/core/errors.ts";
import { refuseBySize } from "../../../../handler/core/source/byte-limit.ts";

describe("refuseBySize", () => {
  it("lets through what has between one byte and the limit", () => {
    expect(refuseBySize(1, 1_000)).toBeUndefined();
    expect(refuseBySize(1_000, 1_000)).toBeUndefined();
  });

  it("refuses an empty file", () => {
    expect(() => refuseBySize(0, 1_000)).toThrow(new PipelineError("EMPTY_OBJECT", "The file is empty."));
  });

  it("refuses one byte too many, and says how many there are and may be", () => {
    expect(() => refuseBySize(104_857_601, 104_857_600)).toThrow(
      new PipelineError("TOO_MANY_BYTES", "The file has 104,857,601 bytes; at most 104,857,600 are read."),
    );
  });
});
