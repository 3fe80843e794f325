import { setMaxListeners } from "node:events";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { optionsOrUsage, runCommand } from "../../operator/command.ts";
import { say, sayAside, sayUsage } from "../../operator/output.ts";
import { sendsDigests } from "../../operator/outputs.ts";
import type { RunningPipeline } from "../../operator/running.ts";
import { Journeys } from "../../page/journeys.ts";
import { openedText, servePage } from "../../page/server.ts";
import { PROFILE, PROFILE_FILE, removeProfile, writeProfile } from "../emulator/cli-profile.ts";
import { LocalError } from "../errors.ts";
import { watchDropFolder } from "./drop-folder.ts";
import { uploadFollower } from "./follow-uploads.ts";
import { mailLines } from "./mailbox.ts";
import { localTarget } from "./page-target.ts";
import { type Pipeline, startPipeline } from "./pipeline.ts";
import { progressText } from "./progress-text.ts";
import { claim, publish, release } from "./running.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const DROP_FOLDER = join(ROOT, "drop");
const LOG_FILE = join(ROOT, ".cache", "local", "emulator.log");

const USAGE = `npm start -- [--set KEY=VALUE ...]
Runs the pipeline on this machine. --set changes a setting of image-pipeline (README.md lists them), as in
  npm start -- --set maxImagePixels=20000000`;

const clock = (): string => new Date().toTimeString().slice(0, 8);

const tell = (key: string, [first = "", ...details]: readonly string[]): void =>
  say(`${clock()}  ${key}: ${first}`, ...details.map((detail) => `          ${detail}`));

const settingsOf = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) {
        throw new LocalError(`--set ${pair}: expected KEY=VALUE.\n\n${USAGE}`);
      }
      return [pair.slice(0, at).replace(/^image-pipeline:/, ""), pair.slice(at + 1)];
    }),
  );

const parseOptions = (args: readonly string[]) =>
  optionsOrUsage(
    USAGE,
    () =>
      parseArgs({
        args: [...args],
        options: {
          set: { type: "string", multiple: true, default: [] },
          help: { type: "boolean", short: "h" },
        },
      }).values,
  );

/** The AWS CLI's options; variables of the user's would go before what a profile says of the same. */
const cliCommand = ({ endpoint, authorityFile, credentials, region }: RunningPipeline): string =>
  [
    ...(credentials === undefined ? ["aws"] : [`AWS_CONFIG_FILE="${PROFILE_FILE}" aws --profile ${PROFILE}`]),
    `--region ${region} --endpoint-url ${endpoint}`,
    ...(authorityFile === undefined ? [] : [`--ca-bundle ${authorityFile}`]),
  ].join(" \\\n    ");

const welcomeLines = (running: RunningPipeline, page: string): readonly string[] => {
  const { endpoint, outputs } = running;
  const drop = relative(process.cwd(), DROP_FOLDER) || ".";
  const own = running.logFile === undefined;
  return `
The pipeline is ready, at ${endpoint}${own ? " (AWS_ENDPOINT_URL)" : ", an AWS emulator of its own"}.
  originals go to       s3://${outputs.sourceBucket}
  renditions come to    s3://${outputs.destinationBucket}
  made by the function  ${outputs.functionName}
  recorded in           ${outputs.tableName}
  notices come from     ${outputs.topicArn}
${own ? "" : `  emulator's output     ${relative(process.cwd(), LOG_FILE)}\n`}
See it work, in a browser:
  ${page}

Upload an image, there or here:
  copy it into          ${drop}/        a folder in it becomes part of the key
  or in another window  npm run upload -- FILE...
${sendsDigests(outputs) ? "\nHave the digest sent now, in another window:\n  npm run digest\n" : ""}
Look around with the AWS CLI:
  ${cliCommand(running)} \\
    s3 ls --recursive s3://${outputs.destinationBucket}

Stop with Ctrl-C.${own ? "" : " Everything is gone then; files in the drop folder stay, and are uploaded at the next start."}
`.split("\n");
};

/** Other commands find nothing any more. */
const forget = (): void => {
  removeProfile();
  release();
};

/** Resolves when the user wants to stop; a second time they get what they want at once. */
const stopAsked = (stopping: AbortController): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (stopping.signal.aborted) {
          forget();
          process.exit(130);
        }
        stopping.abort();
        resolve();
      });
    }
  });

const tellMails = async (pipeline: Pipeline, signal: AbortSignal): Promise<void> => {
  for await (const mail of pipeline.mailbox.mails(signal)) {
    say(`${clock()}  A mail has come:`, ...mailLines(mail).map((line) => `          | ${line}`));
  }
};

const runningOf = ({ emulator, aws, outputs }: Pipeline): RunningPipeline => {
  const { endpoint, authorityFile, logFile, credentials } = emulator;
  return { endpoint, authorityFile, logFile, credentials, region: aws.region, outputs };
};

const run = async (pipeline: Pipeline, stopping: AbortController, stop: Promise<void>): Promise<number> => {
  const { signal } = stopping;
  const journeys = new Journeys();
  const follower = uploadFollower(
    pipeline,
    journeys,
    signal,
    (key, progress) => tell(key, progressText(progress, sendsDigests(pipeline.outputs))),
    (key, error) => tell(key, [`could not be followed further: ${error}`]),
  );
  const page = await servePage({
    target: localTarget(pipeline, journeys, follower.follow),
    onEntry: (address) => say(`${clock()}  ${openedText(address)}`),
  });
  const telling = Promise.all([follower.followAll(), tellMails(pipeline, signal)]);
  const watcher = await watchDropFolder(DROP_FOLDER, ({ file, key }) => {
    pipeline.upload(file, key).catch((error: unknown) => {
      if (!signal.aborted) {
        tell(key, [`could not be uploaded: ${error instanceof Error ? error.message : error}`]);
      }
    });
  });
  say(...welcomeLines(runningOf(pipeline), page.address));
  const end = await Promise.race([
    stop.then(() => "asked" as const),
    pipeline.emulator.ended.then(() => "emulator" as const),
    telling.then(
      () => "asked" as const,
      (error: unknown) => error,
    ),
  ]);
  stopping.abort();
  await page.close();
  await watcher.close();
  if (end === "asked") {
    say("", "Stopping.");
    return 0;
  }
  sayAside(
    end === "emulator"
      ? `The AWS emulator has ended by itself; its output is in ${LOG_FILE}.`
      : `The pipeline can't be followed any further: ${end}`,
  );
  return 1;
};

await runCommand(async () => {
  const { set, help } = parseOptions(process.argv.slice(2));
  if (help) {
    sayUsage(USAGE);
    return 0;
  }
  const settings = settingsOf(set);
  claim();
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const stop = stopAsked(stopping);
  try {
    const pipeline = await startPipeline({
      logFile: LOG_FILE,
      settings,
      onProgress: (step) => say(`${step} ...`),
    });
    try {
      if (stopping.signal.aborted) {
        return 0;
      }
      publish(runningOf(pipeline));
      writeProfile(runningOf(pipeline));
      return await run(pipeline, stopping, stop);
    } finally {
      await pipeline.close();
    }
  } finally {
    forget();
  }
});
