import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connect } from "../../../local/emulator/aws.ts";
import { startEmulator } from "../../../local/emulator/emulator.ts";
import { logFileFor } from "../support/emulated-aws.ts";

const LOCAL = join(import.meta.dirname, "..", "..", "..", "local");
const logFile = logFileFor("emulator.test.ts");

beforeEach(() => {
  vi.stubEnv("AWS_ENDPOINT_URL", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host, port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
const portOf = (endpoint: string): number => Number(new URL(endpoint).port);

test("it serves this machine alone, over TLS, until it is stopped, and leaves no files", async () => {
  const emulator = await startEmulator({ logFile });
  const port = portOf(emulator.endpoint);
  const folder = dirname(emulator.authorityFile ?? "");
  const aws = connect(emulator, "us-east-1");
  expect((await aws.s3.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  aws.close();

  expect(await accepts("127.0.0.1", port)).toBe(true);
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .find(({ internal, family }) => !internal && family === "IPv4");
  if (outside !== undefined) {
    expect(await accepts(outside.address, port)).toBe(false);
  }
  await expect(fetch(`http://127.0.0.1:${port}/_ministack/ready`)).rejects.toThrow();

  expect(existsSync(folder)).toBe(true);
  await emulator.stop();
  await emulator.ended;
  expect(await accepts("127.0.0.1", port)).toBe(false);
  expect(existsSync(folder)).toBe(false);
  expect(await readFile(logFile, "utf8")).toContain("Ready");
  await emulator.stop();
});

test("it ends when the process that started it is killed", async () => {
  const script = `
    import { startEmulator } from ${JSON.stringify(pathToFileURL(join(LOCAL, "emulator", "emulator.ts")).href)};
    const { endpoint, authorityFile } = await startEmulator({ logFile: ${JSON.stringify(logFile)} });
    console.log(endpoint + " " + authorityFile);
    setInterval(() => {}, 1000);
  `;
  const starter = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(starter.stdout), "line");
  const [endpoint = "", authorityFile = ""] = String(line).split(" ");
  expect(await accepts("127.0.0.1", portOf(endpoint))).toBe(true);
  starter.kill("SIGKILL");
  await vi.waitFor(() => expect(existsSync(dirname(authorityFile))).toBe(false), {
    timeout: 20_000,
    interval: 50,
  });
  expect(await accepts("127.0.0.1", portOf(endpoint))).toBe(false);
});

test("the user's own endpoint is used as it is, and left running", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
  vi.stubEnv("AWS_CA_BUNDLE", "/its/authority.pem");
  const emulator = await startEmulator({ logFile: "/nowhere/at/all.log" });
  expect(emulator).toMatchObject({
    endpoint: "http://127.0.0.1:4566",
    authorityFile: "/its/authority.pem",
    logFile: undefined,
  });
  await emulator.stop();
});

test("AWS itself is refused as an endpoint", async () => {
  for (const endpoint of ["https://s3.eu-west-1.amazonaws.com", "https://sqs.us-east-1.api.aws"]) {
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
    vi.stubEnv("AWS_CA_BUNDLE", "");
    const emulator = await startEmulator({ logFile });
    expect(() => connect(emulator, "us-east-1")).toThrow(
      `AWS_ENDPOINT_URL is ${endpoint}, which is AWS itself: expected an emulator. Deploy there with \`pulumi up\`.`,
    );
  }
});

/** `startEmulator` of a checkout whose Python and Node are these shell scripts. */
const checkoutWith = async (programs: { python?: string; node?: string }) => {
  const root = await mkdtemp(join(tmpdir(), "checkout-"));
  const install = async (path: string, script: string | undefined) => {
    if (script !== undefined) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
  };
  await install(".cache/venv/bin/python", programs.python);
  await install("node_modules/node/bin/node", programs.node);
  for (const file of [
    "local/emulator/emulator.ts",
    "local/emulator/emulator.py",
    "local/errors.ts",
    "operator/errors.ts",
    "handler/core/strangers-text.ts",
  ]) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await copyFile(join(LOCAL, "..", file), join(root, file));
  }
  const module: { startEmulator: typeof startEmulator } = await import(
    join(root, "local", "emulator", "emulator.ts")
  );
  return { root, start: () => module.startEmulator({ logFile: join(root, "emulator.log") }) };
};

test.skipIf(process.platform === "win32")("what keeps it from starting is told in a sentence", async () => {
  const cases = [
    [{}, /^The AWS emulator is not installed: run `npm run setup`\.$/],
    [
      { python: "exit 0", node: "echo v20.1.0" },
      /^The function runs on Node 24, expected in .*, but found v20\.1\.0: run `npm ci`\.$/,
    ],
    [{ python: "exit 0" }, /^The function runs on Node 24, expected in .*, but found none: run `npm ci`\.$/],
    [
      { python: "echo the port is taken >&2; exit 3", node: "echo v24.0.0" },
      /^The AWS emulator did not start\. Its last lines, from .*emulator\.log:\nthe port is taken$/,
    ],
  ] as const;
  for (const [programs, message] of cases) {
    const { root, start } = await checkoutWith(programs);
    await expect(start()).rejects.toMatchObject({
      name: "LocalError",
      message: expect.stringMatching(message),
    });
    await rm(root, { recursive: true });
  }
});
