import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type language from "@pulumi/pulumi/proto/language_pb.js";
import { z } from "zod";

/**
 * The options of `runtime` in Pulumi.yaml and PulumiPolicy.yaml, read as the CLI's own nodejs language host reads
 * them (pulumi/pulumi, sdk/nodejs/cmd/pulumi-language-nodejs/main.go, parseOptions): `typescript` is on unless it is
 * switched off, and means ts-node.
 */
const runtimeOptions = z.object({
  typescript: z.boolean().default(true),
  tsconfig: z.string().optional(),
  nodeargs: z
    .string()
    .regex(/^[^"'\\]*$/, "quotes and backslashes in nodeargs are not understood by this language host")
    .default(""),
});

export type Launch = {
  /** The module of @pulumi/pulumi to run, resolved from `directory`: the program decides which version runs it. */
  readonly module: string;
  /** Where the program, or the policy pack, lives. */
  readonly directory: string;
  readonly info: language.ProgramInfo | undefined;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether output goes to the caller (`pipe`) or to this process's own stdout and stderr (`inherit`). */
  readonly output: "pipe" | "inherit";
};

const running = new Set<ChildProcess>();

/** Starts Node on a module of the program's own copy of the SDK, with the runtime options of its project file. */
export function launch({ module, directory, info, args, cwd, env, output }: Launch): ChildProcess {
  const options = runtimeOptions.parse(info?.getOptions()?.toJavaScript() ?? {});
  const script = createRequire(join(directory, "index.js")).resolve(module);
  const nodeArguments = options.nodeargs.split(/\s+/).filter((argument) => argument !== "");
  const child = spawn("node", [...nodeArguments, script, ...args], {
    cwd,
    env: {
      ...env,
      ...(options.typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      ...(options.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
    },
    stdio: ["ignore", output, output],
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** Ends everything that {@link launch} started and that still runs. */
export function endLaunched(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
}

/** The exit code of a launched process; rejects where it could not be started. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
