import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plain, plainJson, plainLines } from "../../../handler/core/strangers-text.ts";
import { HOSTILE_TEXTS, ORDINARY_TEXTS, rawIn } from "../../support/hostile-texts.ts";

describe("plain text", () => {
  it.each(HOSTILE_TEXTS)("shows what $what as escapes", ({ text, shown }) => {
    expect(plain(text)).toBe(shown);
    expect(plain(shown)).toBe(shown);
  });

  it.each(ORDINARY_TEXTS)("leaves %s as it is", (text) => {
    expect(plain(text)).toBe(text);
  });

  it("shows a lone surrogate as an escape", () => {
    expect(plain("a\u{D800}b\u{DC00}")).toBe("a\\u{d800}b\\u{dc00}");
  });

  it.each([
    ["between Latin letters", "pay\u{200D}pal.jpg", "pay\\u{200d}pal.jpg"],
    ["behind an emoji that joins nothing", "😀\u{200D}.jpg", "😀\\u{200d}.jpg"],
    ["of a flag that is none", "🏴\u{E0068}\u{E0069}\u{E007F}", "🏴\\u{e0068}\\u{e0069}\\u{e007f}"],
    ["that varies a letter", "a\u{FE0F}.jpg", "a\\u{fe0f}.jpg"],
  ])("shows an invisible character %s as an escape", (_, text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  it("is one line without raw characters, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(rawIn(plain(text))).toBeUndefined();
        expect(plain(text)).not.toContain("\n");
      }),
    );
  });

  it("keeps the line feeds of a text of ours, and nothing else", () => {
    expect(plainLines("usage:\n  a\r\n\u{1B}b\n")).toBe("usage:\n  a\\u{d}\n\\u{1b}b\n");
  });
});

describe("plain JSON", () => {
  it.each([...HOSTILE_TEXTS.map(({ text }) => text), ...ORDINARY_TEXTS])(
    "reads back as it was: %j",
    (text) => {
      const json = plainJson({ [text]: [text] });
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      expect(rawIn(json)).toBeUndefined();
    },
  );

  it("looks like JSON anywhere", () => {
    expect(plainJson({ key: "a\u{202E}b\u{E0041}", sizes: [1] })).toBe(
      '{\n  "key": "a\\u202eb\\udb40\\udc41",\n  "sizes": [\n    1\n  ]\n}',
    );
    expect(plainJson({ a: 1 }, 0)).toBe('{"a":1}');
  });
});
