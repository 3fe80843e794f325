import { z } from "zod";
import { digestCommand } from "../../../operator/cli/digest.ts";
import { failuresCommand } from "../../../operator/cli/failures.ts";
import { runOperatorCommand } from "../../../operator/cli/options.ts";
import { presignCommand } from "../../../operator/cli/presign.ts";
import { redriveCommand } from "../../../operator/cli/redrive.ts";
import { reprocessCommand } from "../../../operator/cli/reprocess.ts";
import { searchCommand } from "../../../operator/cli/search.ts";
import { statusCommand } from "../../../operator/cli/status.ts";
import { verifyCommand } from "../../../operator/cli/verify.ts";
import { emulatedTarget } from "../../../operator/target.ts";

/** What a test hands over of the pipeline that it has started. */
const pipeline = z.custom<Parameters<typeof emulatedTarget>[0]>((value) => typeof value === "object");

const find = async () => emulatedTarget(pipeline.parse(JSON.parse(process.env["PIPELINE"] ?? "")));

const COMMANDS = {
  digest: () => runOperatorCommand(digestCommand, find),
  failures: () => runOperatorCommand(failuresCommand, find),
  presign: () => runOperatorCommand(presignCommand, find),
  redrive: () => runOperatorCommand(redriveCommand, find),
  reprocess: () => runOperatorCommand(reprocessCommand, find),
  search: () => runOperatorCommand(searchCommand, find),
  status: () => runOperatorCommand(statusCommand, find),
  verify: () => runOperatorCommand(verifyCommand, find),
};
export type CommandName = keyof typeof COMMANDS;

const isCommand = (word: string | undefined): word is CommandName =>
  word !== undefined && Object.hasOwn(COMMANDS, word);

// The command sees its own arguments, as npm would give them.
const [name] = process.argv.splice(2, 1);
if (!isCommand(name)) throw new Error(`Expected the name of a command, got ${name}.`);
await COMMANDS[name]();
