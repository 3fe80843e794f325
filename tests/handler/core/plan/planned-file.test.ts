import { describe, expect, it } from "vitest";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import {
  looksAsPlanned,
  madeFile,
  mostBytes,
  plannedFiles,
} from "../../../../handler/core/plan/planned-file.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import { gifOf } from "../../../support/gif.ts";

const plannedOf = (spec: object, pages = 1) =>
  plannedFiles(
    planTransforms(
      { format: "gif", width: 100, height: 50, pages, hasAlpha: false },
      "a.gif",
      renditionSpecs.parse([{ name: "card", width: 20, formats: ["gif"], ...spec }]),
      { maxBytes: 1e9, maxPixels: 1e9 },
    ),
  );
const only = (...given: Parameters<typeof plannedOf>) => {
  const [planned] = plannedOf(...given).values();
  if (planned === undefined) throw new Error("Expected a planned file.");
  return planned;
};
const sha256 = (): string => "0123456789abcdef".repeat(4);

describe("planned files", () => {
  it("are told apart by name and format", () => {
    const files = plannedOf({ formats: ["webp", "gif", "jpeg"], dpr: [1, 2], animated: true }, 3);
    expect([...files.keys()].toSorted()).toEqual([
      "card-2x.gif",
      "card-2x.jpeg",
      "card-2x.webp",
      "card.gif",
      "card.jpeg",
      "card.webp",
    ]);
  });

  it("have everything but their bytes from the plan", () => {
    const bytes = gifOf({ width: 20, height: 10 });
    expect(madeFile(only({ cacheControl: "no-store" }), bytes, sha256)).toEqual({
      name: "card",
      key: "a.gif/card.gif",
      format: "gif",
      width: 20,
      height: 10,
      cacheControl: "no-store",
      bytes,
    });
    expect(madeFile(only({ hashedKeys: true, manifest: true }), bytes, sha256).key).toBe(
      "a.gif/card.0123456789abcdef.gif",
    );
  });

  it("have at most eight bytes a pixel and frame, and a mebibyte", () => {
    expect(mostBytes(only({}))).toBe(1_048_576 + 20 * 10 * 8);
    expect(mostBytes(only({ animated: true }, 3))).toBe(1_048_576 + 20 * 10 * 3 * 8);
  });

  it("look as planned when they begin as the format, in the size", () => {
    expect(looksAsPlanned(only({}), gifOf({ width: 20, height: 10 }))).toBe(true);
    expect(looksAsPlanned(only({}), gifOf({ width: 10, height: 20 }))).toBe(false);
    expect(looksAsPlanned(only({ formats: ["png"] }), gifOf({ width: 20, height: 10 }))).toBe(false);
    expect(looksAsPlanned(only({}), new Uint8Array())).toBe(false);
    expect(looksAsPlanned(only({}), Buffer.from("GIF89a"))).toBe(false);
  });
});
