import { PipelineError } from "../errors.ts";

/**
 * Refuses an original by its size in bytes, before it is read.
 * @throws PipelineError EMPTY_OBJECT or TOO_MANY_BYTES
 */
export const refuseBySize = (sizeBytes: number, maxBytes: number): void => {
  if (sizeBytes === 0) throw new PipelineError("EMPTY_OBJECT", "The file is empty.");
  if (sizeBytes > maxBytes) {
    throw new PipelineError(
      "TOO_MANY_BYTES",
      `The file has ${sizeBytes.toLocaleString("en")} bytes; at most ${maxBytes.toLocaleString("en")} are read.`,
    );
  }
};
