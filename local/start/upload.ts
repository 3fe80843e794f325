import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { plain } from "../../handler/core/strangers-text.ts";
import { optionsOrUsage, runCommand } from "../../operator/command.ts";
import { OperatorError } from "../../operator/errors.ts";
import { say, sayError, sayUsage } from "../../operator/output.ts";
import { sendsDigests } from "../../operator/outputs.ts";
import { DeployedPipeline } from "../../operator/uploads/deployed-pipeline.ts";
import { follow } from "../../operator/uploads/follow.ts";
import { connect } from "../emulator/aws.ts";
import { LocalError } from "../errors.ts";
import { progressText } from "./progress-text.ts";
import { findRunning } from "./running.ts";

const USAGE = `npm run upload -- FILE... [--key KEY]
Uploads files to the pipeline that \`npm start\` runs, and tells what becomes of them. A file's key is its name;
--key gives a single file another.`;

type Upload = {
  readonly file: string;
  readonly key: string;
};

const parse = (args: readonly string[]) =>
  optionsOrUsage(USAGE, () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: "string" }, help: { type: "boolean", short: "h" } },
    }),
  );

const uploadsOf = (files: readonly string[], key: string | undefined): Upload[] => {
  if (files.length === 0) {
    throw new LocalError(`Expected at least one FILE.\n\n${USAGE}`);
  }
  if (key !== undefined && files.length > 1) {
    throw new LocalError(`--key takes a single FILE, but there are ${files.length}.`);
  }
  // npm runs commands in the project's folder; paths are meant from where the user is.
  const from = process.env["INIT_CWD"] ?? process.cwd();
  const uploads = files.map((file) => ({ file: resolve(from, file), key: key ?? basename(file) }));
  const twice = uploads.find((one, index) => uploads.findIndex((other) => other.key === one.key) !== index);
  if (twice !== undefined) {
    throw new LocalError(`Two files would be ${plain(twice.key)}: upload them one by one, with --key.`);
  }
  return uploads;
};

/** Whether the upload ended well. */
const uploadAndTell = async (pipeline: DeployedPipeline, { file, key }: Upload): Promise<boolean> => {
  const uploaded = await pipeline.upload(file, key);
  say(`${key}: uploaded`);
  let isGood = false;
  for await (const progress of follow(pipeline, uploaded, new AbortController().signal)) {
    const [first = "", ...details] = progressText(progress, sendsDigests(pipeline.outputs));
    say(`${key}: ${first}`, ...details.map((detail) => `  ${detail}`));
    isGood ||= progress.kind === "processed";
  }
  return isGood;
};

await runCommand(async () => {
  const { values, positionals } = parse(process.argv.slice(2));
  if (values.help) {
    sayUsage(USAGE);
    return 0;
  }
  const uploads = uploadsOf(positionals, values.key);
  const running = findRunning();
  const { endpoint, authorityFile, credentials } = running;
  const aws = connect({ endpoint, authorityFile, credentials }, running.region);
  const pipeline = new DeployedPipeline(aws, running.outputs);
  try {
    const outcomes = await Promise.allSettled(uploads.map((upload) => uploadAndTell(pipeline, upload)));
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") {
        sayError(outcome.reason, outcome.reason instanceof OperatorError);
      }
    }
    return outcomes.every((outcome) => outcome.status === "fulfilled" && outcome.value) ? 0 : 1;
  } finally {
    aws.close();
  }
});
