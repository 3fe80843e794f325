import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ASSET_INDEXES,
  ASSET_STATES,
  formatIndexAttributes,
  INDEX_SHARDS,
  INDEXED_FORMATS,
  KEY_PARTS,
  keyIndexAttributes,
  partsOf,
  stateAttributes,
} from "../../../../handler/core/record/index.ts";
import { SOURCE_FORMATS } from "../../../../handler/core/source/image-format.ts";

const anyKey = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });

describe("the index attributes of a record", () => {
  it("are of a part that a search for their value asks", () => {
    fc.assert(
      fc.property(
        anyKey,
        fc.constantFrom(...ASSET_STATES),
        fc.constantFrom(undefined, ...SOURCE_FORMATS),
        (key, state, format) => {
          expect(KEY_PARTS).toContain(keyIndexAttributes(key).KeyShard);
          expect(stateAttributes(key, state).State).toBe(state);
          expect(partsOf(state)).toContain(stateAttributes(key, state).StateShard);
          const { FormatShard } = formatIndexAttributes(key, format);
          expect(INDEXED_FORMATS.flatMap(partsOf)).toContain(FormatShard);
          expect(partsOf(format ?? "unknown")).toContain(FormatShard);
        },
      ),
    );
  });

  it("spread keys that look alike evenly", () => {
    const counts = Map.groupBy(
      Array.from({ length: 8000 }, (_, index) => `holiday/IMG_${String(index).padStart(5, "0")}.jpg`),
      (key) => keyIndexAttributes(key).KeyShard,
    );
    expect(counts.size).toBe(INDEX_SHARDS);
    for (const { length } of counts.values()) {
      expect(length).toBeGreaterThan(850);
      expect(length).toBeLessThan(1150);
    }
  });

  it("are named as the table's indexes are", () => {
    expect(Object.keys(keyIndexAttributes("a"))).toEqual([ASSET_INDEXES.byKey.partition]);
    expect(Object.keys(stateAttributes("a", "FAILED"))).toEqual(["State", ASSET_INDEXES.byState.partition]);
    expect(Object.keys(formatIndexAttributes("a", "png"))).toEqual([ASSET_INDEXES.byFormat.partition]);
  });
});
