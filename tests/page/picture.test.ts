import { expect, test } from "vitest";
import { pictureElements } from "../../page/picture.ts";

test("a picture element has the sources in their order, and no key can break out of it", () => {
  const { hero } = pictureElements({
    dominantColour: "#aabbcc",
    pictures: {
      hero: {
        sources: [{ type: "image/webp", srcset: '/a"<b>&.webp 640w, /c.webp 1280w' }],
        img: { src: "/c.jpg", width: 1280, height: 720 },
      },
    },
  });
  expect(hero).toBe(`<picture>
  <source type="image/webp" srcset="/a&quot;&lt;b>&amp;.webp 640w, /c.webp 1280w" sizes="100vw">
  <img src="/c.jpg" width="1280" height="720" alt=""
    loading="lazy" decoding="async" style="background: #aabbcc">
</picture>`);
});
