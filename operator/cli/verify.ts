import { say, sayAside, sayJson } from "../output.ts";
import { countText, MANY } from "../text.ts";
import type { Difference } from "../verify/differences.ts";
import { type Verified, verify } from "../verify/verify.ts";
import { defined, operatorCommand, runOperatorCommand, wholeNumber } from "./options.ts";
import { progressBar } from "./progress.ts";

const lineOf = ({ kind, what, key, detail }: Difference): string =>
  `${kind.padEnd(8)}  ${what.padEnd(9)}  ${key}: ${detail}`;

const listsText = ({ lists }: Verified): string =>
  lists === undefined
    ? ""
    : ` By S3's lists of ${lists.originals} and ${lists.renditions}; what came, went or broke later was not met.`;

/** Tells once that lists are the better way, and how to get them. */
const handOver = (isListed: boolean): ((originals: number) => void) => {
  let isTold = isListed;
  return (originals) => {
    if (isTold || originals <= MANY) return;
    isTold = true;
    sayAside(
      `That is more than ${countText(MANY)} originals: \`npm run verify -- --inventory\` takes them from lists that S3 makes by itself (README.md, Beyond a million).`,
    );
  };
};

export const verifyCommand = operatorCommand({
  usage: `npm run verify -- [--prefix KEY] [--inventory] [--hash] [--grace SECONDS] [--rate N] [--stack NAME] [--json]
Compares the source bucket, the library and the destination bucket, and lists every difference: missing, orphaned,
stale or mismatched. It changes nothing. Ends with 0 when there is none, with 1 when there are some.

  --prefix KEY     only originals whose key begins so
  --inventory      take what the buckets hold from the lists of S3 Inventory, for more than about a million originals;
                   a difference that they show is looked at again
  --hash           also read every rendition and compare its hash with the record's
  --grace SECONDS  how long an upload may take before it counts; by default 900
  --rate N         renditions read a second, with --hash`,
  options: {
    prefix: { type: "string" },
    inventory: { type: "boolean", default: false },
    hash: { type: "boolean", default: false },
    grace: { type: "string" },
    rate: { type: "string" },
  },
  run: async (target, { prefix, inventory, hash, grace, rate, json }) => {
    const tellHandOver = handOver(inventory);
    const bar = progressBar("Originals", !json);
    const differences: Difference[] = [];
    const verified = await verify(
      target,
      (difference) => {
        if (json) differences.push(difference);
        else say(lineOf(difference));
      },
      {
        ...defined({
          prefix,
          graceSeconds: wholeNumber("grace", grace, 0),
          rate: wholeNumber("rate", rate, 1),
        }),
        inventory,
        hash,
        onProgress: (originals) => {
          bar.show(originals, originals);
          tellHandOver(originals);
        },
      },
    ).finally(() => bar.end());
    if (json) {
      sayJson({ ...verified, differences });
    } else {
      const { originals, records, renditions } = verified;
      say(
        `${countText(verified.differences)} differences among ${countText(originals)} originals, ` +
          `${countText(records)} records and ${countText(renditions)} renditions.${listsText(verified)}`,
      );
    }
    return verified.differences === 0 ? 0 : 1;
  },
});

if (import.meta.main) await runOperatorCommand(verifyCommand);
