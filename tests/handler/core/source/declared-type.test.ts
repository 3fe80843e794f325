import { describe, expect, it } from "vitest";
import { falseClaims } from "../../../../handler/core/source/declared-type.ts";

describe("falseClaims", () => {
  it.each([
    ["beach.jpg", "image/jpeg", "jpeg"],
    ["beach.JPEG", "image/jpg; charset=binary", "jpeg"],
    ["beach.png", "image/apng", "png"],
    ["scan.tif", "IMAGE/TIFF", "tiff"],
    ["photo.heif", "image/heic", "heic"],
    ["beach", "binary/octet-stream", "gif"],
    ["v1.2", "application/octet-stream", "gif"],
    ["photo.final", undefined, "gif"],
    [".jpg/beach", "", "gif"],
  ] as const)("finds none in %s of %s, a %s", (key, contentType, format) => {
    expect(falseClaims(key, contentType, format)).toEqual([]);
  });

  it.each([
    ["a.png", undefined, "jpeg", ["name .png"]],
    ["a.PDF", "application/pdf", "jpeg", ["name .pdf", "content type application/pdf"]],
    ["a.jpg", "image/png", "jpeg", ["content type image/png"]],
    ["a.html", "text/html; charset=utf-8", "gif", ["name .html", "content type text/html"]],
  ] as const)("finds those of %s of %s, a %s", (key, contentType, format, expected) => {
    expect(falseClaims(key, contentType, format)).toEqual(expected);
  });

  it("takes the claim to be an image for false when the content is none, and no other", () => {
    expect(falseClaims("a.jpg", "image/jpeg", undefined)).toEqual(["name .jpg", "content type image/jpeg"]);
    expect(falseClaims("a.txt", "text/plain", undefined)).toEqual([]);
  });

  it("keeps no more of a declared type than a type can have", () => {
    const [claim = ""] = falseClaims("a", `image/${"x".repeat(5000)}`, "jpeg");
    expect(claim.length).toBe("content type ".length + 100);
  });
});
