import { afterEach, describe, expect, test, vi } from "vitest";
import { powertoolsLog } from "../handler/adapters/log.ts";
import { PipelineError } from "../handler/core/errors.ts";
import { digestFor } from "../handler/core/notice/digest.ts";
import { noticeFor } from "../handler/core/notice/notice.ts";
import type { RenditionLinks } from "../handler/core/settings/variables.ts";
import { LocalError } from "../local/errors.ts";
import { mailLines } from "../local/start/mailbox.ts";
import { progressText } from "../local/start/progress-text.ts";
import { failuresLines } from "../operator/cli/failures.ts";
import { asOperatorError, OperatorError } from "../operator/errors.ts";
import { say, sayAside, sayError, sayJson } from "../operator/output.ts";
import { tableLines } from "../operator/text.ts";
import { Refusal } from "../page/http.ts";
import { aFailedAsset, aProcessedAsset } from "./support/assets.ts";
import { HOSTILE_TEXTS, rawIn } from "./support/hostile-texts.ts";
import { anUpload } from "./support/upload-events.ts";

afterEach(() => vi.restoreAllMocks());

/** What reaches standard output and standard error. */
const printedBy = (print: () => void): string => {
  const written: string[] = [];
  const spies = (["log", "error"] as const).map((stream) =>
    vi.spyOn(console, stream).mockImplementation((text) => void written.push(`${text}`)),
  );
  print();
  for (const spy of spies) spy.mockRestore();
  return written.join("\n");
};

const record = (text: string) => ({
  ImageKey: text,
  SourceBucket: "source",
  DestinationBucket: "destination",
  UploadTime: "2026-11-23T12:00:00.000Z",
  State: "FAILED" as const,
  Sequencer: "01",
  SizeBytes: 1,
  Attempts: 1,
  ReasonCode: "CORRUPT_IMAGE",
  Reason: text,
});

const line = (text: string) => ({
  level: "ERROR",
  message: "m",
  timestamp: "t",
  error: { name: "E", message: text, cause: { name: "C", message: text } },
});

/** What shows text of strangers on one line each time: the whole output for a text. */
const LINES: Readonly<Record<string, (text: string) => string>> = {
  "a line on standard output": (text) => printedBy(() => say(`${text}: uploaded`)),
  "a line on standard error": (text) => printedBy(() => sayAside(text)),
  "a table": (text) => printedBy(() => say(...tableLines([[text, text]]))),
  "an upload that failed": (text) =>
    printedBy(() => say(...progressText({ kind: "failed", record: record(text) }))),
  "a try that failed": (text) =>
    printedBy(() =>
      say(
        ...progressText({
          kind: "given-back",
          line: line(text),
          retry: { maxReceiveCount: 5, visibilityTimeoutSeconds: 1 },
        }),
      ),
    ),
  "failures and dead letters": (text) =>
    printedBy(() =>
      say(
        ...failuresLines({
          failed: [{ key: text, uploadTime: "t", reasonCode: "X", reason: text, whatToDo: "w" }],
          unfinished: [
            { key: text, uploadTime: "t", attempts: 1, triedAt: "t", errorCode: text, error: text },
          ],
          deadLetters: [{ messageId: "1", keys: [text, text], sentAt: undefined, errors: [text] }],
        }),
      ),
    ),
  "an answer of AWS": (text) => {
    const answer = Object.assign(new Error(text), { $metadata: {}, $fault: "client" });
    return printedBy(() => sayError(asOperatorError(answer), true));
  },
  "an error of the pipeline": (text) =>
    new PipelineError("READ_FAILED", `${text} could not be read.`).message,
};

/** What keeps line breaks of its own, so that whoever writes it makes one line of a text first. */
const TEXTS: Readonly<Record<string, (text: string) => string>> = {
  "an error of a tool": (text) => printedBy(() => sayError(new OperatorError(text), true)),
  "an error of the page": (text) => new Refusal(404, text).message,
  "an error of this machine": (text) => new LocalError(text).message,
  "a fault of a tool": (text) => printedBy(() => sayError(new Error(text), false)),
};

const LINKS: readonly RenditionLinks[] = [
  { kind: "none" },
  { kind: "console" },
  { kind: "base", url: "https://img.example.com" },
];

const places = (links: RenditionLinks) => ({
  region: "eu-central-1",
  sourceBucket: "source",
  destinationBucket: "renditions",
  timeZone: "UTC",
  links,
});

