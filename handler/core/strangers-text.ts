/**
 * Text that strangers chose, such as keys, tags, EXIF and messages that repeat them, made safe to show. `plain` is what
 * everything that shows text to people goes through: terminals, mails, log lines, errors and the page.
 */

/** Scripts whose letters join, and that spell with U+200C and U+200D whether they do. */
const JOINING = [
  "Arabic",
  "Syriac",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Oriya",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join("");

const EMOJI = "\\p{Extended_Pictographic}[\\p{Emoji_Modifier}\\uFE0E\\uFE0F]?";

/** Where characters that are invisible elsewhere belong to what one sees. */
const VISIBLE = [
  // The flags of England, Scotland and Wales: gbeng, gbsct, gbwls.
  "\\u{1F3F4}\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}",
  `${EMOJI}(?:\\u200D${EMOJI})*`,
  "[0-9#*]\\uFE0F\\u20E3",
  "\\p{Ideographic}[\\uFE00-\\uFE02\\u{E0100}-\\u{E01EF}]",
  `(?<=[${JOINING}])[\\u200C\\u200D](?=[${JOINING}])`,
].join("|");

/** Marks on one letter beyond which they cover the lines around it; no language puts as many. */
const MOST_MARKS = 8;

/**
 * Controls, line breaks, what turns the direction of text, what is invisible, lone surrogates, and code points that
 * are private or not assigned.
 */
const UNFIT = `[\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]|(?<=\\p{M}{${MOST_MARKS}})\\p{M}`;

const PARTS = new RegExp(`(${VISIBLE})|${UNFIT}`, "gu");

/** Most text, which needs no closer look. */
const ASCII = /^[ -~]*$/;

/** How a character that is not fit to be shown is written: `\u{202e}`. */
export const escaped = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`;

/**
 * Text of strangers as one line that cannot move the cursor, break, turn around or hide a part: what could is written
 * as an escape. Ordinary text of any language, emoji included, stays as it is.
 */
export const plain = (text: string): string =>
  ASCII.test(text) ? text : text.replace(PARTS, (part, visible?: string) => visible ?? escaped(part));

/** The lines of a text, each of them plain: for text of ours with line breaks, never for a single key. */
export const plainLines = (text: string): string => text.split("\n").map(plain).join("\n");

/** A value as JSON for programs, to be printed: what `plain` would escape is escaped in JSON's own way, so that it reads back the same. */
export const plainJson = (value: unknown, indent = 2): string =>
  // JSON has line feeds between its parts only.
  JSON.stringify(value, undefined, indent)
    .split("\n")
    .map((line) =>
      line.replace(
        PARTS,
        (part, visible?: string) =>
          visible ??
          part
            .split("")
            .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
            .join(""),
      ),
    )
    .join("\n");
