import {
  type ILanguageRuntimeServer,
  LanguageRuntimeService,
} from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { engineAddress, rpcError, servePlugin, unary } from "../serve.ts";
import { endLaunched, exitOf, launch } from "./launch.ts";

/** The SDK's word for "the user was told already": nodeJSProcessExitedAfterLoggingUserActionableMessage. */
const EXIT_AFTER_ACTIONABLE_MESSAGE = 32;

/** A handshake may name another. */
let engine = engineAddress();

async function run(request: language.RunRequest): Promise<language.RunResponse> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: directory,
    parallel: String(request.getParallel()),
  };
  const child = launch({
    module: "@pulumi/pulumi/cmd/run",
    directory,
    info,
    args: [
      ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info?.getEntryPoint() ?? ".",
      ...request.getArgsList(),
    ],
    cwd: process.cwd(),
    env: {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(runtimeConfig(request)),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
    output: "inherit",
  });
  const code = await exitOf(child);
  const response = new language.RunResponse();
  if (code === EXIT_AFTER_ACTIONABLE_MESSAGE) response.setBail(true);
  else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
  return response;
}

/** The stack's configuration under the keys that the SDK's runtime reads: `project:key` becomes `project:config:key`. */
function runtimeConfig(request: language.RunRequest): Record<string, string> {
  const config: Record<string, string> = {};
  request.getConfigMap().forEach((value, key) => {
    config[key.replace(":", ":config:")] = value;
  });
  return config;
}

async function runPolicyPack(
  request: language.RunPluginRequest,
  write: (response: language.RunPluginResponse) => void,
): Promise<void> {
  if (request.getKind() !== "analyzer") {
    throw new Error(`this language host runs plugins of kind "analyzer", not "${request.getKind()}"`);
  }
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getProgram();
  const child = launch({
    module: "@pulumi/pulumi/cmd/run-policy-pack",
    directory,
    info,
    args: [...request.getArgsList(), directory],
    cwd: directory,
    env: Object.fromEntries(request.getEnvList().map(assignment)),
    output: "pipe",
  });
  child.stdout?.on("data", (data: Buffer) => write(new language.RunPluginResponse().setStdout(data)));
  child.stderr?.on("data", (data: Buffer) => write(new language.RunPluginResponse().setStderr(data)));
  write(new language.RunPluginResponse().setExitcode(await exitOf(child)));
}

function assignment(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, at), pair.slice(at + 1)];
}

const service = {
  handshake: unary((request) => {
    engine = request.getEngineAddress();
    return new language.LanguageHandshakeResponse();
  }),
  getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
  getPluginInfo: unary(() => new plugin.PluginInfo()),
  getProgramDependencies: unary(() => new language.GetProgramDependenciesResponse()),
  run: unary(run),
  runPlugin: (call) => {
    call.on("cancelled", () => endLaunched("SIGTERM"));
    runPolicyPack(call.request, (response) => call.write(response)).then(
      () => call.end(),
      (error) => call.emit("error", rpcError(error)),
    );
  },
  cancel: unary(() => {
    endLaunched("SIGINT");
    return new empty.Empty();
  }),
} satisfies Partial<ILanguageRuntimeServer>;

/**
 * Serves Pulumi's LanguageRuntime: enough of the nodejs language host to run a program and a policy pack. It stands in
 * where the CLI was built from its Go modules, which do not hold the language hosts that a downloaded CLI brings.
 *
 * What the CLI's own host does besides: it names the plugins that the program needs, so that the CLI installs them; it
 * serves synchronous invokes (`--sync`); it hands the stack's configuration to a policy pack in environment variables.
 */
export async function serveLanguageHost(): Promise<void> {
  process.once("exit", () => endLaunched("SIGKILL"));
  await servePlugin(LanguageRuntimeService, service);
}
