import { sizeText } from "../../handler/core/byte-size.ts";
import { ASSET_STATES, INDEXED_FORMATS } from "../../handler/core/record/index.ts";
import type { AssetRecord } from "../../handler/core/record/record.ts";
import { search } from "../library/search.ts";
import { say, sayJson } from "../output.ts";
import { tableLines } from "../text.ts";
import { defined, oneOf, operatorCommand, runOperatorCommand, timeOption, wholeNumber } from "./options.ts";

const rowOf = (record: AssetRecord): readonly string[] => [
  record.State,
  record.UploadTime,
  record.Format ?? "-",
  record.Width === undefined ? "-" : `${record.Width} x ${record.Height}`,
  sizeText(record.SizeBytes),
  record.ReasonCode ?? `${record.Renditions?.length ?? 0} renditions`,
  record.ImageKey,
];

export const searchCommand = operatorCommand({
  usage: `npm run search -- [criteria] [--limit N] [--after POSITION] [--stack NAME] [--json]
Finds records by the table's indexes: by date the newest first, by size the largest first, by key in order.

  --prefix KEY    the key begins so
  --state STATE   ${ASSET_STATES.join(", ")}
  --from DATE     uploaded then or later: 2026-11-25, or 2026-11-25T14:30:00Z
  --to DATE       uploaded then or earlier, that day included
  --format NAME   ${INDEXED_FORMATS.join(", ")}
  --tag NAME=VALUE  an object tag of the original, of those that the setting recordTags names
  --min-bytes N   of at least so many bytes
  --max-bytes N   of at most so many bytes
  --limit N       records at most, 1 to 1,000; by default 100
  --after POS     go on behind an earlier search; it prints the position when there is more`,
  options: {
    prefix: { type: "string" },
    state: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    format: { type: "string" },
    tag: { type: "string" },
    "min-bytes": { type: "string" },
    "max-bytes": { type: "string" },
    limit: { type: "string" },
    after: { type: "string" },
  },
  run: async (target, values) => {
    const page = await search(
      target,
      defined({
        prefix: values.prefix === "" ? undefined : values.prefix,
        state: oneOf("state", values.state, ASSET_STATES),
        from: timeOption("from", values.from, "begin"),
        to: timeOption("to", values.to, "end"),
        format: oneOf("format", values.format, INDEXED_FORMATS),
        tag: values.tag,
        minBytes: wholeNumber("min-bytes", values["min-bytes"], 0),
        maxBytes: wholeNumber("max-bytes", values["max-bytes"], 0),
      }),
      defined({ limit: wholeNumber("limit", values.limit, 1), after: values.after }),
    );
    if (values.json) {
      sayJson(page);
      return 0;
    }
    say(...(page.records.length === 0 ? ["Nothing matches."] : tableLines(page.records.map(rowOf))));
    if (page.next !== undefined) say("", `There is more: add --after ${page.next}`);
    return 0;
  },
});

if (import.meta.main) await runOperatorCommand(searchCommand);
