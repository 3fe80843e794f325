import { countText } from "../text.ts";
import { type Difference, verify } from "../verify.ts";
import { defined, operate, wholeNumber } from "./options.ts";
import { progressBar } from "./progress.ts";

/** A line that no key can break or forge. */
const lineOf = ({ kind, what, key, detail }: Difference): string =>
  `${kind.padEnd(8)}  ${what.padEnd(9)}  ${key.replaceAll(/[\p{Cc}]/gu, "\u{FFFD}")}: ${detail}`;

await operate({
  usage: `npm run verify -- [--prefix KEY] [--hash] [--grace SECONDS] [--rate N] [--stack NAME] [--json]
Compares the source bucket, the library and the destination bucket, and lists every difference: missing, orphaned,
stale or mismatched. It changes nothing. Ends with 0 when there is none, with 1 when there are some.

  --prefix KEY     only originals whose key begins so
  --hash           also read every rendition and compare its hash with the record's
  --grace SECONDS  how long an upload may take before it counts; by default 900
  --rate N         renditions read a second, with --hash`,
  options: {
    prefix: { type: "string" },
    hash: { type: "boolean", default: false },
    grace: { type: "string" },
    rate: { type: "string" },
  },
  run: async (target, { prefix, hash, grace, rate, json }) => {
    const bar = progressBar("Originals", !json);
    const differences: Difference[] = [];
    const verified = await verify(
      target,
      (difference) => {
        if (json) differences.push(difference);
        else console.log(lineOf(difference));
      },
      {
        ...defined({
          prefix,
          graceSeconds: wholeNumber("grace", grace, 0),
          rate: wholeNumber("rate", rate, 1),
        }),
        hash,
        onProgress: (originals) => bar.show(originals, originals),
      },
    ).finally(() => bar.end());
    if (json) {
      console.log(JSON.stringify({ ...verified, differences }, undefined, 2));
    } else {
      const { originals, records, renditions } = verified;
      console.log(
        `${countText(verified.differences)} differences among ${countText(originals)} originals, ` +
          `${countText(records)} records and ${countText(renditions)} renditions.`,
      );
    }
    return verified.differences === 0 ? 0 : 1;
  },
});
