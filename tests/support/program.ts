import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterErrorHookRequest,
  RegisterResourceRequest,
  RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor, type MockResourceArgs } from "@pulumi/pulumi/runtime/mocks.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { vi } from "vitest";
import { z } from "zod";

/** A resource as the program asked the engine for it. */
export type RecordedResource = {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** What the program set, as plain values; what is not known yet at preview is undefined. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The inputs as the engine hands them to a policy pack: what is not known yet as its sentinels, secrets in plain. */
  readonly engineInputs: Readonly<Record<string, unknown>>;
  /** What is known of the resource after its step, in the same form: its inputs and, but for a preview, AWS's answer. */
  readonly state: Readonly<Record<string, unknown>>;
  /** Names of the inputs that stay encrypted in the state. */
  readonly secrets: readonly string[];
  /** URN of the parent. */
  readonly parent: string;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  /** URNs of what must exist first. */
  readonly dependencies: readonly string[];
  /** Names of the hooks that are asked whether a failure is to be tried again. */
  readonly errorHooks: readonly string[];
  /** URNs that the value of each input came from; every input is there. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
};

export type RecordedProgram = {
  readonly resources: readonly RecordedResource[];
  /** The stack's outputs; none at preview, when they are not known yet. */
  readonly outputs: Readonly<Record<string, unknown>>;
};

/** The programs of this repository; both are given their config without the project's name. */
const PROGRAMS = {
  pipeline: { project: "image-pipeline", load: () => import("../../index.ts") },
  bootstrap: { project: "image-pipeline-ci", load: () => import("../../.github/bootstrap/index.ts") },
} as const;

export type RunOptions = {
  /** @default "pipeline" */
  readonly program?: keyof typeof PROGRAMS;
  /** Values of the stack's config, keys without the project's name. @default an `email` alone */
  readonly config?: Readonly<Record<string, string>>;
  /** Answer as the engine does at the first preview: nothing that AWS decides is known. @default false */
  readonly preview?: boolean;
  /** @default "dev" */
  readonly stack?: string;
  /** @default eu-central-1, by a session of the role Deployer */
  readonly place?: Partial<Place>;
};

export const ACCOUNT_ID = "123456789012";
export const REGION = "eu-central-1";
export const PROJECT = PROGRAMS.pipeline.project;
export const EMAIL = "owner@example.com";
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/11111111-2222-3333-4444-555555555555`;

const propertiesSchema = z.record(z.string(), z.unknown());

const CALLER_ARN = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/Deployer/ada`;

/** Where the program is run, as AWS tells it. */
export type Place = {
  readonly partition: string;
  readonly region: string;
  readonly callerArn: string;
};

const HERE: Place = { partition: "aws", region: REGION, callerArn: CALLER_ARN };

const invokeResults = (place: Place): Readonly<Record<string, Record<string, unknown>>> => ({
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT_ID, arn: place.callerArn },
  "aws:index/getRegion:getRegion": { region: place.region },
  "aws:index/getPartition:getPartition": { partition: place.partition },
});

