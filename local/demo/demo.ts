import { join } from "node:path";
import { sizeText } from "../../handler/core/byte-size.ts";
import { runCommand } from "../../operator/command.ts";
import { durationText } from "../../operator/duration-text.ts";
import { say, sayAside } from "../../operator/output.ts";
import { type DemoPhoto, demoPhotos } from "../../page/sample-photos.ts";
import type { Mail } from "../start/mailbox.ts";
import { type Pipeline, startPipeline } from "../start/pipeline.ts";
import { demoProblems } from "./demo-checks.ts";

const LOG_FILE = join(import.meta.dirname, "..", "..", ".cache", "local", "demo-emulator.log");
const MAIL_WAIT_MS = 10_000;

type Outcome = {
  readonly row: readonly string[];
  readonly problems: readonly string[];
};

const mailAbout = async (pipeline: Pipeline, key: string): Promise<Mail | undefined> => {
  for await (const mail of pipeline.mailbox.mails(AbortSignal.timeout(MAIL_WAIT_MS))) {
    if (mail.attributes["imageKey"] === key) {
      return mail;
    }
  }
  return undefined;
};

const processPhoto = async (pipeline: Pipeline, photo: DemoPhoto): Promise<Outcome> => {
  const { key, about, bytes } = photo;
  const start = performance.now();
  const uploaded = await pipeline.upload(bytes, key);
  const record = await pipeline.waitForRecord(uploaded);
  const mail = await mailAbout(pipeline, key);
  const elapsed = performance.now() - start;
  const problems = await demoProblems(pipeline, photo, record, mail);
  const { Renditions = [] } = record;
  const bytesOut = Renditions.reduce((sum, { SizeBytes }) => sum + SizeBytes, 0);
  return {
    problems,
    row: [
      problems.length === 0 ? "ok" : "WRONG",
      key,
      about,
      record.Format === undefined ? "-" : `${record.Format} ${record.Width} x ${record.Height}`,
      sizeText(bytes.length),
      record.State === "FAILED" ? (record.ReasonCode ?? "-") : `${Renditions.length} renditions`,
      record.State === "FAILED" ? "-" : sizeText(bytesOut),
      record.DurationMs === undefined ? "-" : durationText(record.DurationMs),
      durationText(elapsed),
    ],
  };
};

const HEADINGS = ["", "key", "what", "read as", "size", "outcome", "made", "work", "until mailed"] as const;

const tableLines = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(HEADINGS), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
};

await runCommand(async () => {
  say("taking photos ...");
  const photos = await demoPhotos();
  const pipeline = await startPipeline({
    logFile: LOG_FILE,
    onProgress: (step) => say(`${step} ...`),
  });
  try {
    say(`uploading ${photos.length} files ...`, "");
    const outcomes: Outcome[] = [];
    for (const photo of photos) {
      outcomes.push(await processPhoto(pipeline, photo));
    }
    say(...tableLines(outcomes.map(({ row }) => row)));
    const problems = outcomes.flatMap((outcome) => outcome.problems);
    if (problems.length > 0) {
      sayAside("", `${problems.length} things are wrong:`, ...problems.map((line) => `  ${line}`));
      return 1;
    }
    say("", "Every rendition, record and mail is as it must be.");
    return 0;
  } finally {
    await pipeline.close();
  }
});
