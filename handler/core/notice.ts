import type { Asset, FailedAsset, ProcessedAsset, StoredRendition } from "./asset.ts";
import { sizeText } from "./byte-size.ts";
import type { PermanentCode } from "./errors.ts";
import { SOURCE_FORMATS } from "./image-format.ts";
import { consoleLink, type ObjectPlace, s3Uri, servedLink } from "./object-link.ts";
import type { ImageInfo } from "./plan.ts";
import type { Notices, RenditionLinks } from "./settings.ts";

export type NoticeAttribute = { readonly type: "String" | "Number"; readonly value: string };

/** A message to people: what became of their upload. Attributes are for subscriptions' filter policies. */
export type Notice = {
  readonly subject: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, NoticeAttribute>>;
};

/** Where things are, for the links in a notice. */
export type NoticePlaces = {
  readonly region: string;
  readonly destinationBucket: string;
  readonly links: RenditionLinks;
};

/**
 * What is left of SNS's 256 KiB for the text when the attributes, with a key of up to 1,024 bytes, are taken off
 * (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
export const MAX_BODY_BYTES = 250 * 1024;

const WHAT_TO_DO = {
  EMPTY_OBJECT: "The file has no content. Upload it again, and check it before you do.",
  UNSUPPORTED_FORMAT: `Save the picture as one of ${SOURCE_FORMATS.join(", ")}, and upload it again.`,
  HEIC_NOT_DECODED:
    "Save the picture as JPEG and upload that. An iPhone takes JPEG with Settings, Camera, Formats, Most Compatible; a web page gets JPEG from it when its file input accepts image/jpeg alone.",
  SVG_NOT_ALLOWED: "Save the drawing as PNG and upload that, or set image-pipeline:svg to rasterise.",
  CORRUPT_IMAGE: "The file is damaged or was cut off on its way. Upload it again from where it is whole.",
  TOO_MANY_BYTES: "Upload a smaller file, or raise image-pipeline:maxImageBytes.",
  TOO_MANY_PIXELS: "Upload a smaller picture, or raise image-pipeline:maxImagePixels.",
  TOO_MUCH_MEMORY: "Upload a smaller picture, or raise image-pipeline:memoryMb.",
  DECODER_CRASHED:
    "Open the picture in an editor, save it as a new file, and upload that. Keep the old one: it shows a fault in a decoder, which may be an attack.",
  TOO_MUCH_TIME:
    "Upload a smaller or simpler picture, or raise image-pipeline:memoryMb, which adds CPU, or image-pipeline:maxImageSeconds.",
  RENDITION_TOO_LARGE: "Give the rendition both a width and a height in image-pipeline:renditions.",
  KEY_TOO_LONG: "Upload it again under a shorter name, or in fewer folders.",
  SOURCE_MISSING: "Nothing, if it was deleted on purpose. Otherwise upload it again.",
  SOURCE_REPLACED: "Nothing: the file that replaced it is processed in its own right.",
  SOURCE_ARCHIVED:
    "Restore it: it is processed as soon as S3 has it ready. Or copy it to another storage class.",
} satisfies Record<PermanentCode, string>;

/** What whoever uploaded an original can do about its failure. */
export const whatToDo = (code: PermanentCode): string => WHAT_TO_DO[code];

/** What neither SNS nor a line of text can hold: controls, and code points that are no characters. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\u{FFFE}\u{FFFF}\u2028\u2029]/gu, "\u{FFFD}");

const decimal = (value: number): string =>
  value.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Cut, not rounded, so that nothing that is left becomes 100 % smaller. */
const saving = (originalBytes: number, renditionBytes: number): string => {
  const percent = Math.trunc((1 - renditionBytes / originalBytes) * 1000) / 10;
  return `${decimal(Math.abs(percent))} % ${percent < 0 ? "larger" : "smaller"}`;
};

const linkToOriginal = (place: ObjectPlace, { region, links }: NoticePlaces): string =>
  links.kind === "console" ? consoleLink(region, place) : s3Uri(place);