/** What AWS would say of the resource once it exists, as far as the program reads it. */
const outputsOf = ({ type, name, inputs }: MockResourceArgs): Record<string, unknown> => ({
  arn: type === "aws:kms/key:Key" ? KEY_ARN : `arn:aws:mock:${REGION}:${ACCOUNT_ID}:${name}`,
  keyId: "11111111-2222-3333-4444-555555555555",
  bucketRegionalDomainName: `${propertiesSchema.parse(inputs)["bucket"]}.s3.${REGION}.amazonaws.com`,
  domainName: "d111111abcdef8.cloudfront.net",
  url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${propertiesSchema.parse(inputs)["name"]}`,
});

/** Plain values, as a provider gets them. */
const withoutSecrets = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(withoutSecrets);
  }
  if (typeof value !== "object" || value === null || pulumi.asset.Archive.isInstance(value)) {
    return value;
  }
  if (pulumi.runtime.isRpcSecret(value)) {
    return withoutSecrets(pulumi.runtime.unwrapRpcSecret(value));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
};

const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Secrets as their plain values, in what goes over the wire. */
const unpacked = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(unpacked);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const fields = Object.entries(value);
  const secret = SIGNATURE in value && "value" in value;
  return secret
    ? unpacked(value.value)
    : Object.fromEntries(fields.map(([key, inner]) => [key, unpacked(inner)]));
};

const onTheWire = (properties: Struct | undefined): Record<string, unknown> =>
  propertiesSchema.parse(unpacked((properties ?? new Struct()).toJavaScript()));

/** Stands where the engine would, and keeps what it is asked for. */
class Recorder extends MockMonitor {
  readonly recorded: RecordedResource[] = [];

  constructor(preview: boolean, place: Place) {
    super({
      call: ({ token }) => {
        const result = invokeResults(place)[token];
        if (result === undefined) {
          throw new Error(`The program calls ${token}, which this recorder does not know.`);
        }
        return result;
      },
      newResource: (args) =>
        preview
          ? { id: undefined, state: args.inputs }
          : { id: `${args.name}-id`, state: { ...outputsOf(args), ...args.inputs } },
    });
  }

  /** What the engine has and Pulumi's own mocks have not. */
  registerErrorHook(_request: RegisterErrorHookRequest, callback: (error: null) => void): void {
    callback(null);
  }

  override async registerResource(
    request: RegisterResourceRequest,
    callback: (error: unknown, response: RegisterResourceResponse) => void,
  ): Promise<void> {
    let urn = "";
    let state: Record<string, unknown> = {};
    await super.registerResource(request, (error: unknown, response: RegisterResourceResponse) => {
      urn = response.getUrn();
      state = { ...onTheWire(response.getObject()), id: response.getId() };
      callback(error, response);
    });
    const inputs = propertiesSchema.parse(
      pulumi.runtime.deserializeProperties(request.getObject() ?? new Struct()),
    );
    this.recorded.push({
      urn,
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      inputs: propertiesSchema.parse(withoutSecrets(inputs)),
      engineInputs: onTheWire(request.getObject()),
      state,
      secrets: Object.keys(inputs).filter((key) => pulumi.runtime.isRpcSecret(inputs[key])),
      parent: request.getParent(),
      protect: request.getProtect() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      dependencies: request.getDependenciesList(),
      errorHooks: request.getHooks()?.getOnErrorList() ?? [],
      propertyDependencies: Object.fromEntries(
        [...request.getPropertydependenciesMap().entries()].map(([property, sources]) => [
          property,
          sources.getUrnsList(),
        ]),
      ),
    });
  }
}

/** Runs a whole program, by default index.ts, with a recorder in place of the engine. */
export const runProgram = async ({
  program = "pipeline",
  config = { email: EMAIL },
  preview = false,
  stack = "dev",
  place = {},
}: RunOptions = {}): Promise<RecordedProgram> => {
  const recorder = new Recorder(preview, { ...HERE, ...place });
  const { project, load } = PROGRAMS[program];
  await pulumi.runtime.setMocks(
    { call: () => ({}), newResource: () => ({ id: "", state: {} }) },
    project,
    stack,
    preview,
  );
  pulumi.runtime.setMockOptions(recorder, project, stack, preview);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value])),
    [`${project}:email`],
  );
  vi.resetModules();
  const outputs = propertiesSchema.parse(
    await new Promise((resolve, reject) => {
      pulumi.runtime
        .runInPulumiStack(async () => ({ ...(await load()) }))
        .then((stackOutputs) => (preview ? resolve({}) : pulumi.output(stackOutputs).apply(resolve)), reject);
    }),
  );
  // What is still on its way must arrive before the next run puts another recorder in place.
  await pulumi.runtime.disconnect();
  return {
    outputs,
    resources: recorder.recorded.filter(({ type }) => type !== "pulumi:pulumi:Stack"),
  };
};

/** The resource of that logical name; the error lists the names there are. */
export const resourceNamed = ({ resources }: RecordedProgram, name: string): RecordedResource => {
  const resource = resources.find((candidate) => candidate.custom && candidate.name === name);
  if (resource === undefined) {
    throw new Error(`The program makes no ${name}, but ${resources.map((each) => each.name).join(", ")}.`);
  }
  return resource;
};

/** A policy document among the resource's inputs, as data. */
export const documentOf = (resource: RecordedResource, property = "policy"): unknown =>
  JSON.parse(z.string().parse(resource.inputs[property]));
