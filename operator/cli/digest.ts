import { type SentDigest, sendDigestNow } from "../digest.ts";
import { say, sayJson } from "../output.ts";
import { countText } from "../text.ts";
import { operatorCommand, runOperatorCommand } from "./options.ts";

export const digestText = (sent: SentDigest): string => {
  switch (sent.outcome) {
    case "mailed":
      return `Mailed what came from ${sent.from} to ${sent.to}: ${countText(sent.processed)} processed, ${countText(sent.failed)} not, ${countText(sent.deleted)} deleted.`;
    case "nothing to tell":
      return "Nothing came since the last digest; no mail was sent.";
    case "mailed before":
      return "Another digest has just told everything.";
    default:
      return sent satisfies never;
  }
};

export const digestCommand = operatorCommand({
  usage: `npm run digest -- [--stack NAME] [--json]
Sends the digest now, of all that came since the last one; the next one goes on from there. It takes some 20 seconds, for
what is being recorded at this moment belongs to it. Needs notices: digest.
`,
  options: {},
  run: async (target, { json }) => {
    if (!json) say("Waiting until all that has come is recorded, some 20 seconds ...");
    const sent = await sendDigestNow(target, new Date());
    if (json) sayJson(sent);
    else say(digestText(sent));
    return 0;
  },
});

if (import.meta.main) await runOperatorCommand(digestCommand);
