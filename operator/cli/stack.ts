import { spawn } from "node:child_process";
import { Agent } from "node:https";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { runCommand } from "../command.ts";
import { OperatorError } from "../errors.ts";
import { say, sayUsage } from "../output.ts";
import { chooseCli, npmPackage, pinnedVersion } from "../pulumi-cli.ts";

const ROOT = join(import.meta.dirname, "..", "..");

const USAGE = `npm run preview|up|destroy -- [--stack NAME] [options of pulumi]
Shows, makes or removes a stack in AWS, under the policy pack. It needs AWS credentials.`;

/** What each command asks of the CLI; the policy pack judges whatever is about to be made. */
const PULUMI_ARGUMENTS = {
  preview: ["preview", "--policy-pack", "policy"],
  up: ["up", "--policy-pack", "policy"],
  destroy: ["destroy"],
} as const;

const isCommand = (word: string | undefined): word is keyof typeof PULUMI_ARGUMENTS =>
  word !== undefined && Object.hasOwn(PULUMI_ARGUMENTS, word);

/** Long enough for a sign-on helper, short enough not to seem stuck. Milliseconds. */
const CREDENTIALS_TIMEOUT_MS = 15_000;

/** Asks AWS who this is: Pulumi would ask too, but long after, and answer with a page of text. */
const identify = async (): Promise<string> => {
  const sts = new STSClient({
    maxAttempts: 1,
    region: process.env["AWS_REGION"] ?? "us-east-1",
    // The SDK by itself goes through no proxy, as Pulumi does where HTTPS_PROXY says so.
    requestHandler: { httpsAgent: new Agent({ proxyEnv: process.env }) },
  });
  try {
    const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}), {
      abortSignal: AbortSignal.timeout(CREDENTIALS_TIMEOUT_MS),
    });
    return `${Arn} in account ${Account}`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatorError(
      `AWS does not know who you are: ${why}\n` +
        "Sign in (`aws sso login`, `aws configure`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    );
  } finally {
    sts.destroy();
  }
};

/** Ctrl-C reaches the CLI as well, which ends in its own time: it records what it has made so far. */
const leaveSignalsToTheCli = (): void => {
  process.on("SIGINT", () => {});
};

type Outcome = {
  readonly code: number;
  readonly stdout: string;
};

const run = (command: string, args: readonly string[], output: "shown" | "kept"): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    let stdout = "";
    const child = spawn(command, [...args], {
      cwd: ROOT,
      // Node goes through a proxy where it is told so, as the CLI always does; to talk to the CLI it needs none.
      env: { NODE_USE_ENV_PROXY: "1", no_grpc_proxy: "127.0.0.1,localhost", ...process.env },
      stdio: output === "shown" ? "inherit" : ["ignore", "pipe", "ignore"],
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout: stdout.trim() }));
  });

const namesStack = (args: readonly string[]): boolean =>
  args.some((argument) => /^(--stack|-s)(=|$)/.test(argument)) || process.env["PULUMI_STACK"] !== undefined;

const requireCli = async (): Promise<string> => {
  const present = await chooseCli(process.env);
  if (present !== undefined) {
    return present;
  }
  say(`Getting the Pulumi CLI ${await pinnedVersion()}, once`);
  await run(process.execPath, [join(npmPackage, "run.js"), "version"], "shown");
  const downloaded = await chooseCli(process.env);
  if (downloaded === undefined) {
    throw new OperatorError(
      "The Pulumi CLI could not be downloaded: install it as https://www.pulumi.com/docs/install/ says, " +
        "or name your proxy in HTTPS_PROXY.",
    );
  }
  return downloaded;
};

const requireStack = async (bin: string): Promise<void> => {
  const selected = await run(bin, ["stack", "--show-name", "--non-interactive"], "kept");
  if (selected.code !== 0) {
    throw new OperatorError(
      "No stack is selected. Name one (`-- --stack dev`), select one (`npx pulumi stack select dev`), " +
        "or make the first (`npx pulumi stack init dev`). README.md, Deploy it to AWS, has every step.",
    );
  }
  say(`Stack ${selected.stdout}`);
};

await runCommand(async () => {
  const [command, ...args] = process.argv.slice(2);
  if (!isCommand(command) || args.includes("--help") || args.includes("-h")) {
    sayUsage(USAGE);
    return isCommand(command) ? 0 : 1;
  }
  say(`As ${await identify()}`);
  const bin = await requireCli();
  if (!namesStack(args)) {
    await requireStack(bin);
  }
  leaveSignalsToTheCli();
  return (await run(bin, [...PULUMI_ARGUMENTS[command], ...args], "shown")).code;
});
