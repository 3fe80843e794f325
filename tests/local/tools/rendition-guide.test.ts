import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { operationShape } from "../../../handler/core/spec/operations.ts";
import { RENDITION_PROPERTIES } from "../../../handler/core/spec/rendition-spec.ts";
import { PICTURES, ROOT } from "../../../local/tools/docs.ts";
import { propertyGuide, propertyPictures, propertyTable } from "../../../local/tools/rendition-guide.ts";
import { psnr } from "../../support/images.ts";

const pictures = await propertyPictures();
const committed = (file: string): Promise<Buffer> => readFile(join(ROOT, PICTURES, file));

describe("the guide to rendition specs", () => {
  it("tells of every property in the order of the schema", () => {
    const headings = [...propertyGuide().matchAll(/^### (.*)$/gm)].map(([, property]) => property);
    expect(headings).toEqual(Object.keys(RENDITION_PROPERTIES));
  });

  it("shows a picture of every operation", () => {
    const guide = propertyGuide();
    for (const property of Object.keys(operationShape)) {
      expect(guide).toContain(`(pictures/${property}.webp)`);
    }
  });

  it("tells what it is, its values, its default and an example", () => {
    expect(propertyGuide()).toContain(
      [
        "### saturation",
        "",
        "Colours less or more vivid, as CSS's `saturate()`; 0 is grey.",
        "",
        "Values: 0 to 10. Default: 1.",
        "",
        "```yaml",
        "{ width: 320, saturation: 2 }",
        "```",
        "",
        "![saturation: { saturation: 2 }](pictures/saturation.webp)",
      ].join("\n"),
    );
  });

  it("is the same table in README.md, where a property without a default has an empty cell", () => {
    expect(propertyTable({ blur: operationShape.blur })).toBe(
      [
        "| property | what it is | values | default |",
        "| --- | --- | --- | --- |",
        "| `blur` | sigma of a Gaussian blur in pixels | 0.3 to 100 |  |",
      ].join("\n"),
    );
  });
});

describe("the pictures of the guide", () => {
  it("are all there, and no other", async () => {
    expect(await readdir(join(ROOT, PICTURES))).toEqual(pictures.map(({ file }) => file).sort());
  });

  it.each(pictures)("is what `npm run docs` makes: $file", async ({ file, bytes }) => {
    const kept = await committed(file);
    const [now, then] = await Promise.all([sharp(bytes).metadata(), sharp(kept).metadata()]);
    expect([now.format, now.width, now.height]).toEqual([then.format, then.width, then.height]);
    // Another CPU or version of libvips may round otherwise; another option or a mistake looks otherwise.
    expect(await psnr(kept, bytes)).toBeGreaterThan(34);
    expect(kept.length).toBeLessThan(20_000);
  });

  it("differ from one another", async () => {
    const distances = await Promise.all(
      pictures
        .filter(({ file }) => ["blur.webp", "flop.webp", "saturation.webp", "quality.webp"].includes(file))
        .map(async ({ bytes }) => psnr(bytes, await committed("original.webp"))),
    );
    expect(Math.max(...distances)).toBeLessThan(40);
  });
});
