import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Cli } from "./cli.ts";
import { type CommandOptions, type CommandResult, runCommand } from "./command.ts";
import { plannedChanges, type StackState, stackState } from "./stack-state.ts";

const repository = join(import.meta.dirname, "../../..");

/** What a program needs of the repository to be deployed; tests, documents and caches stay behind. */
const PROGRAM = [
  "index.ts",
  "infra",
  "handler",
  "policy",
  "package.json",
  "package-lock.json",
  "Pulumi.yaml",
];

const projectFile = z.object({ name: z.string() });
const stackOutputs = z.record(z.string(), z.unknown());

/** Longer than any command takes on a busy machine. */
const COMMAND_MS = 5 * 60_000;

/** A program's own copy with its own backend and passphrase: nothing of it outlives {@link Workspace.dispose}. */
export type Workspace = {
  /** The copied program, which a test may change. */
  readonly directory: string;
  /** Runs `pulumi` with these arguments, as a user would in the program's directory, never asking anything. */
  pulumi(...args: readonly string[]): Promise<CommandResult>;
  /** Runs `pulumi`; throws with all that it printed when it fails. @returns what it printed */
  succeed(...args: readonly string[]): Promise<string>;
  /** Runs `pulumi`; throws when it succeeds. @returns what it printed */
  refuse(...args: readonly string[]): Promise<string>;
  /** Runs `pulumi` and presses Ctrl-C once it has printed `at`; throws when it succeeds. @returns what it printed */
  interrupt(at: string, ...args: readonly string[]): Promise<string>;
  /** Makes a stack, selects it and configures it; `email` is set as a secret. */
  createStack(name: string, config?: Readonly<Record<string, string>>): Promise<void>;
  /** What `pulumi up` would do, one line for each resource that would not stay the same. */
  plan(): Promise<readonly string[]>;
  /** The outputs of the selected stack. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  /** All that any command printed. */
  transcript(): string;
  /** Replaces text in one file of the program; the text must be there, exactly once. @returns what undoes it */
  edit(file: string, from: string, to: string): Promise<() => Promise<void>>;
  /** The file as it is in the program now. */
  read(file: string): Promise<string>;
  /** The stack's state as it is stored: secrets are ciphertext in it. */
  state(stack: string): Promise<StackState>;
  dispose(): Promise<void>;
};

export type WorkspaceOptions = {
  readonly cli: Cli;
  /** Added to an environment that has none of the user's own PULUMI_* and AWS_* variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** The directory of the program. Default: this repository, without what deploying it does not need. */
  readonly program?: string;
};

/** Copies a program to a temporary directory and gives it a backend of its own. */
export async function createWorkspace({ cli, environment, program }: WorkspaceOptions): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), "pulumi-"));
  const directory = join(root, "program");
  const backend = join(root, "backend");
  await mkdir(backend);
  await copyProgram(program ?? repository, directory, program === undefined ? PROGRAM : undefined);
  const env = {
    ...withoutCloud(process.env),
    PATH: [
      join(repository, "node_modules/.bin"),
      join(import.meta.dirname, "provider"),
      ...(cli.bringsLanguageHost ? [] : [join(import.meta.dirname, "language-host")]),
      dirname(cli.bin),
      process.env["PATH"],
    ].join(delimiter),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
    PULUMI_HOME: join(root, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A command starts up to four processes that load the same modules: two fifths of that time.
    NODE_COMPILE_CACHE: join(repository, ".cache/compile"),
    // gRPC would look for the engine on this machine behind the proxy of the user's environment.
    no_grpc_proxy: "127.0.0.1,localhost",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...environment,
  };
  let transcript = "";
  const run = async (args: readonly string[], options: Pick<CommandOptions, "interruptAt"> = {}) => {
    const result = await runCommand(cli.bin, [...args, "--non-interactive", "--color", "never"], {
      ...options,
      cwd: directory,
      env,
      limitMs: COMMAND_MS,
    });
    transcript += `$ pulumi ${args.join(" ")}\n${result.stdout}${result.stderr}`;
    return result;
  };
  const printedBy = async (
    success: boolean,
    args: readonly string[],
    options?: Pick<CommandOptions, "interruptAt">,
  ) => {
    const { code, stdout, stderr } = await run(args, options);
    if ((code === 0) !== success) {
      throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
    }
    return stdout + stderr;
  };
  const pulumi = (...args: readonly string[]) => run(args);
  const succeed = (...args: readonly string[]) => printedBy(true, args);
  return {
    directory,
    pulumi,
    succeed,
    refuse: (...args) => printedBy(false, args),
    interrupt: (interruptAt, ...args) => printedBy(false, args, { interruptAt }),
    async createStack(name, config = {}) {
      await succeed("stack", "init", name);
      const settings = Object.entries(config).flatMap(([key, value]) => [
        key === "email" ? "--secret" : "--plaintext",
        `${key}=${value}`,
      ]);
      if (settings.length > 0) await succeed("config", "set-all", ...settings);
    },
    async plan() {
      const { code, stdout, stderr } = await pulumi("preview", "--json");
      if (code !== 0) throw new Error(`pulumi preview ended with ${code}:\n${stdout}${stderr}`);
      return plannedChanges(stdout);
    },
    async outputs() {
      return stackOutputs.parse(JSON.parse((await pulumi("stack", "output", "--json")).stdout));
    },
    transcript: () => transcript,
    read: (file) => readFile(join(directory, file), "utf8"),
    async edit(file, from, to) {
      const path = join(directory, file);
      const text = await readFile(path, "utf8");
      const count = text.split(from).length - 1;
      if (count !== 1) throw new Error(`${file} has ${count} times, not once: ${from}`);
      await writeFile(
        path,
        text.replace(from, () => to),
      );
      return () => writeFile(path, text);
    },
    async state(stack) {
      const { name } = projectFile.parse(parse(await readFile(join(directory, "Pulumi.yaml"), "utf8")));
      return stackState(await readFile(join(backend, ".pulumi/stacks", name, `${stack}.json`), "utf8"));
    },
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}

async function copyProgram(from: string, to: string, entries: readonly string[] | undefined): Promise<void> {
  const filter = (path: string) => !relative(from, path).split(sep).includes("node_modules");
  if (entries === undefined) await cp(from, to, { recursive: true, filter });
  else for (const entry of entries) await cp(join(from, entry), join(to, entry), { recursive: true, filter });
  // What is the same for every copy and costs time to make: packages, and sharp's binaries for the function.
  for (const shared of ["node_modules", ".cache/native"]) {
    await mkdir(join(repository, shared), { recursive: true });
    await mkdir(dirname(join(to, shared)), { recursive: true });
    await symlink(join(repository, shared), join(to, shared));
  }
  // The function's zip takes seconds to make; it is made anew where the handler was changed. A name that ends in
  // digits is a zip that is just being made.
  const zips = join(repository, ".cache/handler");
  if (existsSync(zips)) {
    await cp(zips, join(to, ".cache/handler"), { recursive: true, filter: (path) => !/\.\d+$/.test(path) });
  }
}

/** The user's credentials, region and Pulumi account have no part in a test. */
function withoutCloud(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AWS|PULUMI)_/.test(name)));
}
