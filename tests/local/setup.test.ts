import { type ExecFileException, execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";

const SETUP = join(import.meta.dirname, "..", "..", "local", "setup.mjs");
const NODE = process.execPath;

vi.setConfig({ testTimeout: OUTCOME_TIMEOUT_MS });

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "setup-"));
  await mkdir(join(root, "local", "emulator"), { recursive: true });
  await copyFile(SETUP, join(root, "local", "setup.mjs"));
  await writeFile(join(root, "local", "emulator", "requirements.txt"), "# nothing\n");
  await writeLockfile("1.0.0");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const writeLockfile = async (version: string): Promise<void> => {
  const project = { name: "checkout", version };
  await writeFile(join(root, "package.json"), JSON.stringify(project));
  await writeFile(
    join(root, "package-lock.json"),
    JSON.stringify({ ...project, lockfileVersion: 3, requires: true, packages: { "": project } }),
  );
};

type Outcome = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs the checkout's setup; without `path`, with everything this machine has. */
const setup = (environment: Record<string, string> = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = { ...process.env, AWS_ENDPOINT_URL: "", ...environment };
    execFile(
      NODE,
      [join(root, "local", "setup.mjs")],
      { env },
      (error: ExecFileException | null, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
  });

/** A PATH that has npm and a Python that is this shell script, and nothing else. */
const pathWithPython = async (script: string): Promise<string> => {
  const folder = join(root, "bin");
  await mkdir(folder);
  await symlink(NODE, join(folder, "node"));
  await symlink("/bin/sh", join(folder, "sh"));
  for (const name of ["python3", "npm"]) {
    const content = name === "npm" ? "exit 0" : script;
    await writeFile(join(folder, name), `#!/bin/sh\n${content}\n`, { mode: 0o755 });
  }
  return folder;
};

const pythonIn = (checkout: string): string =>
  process.platform === "win32"
    ? join(checkout, ".cache", "venv", "Scripts", "python.exe")
    : join(checkout, ".cache", "venv", "bin", "python");

test("a fresh checkout is made ready once, however many setups run at the same time", async () => {
  const outcomes = await Promise.all([setup(), setup(), setup()]);
  expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ""],
    [0, ""],
    [0, ""],
  ]);
  const lines = outcomes.flatMap(({ stdout }) => stdout.trim().split("\n"));
  const count = (line: string) => lines.filter((other) => other === line).length;
  expect(count("setup: installing the npm packages (npm ci)")).toBe(1);
  expect(count("setup: installing the AWS emulator into .cache/venv")).toBe(1);
  expect(existsSync(pythonIn(root))).toBe(true);
  expect(existsSync(join(root, ".cache", "setup.lock"))).toBe(false);

  const made = await stat(pythonIn(root), { bigint: true });
  expect(await setup()).toEqual({ code: 0, stdout: "", stderr: "" });
  expect((await stat(pythonIn(root), { bigint: true })).ctimeNs).toBe(made.ctimeNs);
});

test("a changed lockfile is installed again, and an emulator of one's own needs no Python", async () => {
  const own = { AWS_ENDPOINT_URL: "http://127.0.0.1:4566" };
  const installing = "setup: installing the npm packages (npm ci)\nsetup: ready\n";
  expect(await setup(own)).toEqual({ code: 0, stdout: installing, stderr: "" });
  expect(existsSync(join(root, ".cache", "venv"))).toBe(false);
  expect((await setup(own)).stdout).toBe("");
  await writeLockfile("1.0.1");
  expect((await setup(own)).stdout).toBe(installing);
});

test("packages that are installed already are not installed again", async () => {
  await mkdir(join(root, "node_modules"));
  await writeFile(
    join(root, "node_modules", ".package-lock.json"),
    JSON.stringify({ name: "checkout", lockfileVersion: 3, packages: {} }),
  );
  const { stdout } = await setup({ AWS_ENDPOINT_URL: "http://127.0.0.1:4566" });
  expect(stdout).toBe("setup: ready\n");
});

