import { readStatus, type Status } from "../health/status.ts";
import { say, sayJson } from "../output.ts";
import { countText, spanText, tableLines } from "../text.ts";
import { operatorCommand, runOperatorCommand } from "./options.ts";

const age = (seconds: number | undefined, otherwise: string): string =>
  seconds === undefined ? otherwise : spanText(seconds);

/** Zero-filled rows tell more than missing ones, but for reasons, of which there are many. */
export const statusLines = (status: Status): readonly string[] => {
  const { records, failures, queue, deadLetters, intake, alarms, unconfirmedSubscriptions } = status;
  const reasons = Object.entries(failures).map(([reason, count]) => ["", `${countText(count)} ${reason}`]);
  const rows = [
    [
      "records",
      Object.entries(records)
        .map(([state, count]) => `${countText(count)} ${state}`)
        .join(", "),
    ],
    ...reasons.map(([, text = ""], at) => [at === 0 ? "failed" : "", text]),
    ["ingest queue", `${countText(queue.waiting)} waiting, ${countText(queue.inFlight)} in work`],
    ["dead letters", countText(deadLetters.waiting + deadLetters.inFlight)],
    ["oldest message", age(status.oldestMessageSeconds, "CloudWatch has no figure")],
    ["oldest without outcome", age(status.oldestReceivedSeconds, "none")],
    ["intake", intake.isOpen ? "open" : `closed: ${intake.reason}`],
    ["alarms", alarms.length === 0 ? "none" : alarms.join(", ")],
    ...(unconfirmedSubscriptions === 0
      ? []
      : [
          [
            "e-mail",
            `${unconfirmedSubscriptions} to be confirmed: click the link in AWS's mail, until then no notice comes`,
          ],
        ]),
  ];
  return [status.verdict.line, "", ...tableLines(rows)];
};

export const statusCommand = operatorCommand({
  usage: `npm run status -- [--stack NAME] [--json]
Tells in its first line whether the pipeline works, then how many originals are in which state, what waits, what
failed and why, and which alarms are raised. Ends with 0 when it works, with 1 when it is behind or does not.
`,
  options: {},
  run: async (target, { json }) => {
    const status = await readStatus(target);
    if (json) sayJson(status);
    else say(...statusLines(status));
    return status.verdict.state === "working" ? 0 : 1;
  },
});

if (import.meta.main) await runOperatorCommand(statusCommand);
