import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseUploadEvents } from "../../../../handler/core/events/s3-event.ts";
import { reprocessMessage } from "../../../../handler/core/reprocess/message.ts";
import { anUpload } from "../../../support/upload-events.ts";

describe("reprocessMessage", () => {
  it("is read back as the upload to process once more, whatever its key, and its silence", () => {
    const keys = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
    const isQuiet = fc.constantFrom({}, { isQuiet: true } as const);
    fc.assert(
      fc.property(keys, isQuiet, (key, quiet) => {
        const upload = { ...anUpload({ key }), ...quiet };
        expect(parseUploadEvents(reprocessMessage(upload))).toEqual({
          uploads: [],
          reprocesses: [upload],
          removals: [],
          restores: [],
          resets: [],
          ignored: [],
        });
      }),
    );
  });
});
