import type { Manifest } from "../handler/core/record/manifest.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/**
 * A picture element for each spec of a manifest, to be put into a page: best format first, with the size that keeps
 * the page from jumping, and the image's colour until it is there.
 */
export const pictureElements = ({
  pictures,
  dominantColour,
}: Pick<Manifest, "pictures" | "dominantColour">): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(pictures).map(([name, { sources, img }]) => {
      const isByWidth = sources.some(({ srcset }) => /\d+w(,|$)/.test(srcset));
      const sizes = isByWidth ? ' sizes="100vw"' : "";
      const lines = [
        "<picture>",
        ...sources.map(({ type, srcset }) => `  <source type="${type}" srcset="${escaped(srcset)}"${sizes}>`),
        `  <img src="${escaped(img.src)}" width="${img.width}" height="${img.height}" alt=""`,
        `    loading="lazy" decoding="async" style="background: ${dominantColour}">`,
        "</picture>",
      ];
      return [name, lines.join("\n")];
    }),
  );
