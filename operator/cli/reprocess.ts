import { createInterface } from "node:readline/promises";
import { sizeText } from "../../handler/core/byte-size.ts";
import { INDEXED_FORMATS } from "../../handler/core/record/index.ts";
import type { Selection } from "../../handler/core/reprocess/selection.ts";
import { OperatorError } from "../errors.ts";
import { say, sayAside, sayJson } from "../output.ts";
import { backlogOf, refuseLoss } from "../queue/backlog.ts";
import type { Estimate } from "../reprocess/estimate.ts";
import { estimateReprocess, reprocess } from "../reprocess/reprocess.ts";
import { forgetRun, readRun, runFile, writeRun } from "../reprocess/run-file.ts";
import { countText, MANY, spanText } from "../text.ts";
import { defined, oneOf, operatorCommand, runOperatorCommand, timeOption, wholeNumber } from "./options.ts";
import { progressBar } from "./progress.ts";
import { reprocessByBatch, showJob } from "./reprocess-batch.ts";

const estimateLines = ({
  originals,
  bytes,
  renditions,
  functionSeconds,
  dollars,
}: Estimate): readonly string[] => [
  `${countText(originals)} originals of ${sizeText(bytes)}, ${countText(renditions)} renditions, ` +
    `${spanText(functionSeconds)} of the function, about $${dollars.toFixed(2)} at us-east-1 list prices.`,
  ...(originals > MANY
    ? [
        "That is many for one machine: with `pulumi config set inventory daily` S3 sends the messages by itself (README.md, Beyond a million).",
      ]
    : []),
];

const confirmed = async (): Promise<boolean> => {
  if (!process.stdin.isTTY) {
    throw new OperatorError(
      "Nobody is there to say yes: add --yes to go on, or --dry-run to see the estimate alone.",
    );
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await lines.question("Go on? [y/N] "));
  } finally {
    lines.close();
  }
};

export const reprocessCommand = operatorCommand({
  usage: `npm run reprocess -- SELECTION [--dry-run] [--yes] [--reset] [--notify] [--rate N] [--resume] [--batch] [--stack NAME] [--json]
npm run reprocess -- --job ID [--stack NAME] [--json]
Processes originals once more, by messages in the ingest queue. It counts them and what that costs first, and asks.

SELECTION is one or more of these; all of them must be so:
  --prefix KEY     the key begins so
  --from DATE      uploaded then or later: 2026-11-25, or 2026-11-25T14:30:00Z
  --to DATE        uploaded then or earlier, that day included
  --state STATE    PROCESSED or FAILED
  --format NAME    ${INDEXED_FORMATS.join(", ")}
  --tag NAME=VALUE its record has this object tag
  --specs-changed  the rendition specs were others when it was processed
  --missing        the library does not know it (with --prefix alone)
  --all            every original

  --reset          the order of each key's events begins anew, with what the source bucket has now, whatever its record
                   says: after forged messages, once nobody can send any more. Records in every state are meant
  --dry-run        print the estimate, and send nothing
  --yes            do not ask
  --notify         send notices of the new outcomes; by default nobody is mailed
  --rate N         messages a second; by default 50. New uploads wait behind them
  --resume         go on with a run of the same selection that was stopped
  --batch          S3 Batch Operations sends the messages, by the newest list of S3 Inventory; by itself for more than
                   a million originals, where the stack has an inventory
  --here           this machine sends them, however many there are
  --job ID         tell how far a job of S3 Batch Operations is`,
  options: {
    prefix: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    state: { type: "string" },
    format: { type: "string" },
    tag: { type: "string" },
    "specs-changed": { type: "boolean", default: false },
    missing: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    reset: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
    yes: { type: "boolean", default: false },
    notify: { type: "boolean", default: false },
    rate: { type: "string" },
    resume: { type: "boolean", default: false },
    batch: { type: "boolean", default: false },
    here: { type: "boolean", default: false },
    job: { type: "string" },
  },
  run: async (target, values) => {
    if (values.job !== undefined) return showJob(target, values.job, values.json);
    const selection: Selection = defined({
      prefix: values.prefix === "" ? undefined : values.prefix,
      from: timeOption("from", values.from, "begin"),
      to: timeOption("to", values.to, "end"),
      state: oneOf("state", values.state, ["PROCESSED", "FAILED"] as const),
      format: oneOf("format", values.format, INDEXED_FORMATS),
      tag: values.tag,
      specsChanged: values["specs-changed"] || undefined,
      missing: values.missing || undefined,
    });
    if (Object.keys(selection).length === 0 && !values.all) {
      throw new OperatorError(
        "Which originals? Give a selection, such as --prefix holiday/ or --specs-changed, or --all.",
      );
    }
    const others = Object.keys(selection).filter((name) => name !== "missing" && name !== "prefix");
    if (selection.missing === true && others.length > 0) {
      throw new OperatorError("--missing goes with --prefix alone: the library knows nothing else of them.");
    }
    if (values.batch && (values.here || values.resume || values.rate !== undefined)) {
      throw new OperatorError("--batch goes without --here, --resume and --rate: S3 keeps count by itself.");
    }
    if (values.reset && (values.batch || values.missing || values["specs-changed"])) {
      throw new OperatorError(
        "--reset goes without --batch, --missing and --specs-changed: this machine sends it for what the library has.",
      );
    }
    const isDry = values["dry-run"];
    const { inventory = "off" } = target.outputs;
    const mayHandOver = inventory !== "off" && !values.here && !values.resume && !values.reset;
    const estimate = values.batch
      ? undefined
      : await estimateReprocess(target, selection, values, mayHandOver ? MANY : undefined);
    if (estimate === undefined || (mayHandOver && estimate.originals > MANY)) {
      if (estimate !== undefined) {
        sayAside(
          `That is more than ${countText(MANY)} originals, so S3 Batch Operations sends the messages; with --here, this machine does.`,
        );
      }
      return reprocessByBatch(target, selection, {
        notify: values.notify,
        isDry,
        json: values.json,
        confirmed: async () => values.yes || (await confirmed()),
      });
    }
    refuseLoss(await backlogOf(target, estimate), estimate);
    if (!values.json) say(...estimateLines(estimate));
    if (isDry || estimate.originals === 0 || !(values.yes || (await confirmed()))) {
      if (values.json) sayJson({ estimate, sent: 0 });
      return 0;
    }
    const file = runFile(target.outputs.tableName, {
      ...selection,
      ...(values.reset ? { reset: true } : {}),
    });
    const bar = progressBar("Sending", !values.json);
    const sent = await reprocess(target, selection, {
      ...defined({
        rate: wholeNumber("rate", values.rate, 1),
        resume: values.resume ? readRun(file) : undefined,
      }),
      notify: values.notify,
      reset: values.reset,
      onState: (state) => {
        writeRun(file, state);
        bar.show(state.sent, Math.max(estimate.originals, state.sent));
      },
    }).finally(() => bar.end());
    forgetRun(file);
    if (values.json) sayJson({ estimate, sent });
    else say(`${countText(sent)} messages are in the ingest queue. See \`npm run status\`.`);
    return 0;
  },
});

if (import.meta.main) await runOperatorCommand(reprocessCommand);
