import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  keyAsUrlComponent,
  keyAsUrlPath,
  keyFromEvent,
  manifestKey,
} from "../../../handler/core/object-key.ts";
import { RENDITION_FORMAT_FACTS, RENDITION_FORMATS } from "../../../handler/core/spec/format.ts";
import { hashedKey, KEY_HASH_LENGTH, renditionKey } from "../../../handler/core/spec/rendition-key.ts";
import { encodedKey } from "../../support/upload-events.ts";

/** Keys S3 accepts: any Unicode text of 1 to 1,024 bytes. */
const anyKey = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
const anySpecName = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
const anyFormat = fc.constantFrom(...RENDITION_FORMATS);

const bytes = (text: string): number => Buffer.byteLength(text);

describe("manifestKey", () => {
  it("lies beside the renditions, and is refused when it grows too long", () => {
    expect(manifestKey("a/b.jpg")).toBe("a/b.jpg/manifest.json");
    expect(manifestKey("x".repeat(1_010))).toHaveLength(1_024);
    expect(() => manifestKey("x".repeat(1_011))).toThrow(
      expect.objectContaining({
        code: "KEY_TOO_LONG",
        message: "The key of the manifest would have 1,025 bytes; S3 allows 1,024.",
      }),
    );
  });
});

describe("renditionKey", () => {
  it.each([
    ["beach.jpg", "thumbnail", "webp", "beach.jpg/thumbnail.webp"],
    ["a/b/c.PNG", "large", "jpeg", "a/b/c.PNG/large.jpg"],
    ["no-extension", "card", "png", "no-extension/card.png"],
    ["Ürlaub 2026/日本 50%+.tif", "x", "tiff", "Ürlaub 2026/日本 50%+.tif/x.tiff"],
    ["a", "b", "avif", "a/b.avif"],
    ["a", "b", "gif", "a/b.gif"],
  ] as const)("puts %s as %s in %s at %s", (key, name, format, expected) => {
    expect(renditionKey(key, name, format)).toBe(expected);
  });

  it("holds the whole original key, the spec and the format, so that each can be told back", () => {
    fc.assert(
      fc.property(anyKey, anySpecName, anyFormat, (key, name, format) => {
        fc.pre(bytes(key) < 900);
        const stored = renditionKey(key, name, format);
        const slash = stored.lastIndexOf("/");
        const dot = stored.lastIndexOf(".");
        expect(stored.slice(0, slash)).toBe(key);
        expect(stored.slice(slash + 1, dot)).toBe(name);
        expect(stored.slice(dot + 1)).toBe(RENDITION_FORMAT_FACTS[format].extension);
      }),
    );
  });

  it("never gives two originals, specs or formats one key", () => {
    const rendition = fc.tuple(anyKey, anySpecName, anyFormat);
    fc.assert(
      fc.property(rendition, rendition, (a, b) => {
        fc.pre(bytes(a[0]) < 900 && bytes(b[0]) < 900);
        expect(renditionKey(...a) === renditionKey(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("fits S3's 1,024 bytes exactly", () => {
    const key = "é".repeat(505);
    expect(bytes(renditionKey(key, "thumbnail", "png"))).toBe(1024);
    expect(() => renditionKey(`${key}x`, "thumbnail", "png")).toThrow(
      expect.objectContaining({
        code: "KEY_TOO_LONG",
        message: "The key of the rendition thumbnail would have 1,025 bytes; S3 allows 1,024.",
      }),
    );
  });
});

describe("keyFromEvent", () => {
  it.each([
    ["beach.jpg", "beach.jpg"],
    ["my+holiday/a+b.jpg", "my holiday/a b.jpg"],
    ["A+file%2Bname.jpg", "A file+name.jpg"],
    ["50%25.png", "50%.png"],
    ["%2525.png", "%25.png"],
    ["%C3%9Crlaub/%E6%97%A5%E6%9C%AC.tif", "Ürlaub/日本.tif"],
    ["%F0%9F%8C%8A", "🌊"],
    ["a%2Fb", "a/b"],
  ])("reads %s as %s", (encoded, key) => {
    expect(keyFromEvent(encoded)).toBe(key);
  });

  it("reads back every key that S3 encodes", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(keyFromEvent(encodedKey(key))).toBe(key);
      }),
    );
  });

  it("throws on what is not encoded", () => {
    expect(() => keyFromEvent("50%.png")).toThrow(URIError);
  });
});

describe("keys in URLs", () => {
  it("keep slashes in a path and encode them in a component", () => {
    expect(keyAsUrlPath("a b/c+d/50%?#&.jpg")).toBe("a%20b/c%2Bd/50%25%3F%23%26.jpg");
    expect(keyAsUrlComponent("a b/c")).toBe("a%20b%2Fc");
    expect(keyAsUrlPath("(it's)*!")).toBe("%28it%27s%29%2A%21");
  });

  it("are read back by URL", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const query = new URL(`https://example.com/?prefix=${keyAsUrlComponent(key)}`);
        expect(query.searchParams.get("prefix")).toBe(key);
        expect(keyAsUrlPath(key).split("/").map(decodeURIComponent).join("/")).toBe(key);
      }),
    );
  });
});

describe("hashedKey", () => {
  it("puts the hash before the extension, whatever the original is called", () => {
    expect(hashedKey("a.b/photo.jpg/card.webp", "3f2a9c0d1b4e5f67")).toBe(
      "a.b/photo.jpg/card.3f2a9c0d1b4e5f67.webp",
    );
  });

  it("is refused past 1,024 bytes", () => {
    expect(() => hashedKey(`${"k".repeat(1_004)}.webp`, "0".repeat(KEY_HASH_LENGTH))).toThrow(
      "The key of the rendition with its hash would have 1,026 bytes; S3 allows 1,024.",
    );
  });
});