const linkToRendition = (key: string, { region, destinationBucket, links }: NoticePlaces): string => {
  const place = { bucket: destinationBucket, key };
  switch (links.kind) {
    case "console":
      return consoleLink(region, place);
    case "base":
      return servedLink(links.url, key);
    case "none":
      return s3Uri(place);
    default:
      return links satisfies never;
  }
};

const imageFacts = ({ format, width, height, pages, isPreview }: ImageInfo): readonly string[] => [
  format.toUpperCase(),
  `${width} x ${height} pixels${isPreview === true ? " of the JPEG preview in it, which was used" : ""}`,
  ...(pages > 1 ? [`${pages} pages or frames, of which the first was used`] : []),
];

const originalLines = ({ upload, image }: Asset, places: NoticePlaces): readonly string[] => [
  "Original",
  [
    ...(image === undefined ? [] : imageFacts(image)),
    sizeText(upload.sizeBytes),
    `uploaded ${upload.uploadTime}`,
  ].join(", "),
  linkToOriginal(upload, places),
];

const renditionLines = (
  { name, key, format, width, height, sizeBytes }: StoredRendition,
  originalBytes: number,
  places: NoticePlaces,
): readonly string[] => [
  "",
  `${name}, ${format}: ${width} x ${height} pixels, ${sizeText(sizeBytes)}, ${saving(originalBytes, sizeBytes)}`,
  linkToRendition(key, places),
];

const textOf = (lines: readonly string[]): string => `${lines.map(printable).join("\n")}\n`;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const processedBody = (asset: ProcessedAsset, places: NoticePlaces): string => {
  const { upload, renditions } = asset;
  const head = [
    `${upload.key} was processed in ${decimal(asset.durationMs / 1000)} s.`,
    "",
    ...originalLines(asset, places),
    "",
    `Renditions: ${renditions.length}, in the bucket ${places.destinationBucket}`,
  ];
  const blocks = renditions.map((rendition) => renditionLines(rendition, upload.sizeBytes, places));
  for (let listed = blocks.length; listed > 0; listed -= 1) {
    const left = blocks.length - listed;
    const tail = left === 0 ? [] : ["", `and ${left} more; the asset record lists them all.`];
    const body = textOf([...head, ...blocks.slice(0, listed).flat(), ...tail]);
    if (bytesOf(body) <= MAX_BODY_BYTES) return body;
  }
  return textOf(head);
};

const failedBody = (asset: FailedAsset, places: NoticePlaces): string =>
  textOf([
    `${asset.upload.key} was not processed.`,
    "",
    `Reason: ${asset.reason.code}`,
    asset.reason.message,
    "",
    "What to do",
    whatToDo(asset.reason.code),
    "",
    ...originalLines(asset, places),
  ]);

const text = (value: string): NoticeAttribute => ({ type: "String", value: printable(value) });

const attributes = (asset: Asset): Notice["attributes"] => ({
  state: text(asset.state),
  imageKey: text(asset.upload.key),
  ...(asset.state === "FAILED" ? { reasonCode: text(asset.reason.code) } : {}),
  ...(asset.image === undefined ? {} : { format: text(asset.image.format) }),
  renditions: { type: "Number", value: String(asset.state === "FAILED" ? 0 : asset.renditions.length) },
});

/** Whether people are told what became of an upload. */
export const isWorthANotice = ({ state }: Asset, notices: Notices): boolean =>
  notices === "every" || state === "FAILED";

/** Writes the notice for an asset. Its subject is constant: SNS allows a subject neither line breaks nor most Unicode. */
export const noticeFor = (asset: Asset, places: NoticePlaces): Notice => ({
  subject: asset.state === "FAILED" ? "Image Not Processed" : "New Image Processed",
  body: asset.state === "FAILED" ? failedBody(asset, places) : processedBody(asset, places),
  attributes: attributes(asset),
});