const stored = (key: string) =>
  aProcessedAsset().renditions.map((each) => ({ ...each, key: `${key}/card.webp` }));

/** Mails, whatever links they have. */
const MAILS: Readonly<Record<string, (text: string, links: RenditionLinks) => ReturnType<typeof digestFor>>> =
  {
    "the notice of a processed image": (text, links) =>
      noticeFor(
        aProcessedAsset({ upload: anUpload({ key: text }), renditions: stored(text) }),
        places(links),
      ),
    "the notice of a failed image": (text, links) =>
      noticeFor(
        aFailedAsset({ upload: anUpload({ key: text }), reason: new PipelineError("CORRUPT_IMAGE", text) }),
        places(links),
      ),
    "a digest": (text, links) =>
      digestFor(
        {
          processed: 1,
          failed: 1,
          deleted: 0,
          bytesIn: 1,
          bytesOut: 1,
          failures: [{ code: "CORRUPT_IMAGE", count: 1, keys: [text] }],
        },
        { from: new Date(0), to: new Date(1) },
        new Date(1),
        places(links),
      ),
  };

/** What a mail program makes a link of: our own addresses, and anything else that looks like one. */
const linksIn = (body: string): readonly string[] =>
  body.match(/(?:[a-z][a-z0-9+.-]*:\/\/|www\.)\S+|[\p{L}\p{N}-]+\.(?:com|example|exe)\b\S*/giu) ?? [];

const OWN =
  /^(?:s3:\/\/(?:source|source-bucket|renditions)\/|https:\/\/(?:eu-central-1\.console\.aws\.amazon\.com|img\.example\.com)\/)/;

describe.each(HOSTILE_TEXTS)("a key that $what", ({ text, shown, mailed = shown }) => {
  test.each(Object.entries(LINES))("stays on its line and shows what it is in %s", (_sink, show) => {
    const printed = show(text);
    expect(rawIn(printed)).toBeUndefined();
    expect(printed.split("\n")).toHaveLength(show("photo.jpg").split("\n").length);
    expect(printed).toContain(shown);
  });

  test.each(Object.entries(TEXTS))("reaches the terminal without a raw character in %s", (_sink, show) => {
    expect(rawIn(show(text))).toBeUndefined();
  });

  test("reads back from JSON as it is, which is printed without a raw character", () => {
    const printed = printedBy(() => sayJson({ key: text }));
    expect(rawIn(printed)).toBeUndefined();
    expect(JSON.parse(printed)).toEqual({ key: text });
  });

  test.each(Object.entries(MAILS))("is a short name without a link in %s", (_mail, write) => {
    for (const links of LINKS) {
      const mail = write(text, links);
      const ordinary = write("photo.jpg", links);
      expect(mail?.subject).toBe(ordinary?.subject);
      expect(mail?.subject).toMatch(/^[ -~]{1,100}$/);
      const body = mail?.body ?? "";
      expect(rawIn(body)).toBeUndefined();
      expect(body).toContain(`"${mailed}"`);
      expect(body.split("\n")).toHaveLength(ordinary?.body.split("\n").length ?? 0);
      expect(linksIn(body).filter((link) => !OWN.test(link))).toEqual([]);
      const withoutLinks = body.split("\n").filter((each) => !each.startsWith("https://"));
      expect(Math.max(...withoutLinks.map((each) => each.length))).toBeLessThanOrEqual(520);
    }
  });

  test("is shown by npm start in a mail that somebody else published", () => {
    const mail = { from: text, to: "t", subject: text, date: new Date(0), body: text, attributes: {} };
    expect(rawIn(printedBy(() => say(...mailLines(mail))))).toBeUndefined();
  });

  test("is escaped in the log, with what AWS says of it", () => {
    const spies = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockReturnValue(true),
    );
    const log = powertoolsLog({ serviceName: "processor", logLevel: "INFO" });
    log.with({ imageKey: text }).info("Image processed", { reason: text });
    log.error(text, new PipelineError("READ_FAILED", text, { cause: new Error(text) }));
    const written = spies.flatMap(({ mock }) => mock.calls.map(([chunk]) => String(chunk))).join("");
    expect(written).toContain('"imageKey"');
    expect(rawIn(written)).toBeUndefined();
  });
});
