import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as timers from "node:timers/promises";
import { OUTCOME_TIMEOUT_MS } from "./emulated-aws.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const COPIED = [
  "index.ts",
  "handler",
  "infra",
  "local",
  "operator",
  "page",
  "package.json",
  "package-lock.json",
  "Pulumi.yaml",
];
const LINKED = ["node_modules", join(".cache", "venv"), join(".cache", "native")];

export type Finished = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A command that runs, and all it has said so far. */
export class Command {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout = "";
  stderr = "";

  constructor(cwd: string, args: readonly string[], environment: Record<string, string> = {}) {
    const env = { ...process.env, INIT_CWD: cwd, ...environment };
    this.process = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.finished = once(this.process, "close").then(([code]) => ({
      code: typeof code === "number" ? code : null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  /** Waits until standard output holds the text. @throws when the command ends without it */
  async says(text: string): Promise<void> {
    const deadline = Date.now() + OUTCOME_TIMEOUT_MS;
    let hasEnded = false;
    void this.finished.then(() => {
      hasEnded = true;
    });
    while (!this.stdout.includes(text)) {
      if (hasEnded || Date.now() > deadline) {
        throw new Error(`It does not say "${text}", but:\n${this.stdout}\n${this.stderr}`);
      }
      await timers.setTimeout(50);
    }
  }
}

/** A checkout of its own, so that commands find no pipeline and no drop folder but the test's. */
export class Checkout {
  readonly folder: string;
  readonly #commands: Command[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Checkout> {
    const folder = await mkdtemp(join(tmpdir(), "checkout-"));
    await mkdir(join(folder, ".cache"));
    for (const name of COPIED) {
      await cp(join(ROOT, name), join(folder, name), { recursive: true });
    }
    for (const name of LINKED) {
      await symlink(join(ROOT, name), join(folder, name));
    }
    return new Checkout(folder);
  }

  run(...args: readonly string[]): Command {
    return this.runWith({}, ...args);
  }

  /** Runs with more variables in its environment. */
  runWith(environment: Record<string, string>, ...args: readonly string[]): Command {
    const command = new Command(this.folder, args, environment);
    this.#commands.push(command);
    return command;
  }

  /** Ends what still runs and removes the checkout. */
  async remove(): Promise<void> {
    for (const command of this.#commands) {
      command.process.kill("SIGKILL");
      await command.finished;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
