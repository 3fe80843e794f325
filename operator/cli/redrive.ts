import { say, sayJson } from "../output.ts";
import { type Redriven, redrive } from "../queue/redrive.ts";
import { countText } from "../text.ts";
import { defined, operatorCommand, runOperatorCommand, wholeNumber } from "./options.ts";
import { progressBar } from "./progress.ts";

const redrivenText = ({ found, moved, by }: Redriven, isDry: boolean): string => {
  if (found === 0) return "There are no dead letters.";
  if (isDry) return `${countText(found)} dead letters would be moved back to the ingest queue.`;
  return `${countText(moved)} of ${countText(found)} dead letters are back in the ingest queue, moved by ${by}. See \`npm run status\`.`;
};

export const redriveCommand = operatorCommand({
  usage: `npm run redrive -- [--dry-run] [--rate N] [--stack NAME] [--json]
Brings dead letters back to the ingest queue, once you have mended what made them fail (\`npm run failures\`). Each has
all its tries again. In AWS, SQS moves them by itself, also when this command is stopped; run it again to see the rest.

  --dry-run      count them, and move none
  --rate N       messages a second, 1 to 500; by default as fast as SQS can`,
  options: { "dry-run": { type: "boolean", default: false }, rate: { type: "string" } },
  run: async (target, { "dry-run": dryRun, rate, json }) => {
    const bar = progressBar("Redriving", !json);
    const redriven = await redrive(target, {
      ...defined({ rate: wholeNumber("rate", rate, 1) }),
      dryRun,
      onProgress: ({ done, of }) => bar.show(done, of),
    }).finally(() => bar.end());
    if (json) sayJson(redriven);
    else say(redrivenText(redriven, dryRun));
    return dryRun || redriven.moved >= redriven.found ? 0 : 1;
  },
});

if (import.meta.main) await runOperatorCommand(redriveCommand);
