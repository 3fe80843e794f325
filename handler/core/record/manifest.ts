import type { Upload } from "../events/s3-event.ts";
import { keyAsUrlPath } from "../object-key.ts";
import type { RenditionLinks } from "../settings/variables.ts";
import type { Appearance } from "../source/appearance.ts";
import type { ImageInfo } from "../source/image-info.ts";
import { formatFacts, RENDITION_FORMATS, type RenditionFormat } from "../spec/format.ts";
import type { RenditionSpec } from "../spec/rendition-spec.ts";
import { variantsOf } from "../spec/sizes.ts";
import type { StoredRendition } from "./asset.ts";
import { servedLink } from "./link.ts";

/** What a web page needs to build picture elements of one original, as it is stored beside its renditions. */
export type Manifest = {
  readonly version: 1;
  readonly original: {
    readonly key: string;
    readonly versionId?: string | undefined;
    readonly format: string;
    readonly width: number;
    readonly height: number;
  };
  readonly dominantColour: string;
  readonly placeholder: string;
  readonly thumbHash: string;
  readonly renditions: readonly ManifestRendition[];
  /** By spec: `source` elements in the order in which a browser should see them, and the `img` behind them. */
  readonly pictures: Readonly<Record<string, Picture>>;
};

type ManifestRendition = {
  readonly name: string;
  readonly key: string;
  readonly url: string;
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
};

type Picture = {
  readonly sources: readonly { readonly type: string; readonly srcset: string }[];
  readonly img: { readonly src: string; readonly width: number; readonly height: number };
};

type Sized = { readonly rendition: StoredRendition; readonly density: number };

/** Sizes that add nothing are left out: an original that is too small gives several renditions of one size. */
const distinct = (sizes: readonly Sized[]): readonly Sized[] => {
  const ascending = sizes.toSorted((a, b) => a.rendition.width - b.rendition.width || a.density - b.density);
  return ascending.filter(
    ({ rendition }, index) => rendition.width !== ascending[index - 1]?.rendition.width,
  );
};

/** @param links where renditions are served; without such a place, URLs begin at the root of whatever serves the bucket */
const urlOf = (key: string, links: RenditionLinks): string =>
  links.kind === "base" ? servedLink(links.url, key) : `/${keyAsUrlPath(key)}`;

const pictureOf = (
  spec: RenditionSpec,
  stored: readonly StoredRendition[],
  links: RenditionLinks,
): Picture | undefined => {
  const densities = new Map(variantsOf(spec).map(({ name, density }) => [name, density]));
  const sizesIn = (format: RenditionFormat): readonly Sized[] =>
    distinct(
      stored.flatMap((rendition) => {
        const density = densities.get(rendition.name);
        return density === undefined || rendition.format !== format ? [] : [{ rendition, density }];
      }),
    );
  const formats = RENDITION_FORMATS.filter((format) => sizesIn(format).length > 0);
  const fallback = formats.map(sizesIn).at(-1);
  // Of widths, the largest: what reads no srcset is no phone. Of densities, the first.
  const shown = spec.widths === undefined ? fallback?.at(0) : fallback?.at(-1);
  if (shown === undefined) return undefined;
  return {
    sources: formats.map((format) => ({
      type: formatFacts(format).contentType,
      srcset: sizesIn(format)
        .map(({ rendition: { key, width }, density }) =>
          [urlOf(key, links), spec.widths === undefined ? `${density}x` : `${width}w`].join(" "),
        )
        .join(", "),
    })),
    img: {
      src: urlOf(shown.rendition.key, links),
      width: shown.rendition.width,
      height: shown.rendition.height,
    },
  };
};

/**
 * Describes the renditions of the specs that want a manifest; `undefined` when none does.
 * @param specs those that apply to the original
 */
export const manifestOf = (
  { key, versionId }: Upload,
  { format, width, height }: ImageInfo,
  { dominantColour, placeholder, thumbHash }: Appearance,
  specs: readonly RenditionSpec[],
  stored: readonly StoredRendition[],
  links: RenditionLinks,
): Manifest | undefined => {
  const listed = specs.filter(({ manifest }) => manifest === true);
  if (listed.length === 0) return undefined;
  const names = new Set(listed.flatMap((spec) => variantsOf(spec).map(({ name }) => name)));
  return {
    version: 1,
    original: { key, versionId, format, width, height },
    dominantColour,
    placeholder,
    thumbHash,
    renditions: stored
      .filter(({ name }) => names.has(name))
      .map((rendition) => ({
        name: rendition.name,
        key: rendition.key,
        url: urlOf(rendition.key, links),
        type: formatFacts(rendition.format).contentType,
        width: rendition.width,
        height: rendition.height,
        sizeBytes: rendition.sizeBytes,
      })),
    pictures: Object.fromEntries(
      listed.flatMap((spec) => {
        const picture = pictureOf(spec, stored, links);
        return picture === undefined ? [] : [[spec.name, picture]];
      }),
    ),
  };
};
