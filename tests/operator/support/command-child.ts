import { z } from "zod";
import { operate } from "../../../operator/cli/options.ts";
import { reprocessCommand } from "../../../operator/cli/reprocess.ts";
import { verifyCommand } from "../../../operator/cli/verify.ts";
import { emulatedTarget } from "../../../operator/target.ts";

/** What a test hands over of the pipeline that it has started. */
const pipeline = z.custom<Parameters<typeof emulatedTarget>[0]>((value) => typeof value === "object");

// The command sees its own arguments, as npm would give them.
const [name] = process.argv.splice(2, 1);
const find = async () => emulatedTarget(pipeline.parse(JSON.parse(process.env["PIPELINE"] ?? "")));

if (name === "verify") await operate(verifyCommand, find);
else if (name === "reprocess") await operate(reprocessCommand, find);
else throw new Error(`Expected the name of a command, got ${name}.`);
