import { spawn } from "node:child_process";

export type CommandResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type CommandOptions = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Past it the command, and all that it started, is killed. */
  readonly limitMs: number;
  /** Once it has printed this it is interrupted, as by Ctrl-C. */
  readonly interruptAt?: string;
};

/** Runs a command to its end, with nothing to read on its standard input. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, limitMs, interruptAt }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that plugins that outlive the command are killed with it.
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let interruptible = interruptAt !== undefined;
    child.stdout.on("data", (data: Buffer) => {
      stdout.push(data);
      if (interruptible && Buffer.concat(stdout).includes(interruptAt ?? "")) {
        interruptible = false;
        child.kill("SIGINT");
      }
    });
    child.stderr.on("data", (data: Buffer) => stderr.push(data));
    const printed = () => ({
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      const seen = Object.values(printed()).join("");
      reject(
        new Error(`${command} ${args.join(" ")} took over ${limitMs / 1000} s and was killed:\n${seen}`),
      );
    }, limitMs);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, ...printed() });
    });
  });
}
