import { sizeText } from "../byte-size.ts";
import type { PermanentCode } from "../errors.ts";
import type { Upload } from "../events/s3-event.ts";
import type { Asset, FailedAsset, ProcessedAsset, StoredRendition } from "../record/asset.ts";
import type { FailedTry } from "../record/failed-try.ts";
import type { NoticePlaces } from "../settings/notice-places.ts";
import type { Notices, Settings } from "../settings/settings.ts";
import { SOURCE_FORMATS } from "../source/image-format.ts";
import type { ImageInfo } from "../source/image-info.ts";
import { mailedReason, quotedKey } from "./mailed-text.ts";
import {
  decimal,
  fits,
  linkToOriginal,
  linkToRendition,
  type Notice,
  numberAttribute,
  saving,
  stringAttribute,
  textOf,
} from "./text.ts";

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
  SOURCE_ENCRYPTED_BY_CUSTOMER:
    "Upload it again without an encryption key in the request: the bucket encrypts it by itself.",
  SOURCE_KEY_UNUSABLE:
    "Upload it again without naming a KMS key: the bucket encrypts it by itself. Or let the function's role decrypt with that key, and see that it is enabled; then run npm run reprocess -- --state FAILED.",
} satisfies Record<PermanentCode, string>;

/** What whoever uploaded an original can do about its failure. */
export const whatToDo = (code: PermanentCode): string => WHAT_TO_DO[code];

const imageFacts = ({ format, width, height, pages, isPreview }: ImageInfo): readonly string[] => [
  format.toUpperCase(),
  `${width} x ${height} pixels${isPreview === true ? " of the JPEG preview in it, which was used" : ""}`,
  ...(pages > 1 ? [`${pages} pages or frames, of which the first was used`] : []),
];

const uploadLines = (upload: Upload, facts: readonly string[], places: NoticePlaces): readonly string[] => [
  "Original",
  [...facts, sizeText(upload.sizeBytes), `uploaded ${upload.uploadTime}`].join(", "),
  linkToOriginal(upload, places),
];

const originalLines = ({ upload, image }: Asset, places: NoticePlaces): readonly string[] =>
  uploadLines(upload, image === undefined ? [] : imageFacts(image), places);

const renditionLines = (
  { name, key, format, width, height, sizeBytes }: StoredRendition,
  originalBytes: number,
  places: NoticePlaces,
): readonly string[] => [
  "",
  `${name}, ${format}: ${width} x ${height} pixels, ${sizeText(sizeBytes)}, ${saving(originalBytes, sizeBytes)}`,
  linkToRendition(key, places),
];

const processedBody = (asset: ProcessedAsset, places: NoticePlaces): string => {
  const { upload, renditions } = asset;
  const head = [
    `${quotedKey(upload.key)} was processed in ${decimal(asset.durationMs / 1000)} s.`,
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
    if (fits(body)) return body;
  }
  return textOf(head);
};

const failedBody = (asset: FailedAsset, places: NoticePlaces): string =>
  textOf([
    `${quotedKey(asset.upload.key)} was not processed.`,
    "",
    `Reason: ${asset.reason.code}`,
    mailedReason(asset.reason.message),
    "",
    "What to do",
    whatToDo(asset.reason.code),
    "",
    ...originalLines(asset, places),
  ]);

/** Writes the notice that every try at an upload has failed, on something that another one might not fail on. */
export const givenUpNotice = (
  upload: Upload,
  { code, sentence }: FailedTry,
  { maxReceiveCount, ...places }: NoticePlaces & Pick<Settings, "maxReceiveCount">,
): Notice => ({
  subject: "Image Not Processed",
  body: textOf([
    `${upload.key} was not processed: given up after ${maxReceiveCount} ${maxReceiveCount === 1 ? "try" : "tries"}.`,
    "",
    `Reason of the last one: ${code}`,
    sentence,
    "",
    "What to do",
    "Mend the cause, then bring it back with npm run redrive. Until then its message is kept as a dead letter, for 14 days.",
    "",
    ...uploadLines(upload, [], places),
  ]),
  attributes: {
    state: stringAttribute("GIVEN_UP"),
    imageKey: stringAttribute(upload.key),
    reasonCode: stringAttribute(code),
    renditions: numberAttribute(0),
  },
});

const attributes = (asset: Asset): Notice["attributes"] => ({
  state: stringAttribute(asset.state),
  imageKey: stringAttribute(asset.upload.key),
  ...(asset.state === "FAILED" ? { reasonCode: stringAttribute(asset.reason.code) } : {}),
  ...(asset.image === undefined ? {} : { format: stringAttribute(asset.image.format) }),
  renditions: numberAttribute(asset.state === "FAILED" ? 0 : asset.renditions.length),
});

/** Whether people are told by a mail of its own what became of an upload. */
export const isWorthANotice = ({ state }: Asset, notices: Notices): boolean =>
  notices === "every" || state === "FAILED";

/** Writes the notice for an asset. Its subject is constant: SNS allows a subject neither line breaks nor most Unicode. */
export const noticeFor = (asset: Asset, places: NoticePlaces): Notice => ({
  subject: asset.state === "FAILED" ? "Image Not Processed" : "New Image Processed",
  body: asset.state === "FAILED" ? failedBody(asset, places) : processedBody(asset, places),
  attributes: attributes(asset),
});
