import { readFile } from "node:fs/promises";
import {
  ApplicationLogLevel,
  Architecture,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  PutFunctionConcurrencyCommand,
  Runtime,
  SystemLogLevel,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, type Tags, tags } from "./resource.ts";

const ABSENT = ["ResourceNotFoundException"];
const WAIT = { maxWaitTime: 300, minDelay: 1 } as const;
/** No concurrency is reserved. */
const UNRESERVED = -1;

const functionSchema = z.strictObject({
  name: z.string().min(1).max(64),
  description: z.string().max(256).optional(),
  packageType: z.literal("Zip").default("Zip"),
  /** A zip on disk. */
  code: z.instanceof(pulumi.asset.FileArchive),
  sourceCodeHash: z.string().optional(),
  handler: z.string(),
  runtime: z.enum(Runtime),
  architectures: z.array(z.enum(Architecture)).length(1).default(["x86_64"]),
  role: z.string(),
  memorySize: z.int().min(128).max(10_240).default(128),
  timeout: z.int().min(1).max(900).default(3),
  kmsKeyArn: z.string().optional(),
  environment: z.strictObject({ variables: z.record(z.string(), z.string()).optional() }).optional(),
  ephemeralStorage: z.strictObject({ size: z.int().min(512).max(10_240) }).default({ size: 512 }),
  tracingConfig: z.strictObject({ mode: z.enum(["Active", "PassThrough"]) }).default({ mode: "PassThrough" }),
  loggingConfig: z
    .strictObject({
      logFormat: z.enum(["JSON", "Text"]),
      logGroup: z.string().optional(),
      applicationLogLevel: z.enum(ApplicationLogLevel).optional(),
      systemLogLevel: z.enum(SystemLogLevel).optional(),
    })
    .optional(),
  deadLetterConfig: z.strictObject({ targetArn: z.string() }).optional(),
  reservedConcurrentExecutions: z.int().min(UNRESERVED).default(UNRESERVED),
  tags,
});
type FunctionInputs = z.output<typeof functionSchema>;

const zipOf = async ({ code }: FunctionInputs): Promise<Uint8Array> => {
  const path = await code.path;
  return readFile(path).catch((cause: unknown) => {
    throw new Error(`The function's code, ${path}, cannot be read: expected a zip file.`, { cause });
  });
};

const configuration = (inputs: FunctionInputs) => ({
  FunctionName: inputs.name,
  Description: inputs.description ?? "",
  Handler: inputs.handler,
  Runtime: inputs.runtime,
  Role: inputs.role,
  MemorySize: inputs.memorySize,
  Timeout: inputs.timeout,
  KMSKeyArn: inputs.kmsKeyArn ?? "",
  Environment: { Variables: inputs.environment?.variables ?? {} },
  EphemeralStorage: { Size: inputs.ephemeralStorage.size },
  TracingConfig: { Mode: inputs.tracingConfig.mode },
  ...(inputs.loggingConfig && {
    LoggingConfig: {
      LogFormat: inputs.loggingConfig.logFormat,
      LogGroup: inputs.loggingConfig.logGroup,
      ApplicationLogLevel: inputs.loggingConfig.applicationLogLevel,
      SystemLogLevel: inputs.loggingConfig.systemLogLevel,
    },
  }),
  // An empty one takes away what was there.
  DeadLetterConfig: { TargetArn: inputs.deadLetterConfig?.targetArn ?? "" },
});

const readFunction = (name: string, { lambda }: Aws) =>
  unlessAbsent(ABSENT, lambda.send(new GetFunctionCommand({ FunctionName: name })));

const functionOutputs = async (name: string, inputTags: Tags, aws: Aws) => {
  const found = present((await readFunction(name, aws))?.Configuration, "function");
  const arn = present(found.FunctionArn, "function ARN");
  return {
    arn,
    invokeArn: `arn:aws:apigateway:${aws.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    qualifiedArn: `${arn}:${found.Version}`,
    version: found.Version,
    lastModified: found.LastModified,
    codeSha256: found.CodeSha256,
    sourceCodeSize: found.CodeSize,
    tagsAll: inputTags ?? {},
  };
};

const updated = (name: string, { lambda }: Aws) =>
  waitUntilFunctionUpdatedV2({ client: lambda, ...WAIT }, { FunctionName: name });

const reserve = (name: string, reserved: number, { lambda }: Aws) =>
  reserved === UNRESERVED
    ? lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }))
    : lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: reserved }),
      );

export const lambdaFunction = defineResource({
  schema: functionSchema,
  replaceOn: ["name", "packageType"],
  create: async (inputs, aws) => {
    await aws.lambda.send(
      new CreateFunctionCommand({
        ...configuration(inputs),
        PackageType: inputs.packageType,
        Architectures: inputs.architectures,
        Code: { ZipFile: await zipOf(inputs) },
        ...(inputs.tags === undefined ? {} : { Tags: inputs.tags }),
      }),
    );
    await waitUntilFunctionActiveV2({ client: aws.lambda, ...WAIT }, { FunctionName: inputs.name });
    if (inputs.reservedConcurrentExecutions !== UNRESERVED) {
      await reserve(inputs.name, inputs.reservedConcurrentExecutions, aws);
    }
    return { id: inputs.name, outputs: await functionOutputs(inputs.name, inputs.tags, aws) };
  },
  read: async (id, aws) => {
    const answer = await readFunction(id, aws);
    const found = answer?.Configuration;
    return (
      found && {
        ...(await functionOutputs(id, answer.Tags ?? {}, aws)),
        name: id,
        description: found.Description ?? "",
        packageType: found.PackageType,
        handler: found.Handler,
        runtime: found.Runtime,
        architectures: found.Architectures,
        role: found.Role,
        memorySize: found.MemorySize,
        timeout: found.Timeout,
        environment: { variables: found.Environment?.Variables ?? {} },
        tracingConfig: { mode: found.TracingConfig?.Mode ?? "PassThrough" },
        reservedConcurrentExecutions: answer.Concurrency?.ReservedConcurrentExecutions ?? UNRESERVED,
        tags: answer.Tags ?? {},
        ...(found.KMSKeyArn ? { kmsKeyArn: found.KMSKeyArn } : {}),
        ...(found.DeadLetterConfig?.TargetArn
          ? { deadLetterConfig: { targetArn: found.DeadLetterConfig.TargetArn } }
          : {}),
      }
    );
  },
  update: async (id, inputs, olds, aws) => {
    const { lambda } = aws;
    await lambda.send(new UpdateFunctionConfigurationCommand(configuration(inputs)));
    await updated(id, aws);
    await lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: id,
        Architectures: inputs.architectures,
        ZipFile: await zipOf(inputs),
      }),
    );
    await updated(id, aws);
    if (inputs.reservedConcurrentExecutions !== olds.reservedConcurrentExecutions) {
      await reserve(id, inputs.reservedConcurrentExecutions, aws);
    }
    const outputs = await functionOutputs(id, inputs.tags, aws);
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await lambda.send(new UntagResourceCommand({ Resource: outputs.arn, TagKeys: removed }));
    }
    if (inputs.tags !== undefined) {
      await lambda.send(new TagResourceCommand({ Resource: outputs.arn, Tags: inputs.tags }));
    }
    return outputs;
  },
  delete: async (id, _inputs, { lambda }) => {
    await unlessAbsent(ABSENT, lambda.send(new DeleteFunctionCommand({ FunctionName: id })));
  },
});
