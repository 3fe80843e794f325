/** What strangers may call a file, and how it is shown. */
export type HostileText = {
  readonly what: string;
  readonly text: string;
  /** On one line of a terminal, a log or the page. */
  readonly shown: string;
  /** In a mail; as elsewhere unless it says otherwise. */
  readonly mailed?: string;
};

const RISKY_SENTENCE = "Your account is locked. Unlock it at https://login.example-bank.com/now ";

export const HOSTILE_TEXTS: readonly HostileText[] = [
  {
    what: "clears the screen",
    text: "a\u{1B}[2J\u{1B}]0;title\u{7}.jpg",
    shown: "a\\u{1b}[2J\\u{1b}]0;title\\u{7}.jpg",
  },
  { what: "moves the cursor by C1", text: "a\u{9B}2J\u{7F}.jpg", shown: "a\\u{9b}2J\\u{7f}.jpg" },
  {
    what: "forges a line",
    text: "a.jpg\r\nb.jpg: mailed\tok",
    shown: "a.jpg\\u{d}\\u{a}b.jpg: mailed\\u{9}ok",
  },
  {
    what: "breaks a line in Unicode's ways",
    text: "a\u{2028}b\u{2029}c\u{85}d.jpg",
    shown: "a\\u{2028}b\\u{2029}c\\u{85}d.jpg",
  },
  {
    what: "turns its ending around",
    text: "photo\u{202E}gpj.exe",
    shown: "photo\\u{202e}gpj.exe",
    mailed: "photo\\u{202e}gpj\\u{2e}exe",
  },
  {
    what: "turns its line around",
    text: "\u{2066}\u{200F}a\u{61C}\u{2069}\u{200E}.jpg",
    shown: "\\u{2066}\\u{200f}a\\u{61c}\\u{2069}\\u{200e}.jpg",
  },
  {
    what: "hides a part",
    text: "in\u{200B}vi\u{AD}si\u{2060}ble\u{FEFF}\u{E0041}\u{3164}.jpg",
    shown: "in\\u{200b}vi\\u{ad}si\\u{2060}ble\\u{feff}\\u{e0041}\\u{3164}.jpg",
  },
  {
    what: "covers its neighbours with marks",
    text: `a${"\u{301}".repeat(10)}.jpg`,
    shown: `a${"\u{301}".repeat(8)}\\u{301}\\u{301}.jpg`,
  },
  {
    what: "is not assigned or private",
    text: "a\u{E000}\u{FFFE}\u{378}.jpg",
    shown: "a\\u{e000}\\u{fffe}\\u{378}.jpg",
  },
  {
    what: "holds a link",
    text: "see https://evil.example/a.jpg",
    shown: "see https://evil.example/a.jpg",
    mailed: "see https\\u{3a}//evil\\u{2e}example/a.jpg",
  },
  {
    what: "holds a message and a link",
    text: `${RISKY_SENTENCE.repeat(12)}.jpg`,
    shown: `${RISKY_SENTENCE.repeat(12)}.jpg`,
    mailed:
      "Your account is locked. Unlock it at https\\u{3a}//login\\u{2e}example-bank\\u{2e}…ogin\\u{2e}example-bank\\u{2e}com/now .jpg",
  },
];

/** Ordinary names, which are shown as they are. */
export const ORDINARY_TEXTS: readonly string[] = [
  "photo.jpg",
  "my holiday/beach+1 (2).JPG",
  "Ünïcödé/Straße.png",
  "e\u{301}te\u{301}.jpg",
  "写真/東京タワー、夜。.heic",
  "葛\u{E0100}城.jpg",
  "사진/한글.webp",
  "صورة/می\u{200C}روم.jpg",
  "क्\u{200D}ष/ශ්\u{200D}රී.jpg",
  "תמונה.gif",
  "👩‍👩‍👧‍👦 ❤️ 👍🏽 1️⃣ 🏳️‍🌈 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇩🇪 ☎︎.png",
  "Screenshot 2026-11-25 at 3.04.05\u{202F}PM.png",
  "a\\b'c\"d<e>&f%20$g`h.tiff",
];

/** Characters that no sink may pass on: told by their properties, not by the code that escapes them. */
const RAW =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\u{AD}\u{200B}\u{2060}\u{FEFF}\u{3164}\u{E0041}\u{E000}\u{FFFE}\u{378}]/u;

/** What is raw in a printed text, line feeds of its own left out. */
export const rawIn = (text: string): string | undefined => RAW.exec(text.replaceAll("\n", ""))?.[0];
