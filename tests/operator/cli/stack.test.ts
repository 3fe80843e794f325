import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { credentialVariables, emulatedAws } from "../../local/support/emulated-aws.ts";

const STACK_COMMAND = join(import.meta.dirname, "..", "..", "..", "operator", "cli", "stack.ts");

type Ended = {
  readonly code: number;
  readonly output: string;
};

const run = (args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { env: { HOME: tmpdir(), AWS_EC2_METADATA_DISABLED: "true", ...environment } };
    const child = execFile(process.execPath, [STACK_COMMAND, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });

test("a word that is no command is answered with the usage", async () => {
  expect(await run(["deploy"], {})).toEqual({
    code: 1,
    output:
      "npm run preview|up|destroy -- [--stack NAME] [options of pulumi]\n" +
      "Shows, makes or removes a stack in AWS, under the policy pack. It needs AWS credentials.\n",
  });
});

test("without credentials it says how to get some, and asks Pulumi nothing", async () => {
  const { code, output } = await run(["up"], {});
  expect(code).toBe(1);
  expect(output).toBe(
    "AWS does not know who you are: Could not load credentials from any providers\n" +
      "Sign in (`aws sso login`, `aws configure`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.\n",
  );
});

describe("with credentials", () => {
  const emulated = emulatedAws();
  let folder: string;
  let environment: Readonly<Record<string, string>>;

  // A `pulumi` that keeps what it is asked; a stack is selected only when the file `selected` says so.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stack-test-"));
    const script = `#!/bin/sh
case "$1" in
  version) echo v3.999.0 ;;
  stack) cat "${folder}/selected" ;;
  up) echo "$@" > "${folder}/asked"
    if [ "$5" = --slow ]; then
      trap 'echo what was made is recorded; exit 130' INT
      echo under way; sleep 30
    fi
    exit 7 ;;
  *) echo "$@" > "${folder}/asked"; exit 7 ;;
esac
`;
    await writeFile(join(folder, "pulumi"), script, { mode: 0o755 });
    environment = {
      PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
      ...credentialVariables(emulated.emulator),
      AWS_ENDPOINT_URL: emulated.emulator.endpoint,
      NODE_EXTRA_CA_CERTS: emulated.emulator.authorityFile ?? "",
    };
  });
  afterAll(() => rm(folder, { recursive: true }));

  const asked = async (): Promise<string> => (await readFile(join(folder, "asked"), "utf8")).trim();

  test("it asks for a stack when none is selected", async () => {
    const { code, output } = await run(["preview"], environment);
    expect(code).toBe(1);
    expect(output).toContain("As arn:aws:iam::000000000000:root in account 000000000000");
    expect(output).toContain("No stack is selected. Name one (`-- --stack dev`)");
  });

  test.each([
    ["preview", "preview --policy-pack policy --stack dev --diff"],
    ["up", "up --policy-pack policy --stack dev --diff"],
    ["destroy", "destroy --stack dev --diff"],
  ])("%s hands everything on to the CLI on PATH, and its exit code back", async (command, expected) => {
    const { code } = await run([command, "--stack", "dev", "--diff"], environment);
    expect(code).toBe(7);
    expect(await asked()).toBe(expected);
  });

  test("a selected stack is named before anything happens to it", async () => {
    await writeFile(join(folder, "selected"), "production\n");
    const { code, output } = await run(["up"], environment);
    expect(code).toBe(7);
    expect(output).toContain("Stack production");
    expect(await asked()).toBe("up --policy-pack policy");
  });

  test("where no CLI is and none can be downloaded it says how to install one", async () => {
    const { code, output } = await run(["up"], {
      ...environment,
      PATH: "",
      PULUMI_HOME: join(folder, "empty"),
      HTTPS_PROXY: "http://127.0.0.1:1",
      NO_PROXY: "127.0.0.1",
    });
    expect(code).toBe(1);
    expect(output).toMatch(/Getting the Pulumi CLI \d+\.\d+\.\d+, once\n/);
    expect(output).toContain(
      "The Pulumi CLI could not be downloaded: install it as https://www.pulumi.com/docs/install/ says, or name your proxy in HTTPS_PROXY.\n",
    );
    expect(output).not.toContain("    at ");
  });

  test("Ctrl-C is left to the CLI, which is waited for", async () => {
    const child = spawn(process.execPath, [STACK_COMMAND, "up", "--stack=dev", "--slow"], {
      env: { HOME: tmpdir(), ...environment },
      stdio: ["ignore", "pipe", "inherit"],
      // A terminal sends the signal to all that run in it: this makes a group of them.
      detached: true,
    });
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.endsWith("under way\n") && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    });
    expect(await once(child, "close")).toEqual([130, null]);
    expect(output).toMatch(/under way\nwhat was made is recorded\n$/);
  });
});

test("AWS is asked through the proxy that the environment names", async () => {
  const asked: string[] = [];
  const proxy = createServer().on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.int() }).parse(proxy.address());
  const { code, output } = await run(["up"], {
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "eu-central-1",
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
  });
  proxy.close();
  expect(code).toBe(1);
  expect(output).toMatch(/^AWS does not know who you are: /);
  expect(asked).toEqual(["sts.eu-central-1.amazonaws.com:443"]);
});
