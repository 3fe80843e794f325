import { SOURCE_FORMAT_FACTS, type SourceFormat } from "./image-format.ts";

/** Endings of names that claim another kind of file. Any other ending, such as that of "photo.final", claims nothing. */
const OTHER_EXTENSIONS: readonly string[] = [
  ...[
    "bmp",
    "cr2",
    "cr3",
    "dng",
    "doc",
    "docx",
    "eps",
    "exe",
    "gz",
    "htm",
    "html",
    "ico",
    "jp2",
    "js",
    "json",
  ],
  ...["jxl", "m4v", "mov", "mp3", "mp4", "nef", "pdf", "psd", "raw", "svgz", "txt", "webm", "xml", "zip"],
];

/** What uploaders say when they say nothing; S3 fills in the first. */
const NO_CLAIM: readonly string[] = ["binary/octet-stream", "application/octet-stream"];

const FACTS = Object.values(SOURCE_FORMAT_FACTS);
const IMAGE_EXTENSIONS: readonly string[] = FACTS.flatMap(({ extensions }) => extensions);
const IMAGE_TYPES: readonly string[] = FACTS.flatMap(({ types }) => types);

/**
 * What an upload claims to be and is not, such as `name .png` or `content type image/gif`. The content decides; the
 * record keeps the claims, for whoever looks for a client that errs or for someone who hides something.
 * @param contentType as the uploader declared it
 * @param format `undefined` when the content is no image that is known: then only the claim to be one is false
 */
export const falseClaims = (
  key: string,
  contentType: string | undefined,
  format: SourceFormat | undefined,
): readonly string[] => {
  const isFalse = (claim: string, images: readonly string[], own: readonly string[] | undefined): boolean =>
    own === undefined ? images.includes(claim) : !own.includes(claim);
  const facts = format === undefined ? undefined : SOURCE_FORMAT_FACTS[format];
  const extension = /\.([A-Za-z0-9]{2,5})$/.exec(key)?.[1]?.toLowerCase();
  const claimsKind =
    extension !== undefined && (IMAGE_EXTENSIONS.includes(extension) || OTHER_EXTENSIONS.includes(extension));
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  return [
    ...(claimsKind && isFalse(extension, IMAGE_EXTENSIONS, facts?.extensions) ? [`name .${extension}`] : []),
    // The header is the uploader's: it is cut where it would be no type any more.
    ...(type !== undefined &&
    type !== "" &&
    !NO_CLAIM.includes(type) &&
    isFalse(type, IMAGE_TYPES, facts?.types)
      ? [`content type ${type.slice(0, 100)}`]
      : []),
  ];
};