test("a lock that a killed setup left behind holds nobody up", async () => {
  await mkdir(join(root, ".cache"));
  const killed = execFile(NODE, ["--eval", ""]);
  const { pid = 0 } = killed;
  await once(killed, "close");
  await writeFile(join(root, ".cache", "setup.lock"), String(pid));
  const { code, stdout } = await setup({ AWS_ENDPOINT_URL: "http://127.0.0.1:4566" });
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/setup: ready\n$/) });
});

test.skipIf(process.platform === "win32")("a Python that is too old is told with what to do", async () => {
  const PATH = await pathWithPython("echo 3 9");
  expect(await setup({ PATH })).toMatchObject({
    code: 1,
    stderr:
      "The local AWS emulator needs Python 3.10 or newer, but python3 is 3.9: install it from " +
      "https://www.python.org/downloads/, or set AWS_ENDPOINT_URL to an emulator that already runs.\n",
  });
});

test.skipIf(process.platform === "win32")("no Python at all is told with what to do", async () => {
  const PATH = await pathWithPython("exit 1");
  expect((await setup({ PATH })).stderr).toBe(
    "The local AWS emulator needs Python 3.10 or newer, but none was found: install it from " +
      "https://www.python.org/downloads/, or set AWS_ENDPOINT_URL to an emulator that already runs.\n",
  );
});

test.skipIf(process.platform === "win32")("a Python without venv names the package that has it", async () => {
  const PATH = await pathWithPython(
    'case "$*" in\n*version_info*) echo 3 11;;\n*) echo "ensurepip is not available" >&2; exit 1;;\nesac',
  );
  const { code, stderr } = await setup({ PATH });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      "Python has no venv module: install it (Debian and Ubuntu: sudo apt install python3-venv), " +
      "or set AWS_ENDPOINT_URL to an emulator that already runs.\n",
  });
  expect(await readdir(join(root, ".cache"))).toEqual([]);
});

test.skipIf(process.platform === "win32")(
  "packages that pip can't install are told, and the next setup tries again",
  async () => {
    const PATH = await pathWithPython(
      `case "$*" in
*version_info*) echo 3 11;;
*) /bin/mkdir -p .cache/venv/bin
   echo '#!/bin/sh' > .cache/venv/bin/python
   echo 'echo "$PIP_ANSWER" >&2; test -z "$PIP_ANSWER"' >> .cache/venv/bin/python
   /bin/chmod +x .cache/venv/bin/python;;
esac`,
    );
    expect(await setup({ PATH, PIP_ANSWER: "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" })).toMatchObject({
      code: 1,
      stderr: "pip could not install the AWS emulator:\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n",
    });
    expect(await setup({ PATH, PIP_ANSWER: "" })).toEqual({
      code: 0,
      stdout: "setup: installing the AWS emulator into .cache/venv\nsetup: ready\n",
      stderr: "",
    });
  },
);

test.skipIf(process.platform === "win32")(
  "where venv has no pip of its own, as on Debian, the pip outside fills the environment",
  async () => {
    const PATH = await pathWithPython(
      `case "$*" in
*version_info*) echo 3 11;;
"-m pip --version") ;;
"-m venv --without-pip "*) /bin/mkdir -p .cache/venv/bin; echo '#!/bin/sh' > .cache/venv/bin/python;;
"-m venv "*) echo "ensurepip is not available" >&2; exit 1;;
"-m pip --python "*) echo "$*" > pip-arguments;;
esac`,
    );
    expect(await setup({ PATH })).toMatchObject({ code: 0, stderr: "" });
    expect(await readFile(join(root, "pip-arguments"), "utf8")).toBe(
      `-m pip --python ${pythonIn(root)} install --quiet --disable-pip-version-check --no-input ` +
        `--require-hashes --only-binary :all: --requirement ${join(root, "local", "emulator", "requirements.txt")}\n`,
    );
  },
);
