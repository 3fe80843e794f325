import { describe, expect, it } from "vitest";
import { planTransforms } from "../../../../handler/core/plan/plan.ts";
import { manifestOf } from "../../../../handler/core/record/manifest.ts";
import { renditionSpecs } from "../../../../handler/core/spec/rendition-spec.ts";
import { anUpload } from "../../../support/upload-events.ts";

const upload = anUpload({ key: "my holiday/beach.jpg" });
const appearance = {
  dominantColour: "#336699",
  placeholder: "data:image/webp;base64,AAAA",
  thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
};

const manifest = (
  specs: readonly object[],
  links: Parameters<typeof manifestOf>[5] = { kind: "none" },
  width = 3000,
) => {
  const image = { format: "jpeg", width, height: (width * 2) / 3, pages: 1, hasAlpha: false } as const;
  const parsed = renditionSpecs.parse(specs);
  const stored = planTransforms(image, upload.key, parsed, { maxBytes: 1e9, maxPixels: 1e8 }).flatMap(
    ({ name, size, renditions }) =>
      renditions.map(({ key, format }) => ({ name, key, format, ...size, sizeBytes: 900, sha256: "r1" })),
  );
  return manifestOf(upload, image, appearance, parsed, stored, links);
};

const HERO = { name: "hero", widths: [300, 600], formats: ["jpeg", "webp", "avif"], manifest: true };
const AVATAR = {
  name: "avatar",
  width: 90,
  height: 90,
  fit: "cover",
  dpr: [2, 1],
  formats: ["webp", "auto"],
};

describe("manifestOf", () => {
  it("is none when no spec wants one", () => {
    expect(manifest([{ name: "card", width: 100, formats: ["webp"] }])).toBeUndefined();
  });

  it("tells what the original is, how it looks, and every rendition of the specs that want it", () => {
    expect(
      manifest([
        { name: "card", width: 100, formats: ["webp"], manifest: true },
        { name: "other", width: 90, formats: ["webp"] },
      ]),
    ).toEqual({
      version: 1,
      original: { key: "my holiday/beach.jpg", versionId: "v1", format: "jpeg", width: 3000, height: 2000 },
      ...appearance,
      renditions: [
        {
          name: "card",
          key: "my holiday/beach.jpg/card.webp",
          url: "/my%20holiday/beach.jpg/card.webp",
          type: "image/webp",
          width: 100,
          height: 67,
          sizeBytes: 900,
        },
      ],
      pictures: {
        card: {
          sources: [{ type: "image/webp", srcset: "/my%20holiday/beach.jpg/card.webp 1x" }],
          img: { src: "/my%20holiday/beach.jpg/card.webp", width: 100, height: 67 },
        },
      },
    });
  });

  it("lists widths by their descriptors, the smallest format first, and falls back on the largest jpeg", () => {
    const base = "https://images.example.com/my%20holiday/beach.jpg";
    expect(manifest([HERO], { kind: "base", url: "https://images.example.com" })?.pictures).toEqual({
      hero: {
        sources: ["avif", "webp", "jpeg"].map((format) => {
          const extension = format === "jpeg" ? "jpg" : format;
          const srcset = `${base}/hero-300w.${extension} 300w, ${base}/hero-600w.${extension} 600w`;
          return { type: `image/${format}`, srcset };
        }),
        img: { src: `${base}/hero-600w.jpg`, width: 600, height: 400 },
      },
    });
  });

  it("lists device pixel ratios, and falls back on the plain one", () => {
    const at = (name: string) => `/my%20holiday/beach.jpg/${name}`;
    expect(manifest([{ ...AVATAR, manifest: true }])?.pictures).toEqual({
      avatar: {
        sources: [
          { type: "image/webp", srcset: `${at("avatar.webp")} 1x, ${at("avatar-2x.webp")} 2x` },
          { type: "image/jpeg", srcset: `${at("avatar.jpg")} 1x, ${at("avatar-2x.jpg")} 2x` },
        ],
        img: { src: at("avatar.jpg"), width: 90, height: 90 },
      },
    });
  });

  it("leaves out sizes that a small original does not fill", () => {
    const pictures = manifest([HERO], { kind: "none" }, 450)?.pictures;
    expect(pictures?.["hero"]?.sources[1]?.srcset).toBe(
      "/my%20holiday/beach.jpg/hero-300w.webp 300w, /my%20holiday/beach.jpg/hero-600w.webp 450w",
    );
    const tiny = manifest([HERO], { kind: "none" }, 90)?.pictures;
    expect(tiny?.["hero"]?.sources[1]?.srcset).toBe("/my%20holiday/beach.jpg/hero-300w.webp 90w");
  });
});
