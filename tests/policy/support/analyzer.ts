import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { urnOf } from "./subject.ts";

type Fields = Record<string, JavaScriptValue>;

/** A resource as the engine sends it. */
export type SentResource = {
  readonly type: string;
  readonly name: string;
  readonly props: Fields;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
};

/** What the engine would print, and the level. */
export type Diagnostic = {
  readonly policy: string;
  readonly message: string;
  readonly level: "advisory" | "mandatory" | "remediate" | "disabled";
  readonly urn: string;
};

type PackConfig = Readonly<Record<string, { level?: Diagnostic["level"]; properties?: Fields }>>;

/** How long a pack may take to start on a busy machine. */
const MAX_START_MS = 110_000;

/**
 * A policy pack that runs as it does in Pulumi: in the SDK's runner, with this version of Node, over gRPC. It uses no
 * internals of the SDK.
 */
export class PackProcess {
  readonly #process: ChildProcess;
  readonly #client: InstanceType<typeof analyzerGrpc.AnalyzerClient>;

  /** @param folder the pack's folder, which contains its package.json. */
  static async start(folder: URL): Promise<PackProcess> {
    const cwd = fileURLToPath(folder);
    const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", cwd], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const errors: string[] = [];
    child.stderr.on("data", (chunk) => errors.push(String(chunk)));
    // A pack that does not start in time must not leave a process behind.
    const timer = setTimeout(() => child.kill(), MAX_START_MS);
    const [line] = await Promise.race([
      once(createInterface(child.stdout), "line"),
      once(child, "exit").then(() => {
        throw new Error(`The pack did not start: ${errors.join("")}`);
      }),
    ]);
    clearTimeout(timer);
    return new PackProcess(child, String(line));
  }

  private constructor(child: ChildProcess, port: string) {
    this.#process = child;
    this.#client = new analyzerGrpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Process id of the pack's runner. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  async stop(): Promise<void> {
    this.#client.close();
    const exit = once(this.#process, "exit");
    this.#process.kill();
    await exit;
  }

  async info() {
    const call = promisify<InstanceType<typeof empty.Empty>, InstanceType<typeof analyzer.AnalyzerInfo>>(
      (request, done) => this.#client.getAnalyzerInfo(request, (error, info) => done(error, info)),
    );
    return (await call(new empty.Empty())).toObject();
  }

  async configure(config: PackConfig): Promise<void> {
    const request = new analyzer.ConfigureAnalyzerRequest();
    for (const [policy, { level = "mandatory", properties = {} }] of Object.entries(config)) {
      const entry = new analyzer.PolicyConfig();
      entry.setEnforcementlevel(LEVELS[level]);
      entry.setProperties(struct.Struct.fromJavaScript(properties));
      request.getPolicyconfigMap().set(policy, entry);
    }
    const call = promisify<typeof request, unknown>((sent, done) =>
      this.#client.configure(sent, (error, answer) => done(error, answer)),
    );
    await call(request);
  }

  async analyze(sent: SentResource): Promise<readonly Diagnostic[]> {
    const call = promisify<InstanceType<typeof analyzer.AnalyzeRequest>, Response>((request, done) =>
      this.#client.analyze(request, (error, response) => done(error, response)),
    );
    return diagnosticsOf(await call(requestOf(sent)));
  }

  /** The remediated properties, for each policy. */
  async remediate(sent: SentResource): Promise<readonly { policy: string; props: unknown }[]> {
    const call = promisify<
      InstanceType<typeof analyzer.AnalyzeRequest>,
      InstanceType<typeof analyzer.RemediateResponse>
    >((request, done) => this.#client.remediate(request, (error, response) => done(error, response)));
    const response = await call(requestOf(sent));
    return response.getRemediationsList().map((remediation) => ({
      policy: remediation.getPolicyname(),
      props: remediation.getProperties()?.toJavaScript(),
    }));
  }

  async analyzeStack(resources: readonly SentResource[]): Promise<readonly Diagnostic[]> {
    const request = new analyzer.AnalyzeStackRequest();
    request.setResourcesList(resources.map(stackResourceOf));
    const call = promisify<typeof request, Response>((sent, done) =>
      this.#client.analyzeStack(sent, (error, response) => done(error, response)),
    );
    return diagnosticsOf(await call(request));
  }
}

type Response = InstanceType<typeof analyzer.AnalyzeResponse>;

const LEVELS = {
  advisory: analyzer.EnforcementLevel.ADVISORY,
  mandatory: analyzer.EnforcementLevel.MANDATORY,
  disabled: analyzer.EnforcementLevel.DISABLED,
  remediate: analyzer.EnforcementLevel.REMEDIATE,
} as const;

const levelOf = (value: number): Diagnostic["level"] => {
  for (const level of ["advisory", "mandatory", "disabled", "remediate"] as const) {
    if (LEVELS[level] === value) return level;
  }
  throw new Error(`The pack returned the unknown enforcement level ${value}.`);
};

const requestOf = ({ type, name, props }: SentResource) => {
  const request = new analyzer.AnalyzeRequest();
  request.setType(type);
  request.setName(name);
  request.setUrn(urnOf(type, name));
  request.setProperties(struct.Struct.fromJavaScript(props));
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  return request;
};

const stackResourceOf = ({ type, name, props, propertyDependencies = {} }: SentResource) => {
  const resource = new analyzer.AnalyzerResource();
  resource.setType(type);
  resource.setName(name);
  resource.setUrn(urnOf(type, name));
  resource.setProperties(struct.Struct.fromJavaScript(props));
  resource.setOptions(new analyzer.AnalyzerResourceOptions());
  for (const [property, urns] of Object.entries(propertyDependencies)) {
    const sources = new analyzer.AnalyzerPropertyDependencies();
    sources.setUrnsList([...urns]);
    resource.getPropertydependenciesMap().set(property, sources);
  }
  return resource;
};

const diagnosticsOf = (response: Response): readonly Diagnostic[] =>
  response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    message: diagnostic.getMessage(),
    level: levelOf(diagnostic.getEnforcementlevel()),
    urn: diagnostic.getUrn(),
  }));
