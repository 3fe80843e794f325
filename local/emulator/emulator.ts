import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import * as timers from "node:timers/promises";
import { promisify } from "node:util";
import type { RunCredentials } from "../../operator/running.ts";
import { LocalError } from "../errors.ts";

/** A running AWS endpoint, ours or the user's. */
export type Emulator = {
  /** Base URL of every service, such as `https://127.0.0.1:51234`. */
  readonly endpoint: string;
  /** PEM file of the authority that signed the endpoint's certificate; none when the endpoint is the user's own. */
  readonly authorityFile: string | undefined;
  /** Everything the emulator printed; none when the endpoint is the user's own. */
  readonly logFile: string | undefined;
  /** The root user's, made for this run; none when the endpoint is the user's own. */
  readonly credentials: RunCredentials | undefined;
  /** Resolves when the emulator has ended, asked to or not; never for the user's own endpoint. */
  readonly ended: Promise<void>;
  /** Stops it and removes what it left behind. The user's own endpoint is left alone. May be called twice. */
  stop(): Promise<void>;
};

export type EmulatorOptions = {
  /** Where the emulator's output is kept; overwritten at each start. */
  readonly logFile: string;
};

/** What the pipeline needs, so that the emulator opens nothing else. */
const SERVICES = [
  "s3",
  "sqs",
  "sns",
  "dynamodb",
  "lambda",
  "iam",
  "sts",
  "logs",
  "cloudwatch",
  "kms",
  "scheduler",
];
/** The function's runtime, nodejs24.x; the emulator runs functions with the first `node` on its PATH. */
const NODE_MAJOR = 24;
const START_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 20;
/** The emulator ends running functions when it stops; one that takes longer is killed. */
const STOP_GRACE_MS = 5_000;

const root = join(import.meta.dirname, "..", "..");
const windows = process.platform === "win32";
/** The Python that the emulator is installed for, with AWS's service models. */
export const PYTHON = windows
  ? join(root, ".cache", "venv", "Scripts", "python.exe")
  : join(root, ".cache", "venv", "bin", "python");
const nodeFolder = join(root, "node_modules", "node", "bin");

const assertNode = async (): Promise<void> => {
  const node = join(nodeFolder, windows ? "node.exe" : "node");
  const version = await promisify(execFile)(node, ["--version"]).then(
    ({ stdout }) => stdout.trim(),
    () => "none",
  );
  if (!version.startsWith(`v${NODE_MAJOR}.`)) {
    throw new LocalError(
      `The function runs on Node ${NODE_MAJOR}, expected in ${node}, but found ${version}: run \`npm ci\`.`,
    );
  }
};

/** The emulator and the functions in it see nothing of the user's environment, least of all AWS credentials. */
const environment = (folder: string): NodeJS.ProcessEnv => ({
  PATH: [nodeFolder, process.env["PATH"]].join(delimiter),
  ...(process.env["SYSTEMROOT"] === undefined ? {} : { SYSTEMROOT: process.env["SYSTEMROOT"] }),
  HOME: folder,
  TMPDIR: folder,
  TEMP: folder,
  TMP: folder,
  PYTHONUTF8: "1",
  PYTHONDONTWRITEBYTECODE: "1",
  AUTH: "true",
  BIND_HOST: "127.0.0.1",
  USE_SSL: "1",
  SERVICES: SERVICES.join(","),
  IOT_MTLS_ENABLED: "0",
  SFTP_ENABLED: "0",
  // Requests are held against AWS's service models, as in every test.
  ...(process.env["CHECK_AWS_REQUESTS"] ? { CHECK_REQUESTS: "1" } : {}),
});

/** A secret of 240 random bits, which nobody knows but this process and those that it tells. */
const newCredentials = (): RunCredentials => ({
  accessKeyId: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString("base64url"),
});

const isReady = (endpoint: string, ca: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(`${endpoint}/_ministack/ready`, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => resolve(false));
  });

const started = async (
  child: ChildProcess,
  folder: string,
): Promise<Pick<Emulator, "endpoint" | "authorityFile">> => {
  if (child.stdout === null) {
    throw new TypeError("The emulator's standard output must be a pipe.");
  }
  const lines = createInterface(child.stdout);
  const [port] = await once(lines, "line", { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
  const endpoint = `https://127.0.0.1:${port}`;
  const authorityFile = join(folder, "authority.pem");
  const ca = readFileSync(authorityFile, "utf8");
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(endpoint, ca))) {
    if (Date.now() > deadline) {
      throw new Error("not ready in time");
    }
    await timers.setTimeout(READY_POLL_MS);
  }
  return { endpoint, authorityFile };
};

/**
 * Starts ministack on a free port of 127.0.0.1, over TLS and with IAM enforced, or takes the endpoint that
 * `AWS_ENDPOINT_URL` names.
 *
 * The emulator ends with this process, however that ends.
 *
 * @throws {LocalError} when it is not installed, or with its last lines when it does not start within 30 s.
 */
export const startEmulator = async ({ logFile }: EmulatorOptions): Promise<Emulator> => {
  const given = process.env["AWS_ENDPOINT_URL"];
  if (given) {
    return {
      endpoint: given,
      authorityFile: process.env["AWS_CA_BUNDLE"],
      logFile: undefined,
      credentials: undefined,
      ended: new Promise(() => {}),
      stop: async () => {},
    };
  }
  if (!existsSync(PYTHON)) {
    throw new LocalError("The AWS emulator is not installed: run `npm run setup`.");
  }
  await assertNode();
  await mkdir(dirname(logFile), { recursive: true });
  // A file that is there would keep its mode.
  await rm(logFile, { force: true });
  const folder = await mkdtemp(join(tmpdir(), "image-pipeline-"));
  // In a process group of its own, so that Ctrl-C reaches this process first, and its functions end with it.
  const child = spawn(PYTHON, [join(import.meta.dirname, "emulator.py"), folder], {
    cwd: folder,
    env: environment(folder),
    stdio: ["pipe", "pipe", "pipe"],
    detached: !windows,
  });
  child.stderr.pipe(createWriteStream(logFile, { mode: 0o600 }));
  child.stdin.on("error", () => {});
  const credentials = newCredentials();
  child.stdin.write(`${JSON.stringify(credentials)}\n`);
  const exited = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });

  const stop = async (): Promise<void> => {
    child.stdin.end();
    child.kill("SIGTERM");
    await Promise.race([exited, timers.setTimeout(STOP_GRACE_MS, undefined, { ref: false })]);
    killGroup(child);
    await exited;
    await rm(folder, { recursive: true, force: true });
  };

  try {
    const running = await Promise.race([
      started(child, folder),
      exited.then(() => {
        throw new Error("ended at once");
      }),
    ]);
    return { ...running, logFile, credentials, ended: exited, stop };
  } catch (cause) {
    await stop();
    const lines = readFileSync(logFile, "utf8").trim().split("\n").slice(-20).join("\n");
    throw new LocalError(`The AWS emulator did not start. Its last lines, from ${logFile}:\n${lines}`, {
      cause,
    });
  }
};

/** The emulator's functions outlive it when it was killed, or is killed here. */
const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(windows ? pid : -pid, "SIGKILL");
  } catch {
    // Everything has ended by itself.
  }
};
