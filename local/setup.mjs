// Makes a checkout ready to run: npm packages, and the AWS emulator in a Python environment of its own.
// Runs before anything is installed, on whatever Node the machine has: Node's own modules only, plain JavaScript.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MINIMUM = 20;
const PYTHON_MINIMUM = /** @type {const} */ ([3, 10]);
const LOCK_POLL_MS = 200;

const windows = process.platform === "win32";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, ".cache");
const modules = join(root, "node_modules");
const modulesStamp = join(modules, ".setup-stamp");
const venv = join(cache, "venv");
const venvStamp = join(venv, ".setup-stamp");
const venvPython = windows ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");
const lockFile = join(cache, "setup.lock");

/** What the user has to put right, in one sentence: shown without a stack trace. */
class SetupError extends Error {}

/** @param {string} line */
const say = (line) => console.log(`setup: ${line}`);

/** @param {string} file */
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

/** @param {string} file */
const fingerprint = (file) =>
  createHash("sha256")
    .update(`${process.platform} ${process.arch}\n`)
    .update(readFileSync(file))
    .digest("hex");

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ shell?: boolean }} [options]
 */
const run = (command, args, options = {}) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  return {
    ok: status === 0,
    stdout: stdout ?? "",
    output: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`,
  };
};

/** @param {string} output */
const lastLines = (output) => output.trim().split("\n").slice(-15).join("\n");

// --- npm packages

const lockfile = join(root, "package-lock.json");

/** Whether node_modules holds what package-lock.json asks for, by the list that npm itself leaves there. */
const modulesMatchLockfile = () => {
  const installed = readIfThere(join(modules, ".package-lock.json"));
  if (installed === undefined) {
    return false;
  }
  const { packages: present = {} } = JSON.parse(installed);
  const { packages: wanted = {} } = JSON.parse(readFileSync(lockfile, "utf8"));
  return Object.keys(wanted).every(
    (path) =>
      path === "" ||
      present[path]?.version === wanted[path].version ||
      (present[path] === undefined && (wanted[path].optional === true || wanted[path].peer === true)),
  );
};

const modulesReady = () => readIfThere(modulesStamp) === fingerprint(lockfile);

const installModules = () => {
  if (!modulesMatchLockfile()) {
    say("installing the npm packages (npm ci)");
    const npm = process.env["npm_execpath"];
    const { ok, output } =
      npm !== undefined && /\.[cm]?js$/.test(npm)
        ? run(process.execPath, [npm, "ci", "--no-audit", "--no-fund"])
        : run("npm", ["ci", "--no-audit", "--no-fund"], { shell: windows });
    if (!ok) {
      throw new SetupError(`npm could not install the packages:\n${lastLines(output)}`);
    }
  }
  mkdirSync(modules, { recursive: true });
  writeFileSync(modulesStamp, fingerprint(lockfile));
};

// --- the emulator's Python environment

const requirements = join(root, "local", "emulator", "requirements.txt");
const OWN_ENDPOINT_HINT = "or set AWS_ENDPOINT_URL to an emulator that already runs";

const emulatorReady = () => existsSync(venvPython) && readIfThere(venvStamp) === fingerprint(requirements);

/** The first Python that is new enough. */
const findPython = () => {
  const minors = [14, 13, 12, 11, 10].map((minor) => `python3.${minor}`);
  /** @type {string[][]} */
  const candidates = [
    ["python3"],
    ["python"],
    ...(windows ? [["py", "-3"]] : []),
    ...minors.map((name) => [name]),
  ];
  /** @type {string[]} */
  const tooOld = [];
  for (const [command = "", ...args] of candidates) {
    const { ok, stdout } = run(command, [...args, "-c", "import sys; print(*sys.version_info[:2])"]);
    const [major = 0, minor = 0] = stdout.trim().split(" ").map(Number);
    if (ok && (major > PYTHON_MINIMUM[0] || (major === PYTHON_MINIMUM[0] && minor >= PYTHON_MINIMUM[1]))) {
      return [command, ...args];
    }
    if (ok) {
      tooOld.push(`${command} is ${major}.${minor}`);
    }
  }
  const found = tooOld.length === 0 ? "none was found" : tooOld.join(", ");
  throw new SetupError(
    `The local AWS emulator needs Python ${PYTHON_MINIMUM.join(".")} or newer, but ${found}: ` +
      `install it from https://www.python.org/downloads/, ${OWN_ENDPOINT_HINT}.`,
  );
};

const installEmulator = () => {
  const [python = "", ...args] = findPython();
  say("installing the AWS emulator into .cache/venv");
  rmSync(venv, { recursive: true, force: true });
  let pip = [venvPython, "-m", "pip"];
  const made = run(python, [...args, "-m", "venv", venv]);
  if (!made.ok) {
    // Debian and Ubuntu keep the module that puts pip into an environment in a package of its own;
    // a pip outside of the environment can fill it as well.
    rmSync(venv, { recursive: true, force: true });
    const outerPip = run(python, [...args, "-m", "pip", "--version"]);
    const bare = run(python, [...args, "-m", "venv", "--without-pip", venv]);
    if (!outerPip.ok || !bare.ok) {
      throw new SetupError(
        /ensurepip|No module named venv/.test(made.output + bare.output)
          ? `Python has no venv module: install it (Debian and Ubuntu: sudo apt install python3-venv), ${OWN_ENDPOINT_HINT}.`
          : `Python could not make an environment in ${venv}:\n${lastLines(made.output)}`,
      );
    }
    pip = [python, ...args, "-m", "pip", "--python", venvPython];
  }
  const [command = "", ...pipArgs] = pip;
  const installed = run(command, [
    ...pipArgs,
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    "--require-hashes",
    "--only-binary",
    ":all:",
    "--requirement",
    requirements,
  ]);
  if (!installed.ok) {
    throw new SetupError(`pip could not install the AWS emulator:\n${lastLines(installed.output)}`);
  }
  writeFileSync(venvStamp, fingerprint(requirements));
};

// --- one setup at a time

/** @param {number} pid */
const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

const tryLock = () => {
  mkdirSync(cache, { recursive: true });
  try {
    writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const holder = Number(readIfThere(lockFile));
    // An empty file is one that its maker has not filled yet.
    if (holder > 0 && !isAlive(holder)) {
      rmSync(lockFile, { force: true });
    }
    return false;
  }
};

const lock = () => {
  for (let attempt = 0; !tryLock(); attempt += 1) {
    if (attempt === 1) {
      say("waiting for another setup to finish");
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
};

// ---

const emulatorNeeded = !process.env["AWS_ENDPOINT_URL"];
const ready = () => modulesReady() && (!emulatorNeeded || emulatorReady());

try {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < NODE_MINIMUM) {
    throw new SetupError(
      `Node.js ${NODE_MINIMUM} or newer is needed, but this is ${process.versions.node}: install it from https://nodejs.org/.`,
    );
  }
  if (!ready()) {
    lock();
    try {
      if (!modulesReady()) {
        installModules();
      }
      if (emulatorNeeded && !emulatorReady()) {
        installEmulator();
      }
    } finally {
      rmSync(lockFile, { force: true });
    }
    say("ready");
  }
} catch (error) {
  if (!(error instanceof SetupError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
