import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { z } from "zod";
import type { Cli } from "./cli.ts";

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

/** Longer than any command takes on a busy machine; past it the command and all that it started are killed. */
const COMMAND_MS = 5 * 60_000;

export type Run = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A program's own copy with its own backend and passphrase: nothing of it outlives {@link Workspace.dispose}. */
export type Workspace = {
  /** The copied program, which a test may change. */
  readonly directory: string;
  /** Runs `pulumi` with these arguments, as a user would in the program's directory, never asking anything. */
  pulumi(...args: readonly string[]): Promise<Run>;
  /** Runs `pulumi`; throws with all that it printed when it fails. @returns what it printed */
  succeed(...args: readonly string[]): Promise<string>;
  /** Runs `pulumi`; throws when it succeeds. @returns what it printed */
  refuse(...args: readonly string[]): Promise<string>;
  /** Makes a stack, selects it and configures it; `email` is set as a secret. */
  createStack(name: string, config?: Readonly<Record<string, string>>): Promise<void>;
  /** What `pulumi up` would do, one line for each resource that would not stay the same. */
  plan(): Promise<readonly string[]>;
  /** All that any command printed. */
  transcript(): string;
  /** Replaces text in one file of the program; the text must be there, exactly once. */
  edit(file: string, from: string, to: string): Promise<void>;
  /** The file as it is in the program now. */
  read(file: string): Promise<string>;
  /** The stack's state as it is stored: secrets are ciphertext in it. */
  state(stack: string): Promise<State>;
  dispose(): Promise<void>;
};

const resourceState = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  protect: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
const stateFile = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(resourceState).default([]) }) }),
});
export type ResourceState = z.infer<typeof resourceState>;
export type State = { readonly text: string; readonly resources: readonly ResourceState[] };

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
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...environment,
  };
  let transcript = "";
  const pulumi = async (...args: readonly string[]) => {
    const result = await run(cli.bin, [...args, "--non-interactive", "--color", "never"], directory, env);
    transcript += `$ pulumi ${args.join(" ")}\n${result.stdout}${result.stderr}`;
    return result;
  };
  const expecting =
    (success: boolean) =>
    async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await pulumi(...args);
      if ((code === 0) !== success)
        throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
      return stdout + stderr;
    };
  const succeed = expecting(true);
  return {
    directory,
    pulumi,
    succeed,
    refuse: expecting(false),
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
    transcript: () => transcript,
    read: (file) => readFile(join(directory, file), "utf8"),
    async edit(file, from, to) {
      const text = await readFile(join(directory, file), "utf8");
      const count = text.split(from).length - 1;
      if (count !== 1) throw new Error(`${file} has ${count} times, not once: ${from}`);
      await writeFile(
        join(directory, file),
        text.replace(from, () => to),
      );
    },
    async state(stack) {
      const project = z
        .object({ name: z.string() })
        .parse(nameIn(await readFile(join(directory, "Pulumi.yaml"), "utf8")));
      const text = await readFile(join(backend, ".pulumi/stacks", project.name, `${stack}.json`), "utf8");
      return { text, resources: stateFile.parse(JSON.parse(text)).checkpoint.latest.resources };
    },
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}

const preview = z.object({
  steps: z.array(
    z.object({
      op: z.string(),
      urn: z.string(),
      diffReasons: z.array(z.string()).default([]),
    }),
  ),
});

/** Lines such as `update processor-function: environment`, sorted. */
function plannedChanges(json: string): string[] {
  return preview
    .parse(JSON.parse(json))
    .steps.filter(({ op }) => op !== "same")
    .map(({ op, urn, diffReasons }) =>
      [`${op} ${urn.slice(urn.lastIndexOf("::") + 2)}`, diffReasons.toSorted().join(", ")]
        .filter((part) => part !== "")
        .join(": "),
    )
    .sort();
}

function nameIn(projectFile: string): { name: string | undefined } {
  return { name: /^name:\s*(\S+)/m.exec(projectFile)?.[1] };
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
}

/** The user's credentials, region and Pulumi account have no part in a test. */
function withoutCloud(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AWS|PULUMI)_/.test(name)));
}

function run(bin: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(bin, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => stdout.push(data));
    child.stderr.on("data", (data: Buffer) => stderr.push(data));
    const text = () => ({
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      reject(
        new Error(
          `pulumi ${args.join(" ")} took over ${COMMAND_MS / 1000} s\n${text().stdout}${text().stderr}`,
        ),
      );
    }, COMMAND_MS);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, ...text() });
    });
  });
}
