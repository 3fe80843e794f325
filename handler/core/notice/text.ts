import { bucketLink, consoleLink, type ObjectPlace, s3BucketUri, s3Uri, servedLink } from "../record/link.ts";
import type { NoticePlaces } from "../settings/notice-places.ts";
import { plain } from "../strangers-text.ts";
import { mailedKey } from "./mailed-text.ts";

export type NoticeAttribute = { readonly type: "String" | "Number"; readonly value: string };

/** A message to people: what became of their uploads. Attributes are for subscriptions' filter policies. */
export type Notice = {
  readonly subject: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, NoticeAttribute>>;
};

/**
 * What is left of SNS's 256 KiB for the text when the attributes, with a key of up to 1,024 bytes, are taken off
 * (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
export const MAX_BODY_BYTES = 250 * 1024;

/** What SNS can hold, for programs: controls and code points that are no characters are left out of it. */
const sendable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\u{FFFE}\u{FFFF}]/gu, "\u{FFFD}");

/** The text of a notice: its lines, whatever keys hold. */
export const textOf = (lines: readonly string[]): string => `${lines.map(plain).join("\n")}\n`;

export const fits = (text: string): boolean => new TextEncoder().encode(text).length <= MAX_BODY_BYTES;

export const stringAttribute = (value: string): NoticeAttribute => ({
  type: "String",
  value: sendable(value),
});

export const numberAttribute = (value: number): NoticeAttribute => ({ type: "Number", value: String(value) });

/** A number with one decimal. */
export const decimal = (value: number): string =>
  value.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** How much smaller renditions are; cut, not rounded, so that nothing that is left becomes 100 % smaller. */
export const saving = (originalBytes: number, renditionBytes: number): string => {
  const percent = Math.trunc((1 - renditionBytes / originalBytes) * 1000) / 10;
  return `${decimal(Math.abs(percent))} % ${percent < 0 ? "larger" : "smaller"}`;
};

/** For people: it stands in the mail as keys do there, and is the whole of it for an ordinary key only. */
const uriOf = ({ bucket, key }: ObjectPlace): string => s3Uri({ bucket, key: mailedKey(key) });

export const linkToOriginal = (
  place: ObjectPlace,
  { region, links }: Pick<NoticePlaces, "region" | "links">,
): string => (links.kind === "console" ? consoleLink(region, place) : uriOf(place));

export const linkToRendition = (key: string, { region, destinationBucket, links }: NoticePlaces): string => {
  const place = { bucket: destinationBucket, key };
  switch (links.kind) {
    case "console":
      return consoleLink(region, place);
    case "base":
      return servedLink(links.url, key);
    case "none":
      return uriOf(place);
    default:
      return links satisfies never;
  }
};

/** Where all renditions are. What serves them by an address of its own lists none. */
export const linkToRenditions = ({ region, destinationBucket, links }: NoticePlaces): string =>
  links.kind === "console" ? bucketLink(region, destinationBucket) : s3BucketUri(destinationBucket);
