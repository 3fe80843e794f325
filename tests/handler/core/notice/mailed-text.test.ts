import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mailedKey, mailedReason, quotedKey } from "../../../../handler/core/notice/mailed-text.ts";
import { HOSTILE_TEXTS, ORDINARY_TEXTS } from "../../../support/hostile-texts.ts";

describe("a key in a mail", () => {
  it.each(HOSTILE_TEXTS)("that $what is one short line without a link", ({ text, shown, mailed = shown }) => {
    expect(mailedKey(text)).toBe(mailed);
  });

  it.each(ORDINARY_TEXTS)("is as it is: %s", (text) => {
    expect(mailedKey(text)).toBe(text);
  });

  it.each([
    ["HTTP://EVIL.COM/a.jpg", "HTTP\\u{3a}//EVIL\\u{2e}COM/a.jpg"],
    ["ftp://localhost/a.jpg", "ftp\\u{3a}//localhost/a.jpg"],
    ["https://[::1]:8080/", "https\\u{3a}//[::1]:8080/"],
    ["www.evil.jpg", "www\\u{2e}evil.jpg"],
    ["bit.ly/x", "bit\\u{2e}ly/x"],
    ["call evil.co.uk.", "call evil\\u{2e}co\\u{2e}uk."],
    ["owner@evil.com", "owner@evil\\u{2e}com"],
    ["mailto:owner", "mailto\\u{3a}owner"],
    ["tel:+18005550100", "tel\\u{3a}+18005550100"],
    ["пример.рф/a.jpg", "пример\\u{2e}рф/a.jpg"],
    ["xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd\\u{2e}xn--p1ai"],
    ["見てevil.com", "見てevil\\u{2e}com"],
    ["max.mustermann/photo.jpg", "max\\u{2e}mustermann/photo.jpg"],
  ])("gives a mail program no link to make: %s", (key, mailed) => {
    expect(mailedKey(key)).toBe(mailed);
  });

  it.each([
    "a.b/v1.2/x.jpeg",
    "2026.11.25 10:20:30.heic",
    "john.doe.jpg",
    "backup.tar.gz",
    "photo.jpg/large.webp",
    ".hidden",
  ])("keeps dots of which no mail program makes a link: %s", (key) => {
    expect(mailedKey(key)).toBe(key);
  });

  it("is shortened to its beginning and its end, and cuts neither an emoji nor an escape apart", () => {
    expect(mailedKey(`${"a".repeat(500)}/${"b".repeat(500)}.jpg`)).toBe(
      `${"a".repeat(79)}…${"b".repeat(36)}.jpg`,
    );
    expect(mailedKey("👩‍👩‍👧‍👦".repeat(90))).toBe(`${"👩‍👩‍👧‍👦".repeat(7)}…${"👩‍👩‍👧‍👦".repeat(3)}`);
    expect(mailedKey("\u{1B}".repeat(900))).toBe(`${"\\u{1b}".repeat(13)}…${"\\u{1b}".repeat(6)}`);
  });

  it("is never longer than a name, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 1024 }), (key) => {
        expect(mailedKey(key).length).toBeLessThanOrEqual(120);
      }),
    );
  });

  it("ends no quotation marks", () => {
    expect(quotedKey('a" was processed. "b.jpg')).toBe('"a\\u{22} was processed. \\u{22}b.jpg"');
  });
});

it("a reason in a mail is a line without a link", () => {
  expect(mailedReason("The file's content is a PDF; expected jpeg, png.\nSee http://evil.com")).toBe(
    "The file's content is a PDF; expected jpeg, png.\\u{a}See http\\u{3a}//evil\\u{2e}com",
  );
  expect(mailedReason("x".repeat(10_000))).toHaveLength(500);
});
