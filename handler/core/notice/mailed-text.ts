import { escaped, plain } from "../strangers-text.ts";

/**
 * Endings of files that no top-level domain is called (https://data.iana.org/TLD/tlds-alpha-by-domain.txt): mail
 * programs make no link of a name that ends so.
 */
const FILE_ENDINGS = new Set(
  (
    "arw avi avif bmp csv dng docx eps exif gif gz heic heif html ico jfif jpe jpeg jpg json jxl nef orf pdf png psd " +
    "raf rar raw svg tar tif tiff txt wav webp xlsx xml"
  ).split(" "),
);

/** Whether a mail program may take the last part of a name with dots for a top-level domain. */
const mayBeDomain = (ending: string): boolean =>
  /^(?:xn--.+|[\p{L}\p{M}-]{2,})$/iu.test(ending) && !FILE_ENDINGS.has(ending.toLowerCase());

/** Names with dots between their parts, dots that end a sentence left out. */
const DOTTED = /(?<![\p{L}\p{M}\p{N}_-])[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)+/gu;

/** What begins a link by itself, up to the character that makes it one. */
const BEGINNINGS =
  /(?<=[a-z0-9+.-]):(?=\/\/)|(?<=\b(?:mailto|tel|sms|callto|skype|xmpp|magnet)):|(?<=\bwww)\./gi;

/** Plain text of which no mail program makes a link: the colon or the dots that it would see one by are escapes. */
const withoutLinks = (text: string): string =>
  text
    .replace(DOTTED, (name) =>
      mayBeDomain(name.slice(name.lastIndexOf(".") + 1)) ? name.replaceAll(".", escaped) : name,
    )
    .replace(BEGINNINGS, escaped);

/** What is not cut apart: escapes, and characters with their marks and what they are joined with. */
const PIECES = /\\u\{[0-9a-f]{1,6}\}|.(?:\p{M}|\p{Emoji_Modifier}|\p{Cf}|(?<=\u200D).)*/gsu;

/** As many of the pieces as fit into a length. */
const within = (from: readonly string[], length: number): readonly string[] => {
  let left = length;
  const beyond = from.findIndex((piece) => {
    left -= piece.length;
    return left < 0;
  });
  return beyond === -1 ? from : from.slice(0, beyond);
};

/** The beginning and the end of a text that is longer than `length` in UTF-16 code units; the end tells a key's format. */
const shortened = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const all = text.match(PIECES) ?? [];
  const endLength = Math.floor(length / 3);
  const end = within(all.toReversed(), endLength).toReversed();
  return [...within(all, length - 1 - endLength), "…", ...end].join("");
};

/** Longest key in a mail, in UTF-16 code units: a name, but hardly a message. */
const KEY_LENGTH = 120;
/** Longest reason in a mail; those of the pipeline itself are shorter. */
const REASON_LENGTH = 500;

/** A key in a mail: one line, without links, and no longer than a name. */
export const mailedKey = (key: string): string => shortened(withoutLinks(plain(key)), KEY_LENGTH);

/** A key in a sentence of a mail; nothing in it ends its quotation marks. */
export const quotedKey = (key: string): string =>
  `"${shortened(withoutLinks(plain(key)).replaceAll('"', escaped), KEY_LENGTH)}"`;

/** A reason in a mail, which may repeat what is in a file. */
export const mailedReason = (reason: string): string => shortened(withoutLinks(plain(reason)), REASON_LENGTH);
