import { once } from "node:events";
import { parseArgs } from "node:util";
import { optionsOrUsage, runCommand } from "../operator/command.ts";
import { OperatorError } from "../operator/errors.ts";
import { say, sayUsage } from "../operator/output.ts";
import { openedText, servePage } from "./server.ts";
import { stackTarget } from "./stack-target.ts";

const USAGE = `npm run page -- --stack NAME [--write] [--port PORT]
Serves the page of a stack in AWS on this machine, with your AWS credentials. It only looks, unless --write lets it
upload, try again and bring dead letters back. The page of the pipeline on this machine comes with \`npm start\`.`;

const portOf = (text: string | undefined): number | undefined => {
  if (text !== undefined && !(/^\d+$/.test(text) && Number(text) < 65_536)) {
    throw new OperatorError(`--port ${text}: expected 0 to 65535.`);
  }
  return text === undefined ? undefined : Number(text);
};

await runCommand(async () => {
  const { stack, write, port, help } = optionsOrUsage(
    USAGE,
    () =>
      parseArgs({
        options: {
          stack: { type: "string" },
          write: { type: "boolean", default: false },
          port: { type: "string" },
          help: { type: "boolean", short: "h" },
        },
      }).values,
  );
  if (help) {
    sayUsage(USAGE);
    return 0;
  }
  if (stack === undefined) {
    throw new OperatorError(`Expected --stack NAME.\n\n${USAGE}`);
  }
  const wantedPort = portOf(port);
  const target = await stackTarget(stack, write);
  const page = await servePage({
    target,
    port: wantedPort,
    onEntry: (address) => say(openedText(address)),
  });
  say(
    `The page of the stack ${stack}${write ? "" : ", which only looks"}:`,
    `  ${page.address}`,
    "",
    "Stop with Ctrl-C.",
  );
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await page.close();
  target.close();
  return 0;
});
