import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import {
  type ILanguageRuntimeServer,
  LanguageRuntimeService,
} from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { endWithParent } from "../end-with-parent.ts";
import { endLaunched, exitOf, launch } from "./launch.ts";

/** The SDK's word for "the user was told already": nodeJSProcessExitedAfterLoggingUserActionableMessage. */
const EXIT_AFTER_ACTIONABLE_MESSAGE = 32;

/** The engine's address: the last plain argument, until a handshake names another. */
let engine = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";

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

function failure(error: unknown): { code: status; details: string } {
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}

const service = {
  handshake: (call, callback) => {
    engine = call.request.getEngineAddress();
    callback(null, new language.LanguageHandshakeResponse());
  },
  getRequiredPackages: (_call, callback) => callback(null, new language.GetRequiredPackagesResponse()),
  getPluginInfo: (_call, callback) => callback(null, new plugin.PluginInfo()),
  getProgramDependencies: (_call, callback) => callback(null, new language.GetProgramDependenciesResponse()),
  run: (call, callback) => {
    run(call.request).then(
      (response) => callback(null, response),
      (error) => callback(failure(error)),
    );
  },
  runPlugin: (call) => {
    call.on("cancelled", () => endLaunched("SIGTERM"));
    runPolicyPack(call.request, (response) => call.write(response)).then(
      () => call.end(),
      (error) => call.emit("error", failure(error)),
    );
  },
  cancel: (_call, callback) => {
    endLaunched("SIGINT");
    callback(null, new empty.Empty());
  },
} satisfies Partial<ILanguageRuntimeServer>;

/**
 * Serves Pulumi's LanguageRuntime over gRPC on 127.0.0.1 and prints the port: enough of the nodejs language host to
 * run a program and a policy pack. It stands in where the CLI was built from its Go modules, which do not hold the
 * language hosts that a downloaded CLI brings.
 *
 * What the CLI's own host does besides: it names the plugins that the program needs, so that the CLI installs them; it
 * serves synchronous invokes (`--sync`); it hands the stack's configuration to a policy pack in environment variables.
 */
export async function serveLanguageHost(): Promise<void> {
  process.once("exit", () => endLaunched("SIGKILL"));
  endWithParent();
  const server = new Server();
  server.addService(LanguageRuntimeService, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  console.log(String(port));
}
