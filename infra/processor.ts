import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { HandlerEnvironmentInputs } from "./handler-environment.ts";
import type { PhysicalResources } from "./naming.ts";
import { policyDocument, type Statement, trust, writeTraces } from "./permissions.ts";
import type { Settings } from "./settings.ts";

type FunctionSettings = Pick<
  Settings,
  | "architecture"
  | "batchSize"
  | "batchWindowSeconds"
  | "logLevel"
  | "logRetentionDays"
  | "maximumConcurrency"
  | "memoryMb"
  | "reservedConcurrency"
  | "timeoutSeconds"
  | "tracing"
>;

export interface ProcessorArgs extends FunctionSettings {
  readonly names: PhysicalResources;
  readonly keyArn: pulumi.Input<string>;
  /** Path of the zip that `handler/bundle.ts` made for `architecture`. */
  readonly zipPath: string;
  readonly environment: HandlerEnvironmentInputs;
  /** What the function may do, as offered by the components it works with. */
  readonly statements: readonly Statement[];
  /** Use of the key, in a document of its own: its ARN is not known before the key exists. */
  readonly keyStatement: pulumi.Input<Statement>;
  readonly queueArn: pulumi.Input<string>;
}

/** The function that makes renditions, its role, its log group, and its subscription to the ingest queue. */
export class Processor extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: ProcessorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Processor", name, {}, opts);
    const { names } = args;
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: names.logGroup.name, retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      { name: names.processorRole.name, assumeRolePolicy: policyDocument([trust("lambda.amazonaws.com")]) },
      child,
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-permissions`,
      {
        name: "work",
        role: role.name,
        policy: policyDocument([
          ...args.statements,
          {
            sid: "WriteLogs",
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [`${names.logGroup.arn}:*`],
          },
          ...(args.tracing ? [writeTraces()] : []),
        ]),
      },
      child,
    );
    const keyPermissions = new aws.iam.RolePolicy(
      `${name}-key-permissions`,
      {
        name: "use-the-key",
        role: role.name,
        policy: pulumi.output(args.keyStatement).apply((statement) => policyDocument([statement])),
      },
      child,
    );
    const processor = new aws.lambda.Function(
      `${name}-function`,
      {
        name: names.processor.name,
        description: "Makes renditions of each image that arrives in the source bucket",
        packageType: "Zip",
        code: new pulumi.asset.FileArchive(args.zipPath),
        handler: "index.handler",
        runtime: "nodejs24.x",
        architectures: [args.architecture],
        role: role.arn,
        memorySize: args.memoryMb,
        timeout: args.timeoutSeconds,
        kmsKeyArn: args.keyArn,
        environment: { variables: args.environment },
        tracingConfig: { mode: args.tracing ? "Active" : "PassThrough" },
        loggingConfig: {
          logFormat: "JSON",
          logGroup: logGroup.name,
          applicationLogLevel: args.logLevel,
          systemLogLevel: "WARN",
        },
        ...(args.reservedConcurrency === undefined
          ? {}
          : { reservedConcurrentExecutions: args.reservedConcurrency }),
      },
      { parent: this, dependsOn: [permissions, keyPermissions] },
    );
    new aws.lambda.EventSourceMapping(
      `${name}-uploads`,
      {
        eventSourceArn: args.queueArn,
        functionName: processor.name,
        batchSize: args.batchSize,
        maximumBatchingWindowInSeconds: args.batchWindowSeconds,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: args.maximumConcurrency },
      },
      child,
    );

    this.functionName = processor.name;
    this.logGroupName = logGroup.name;
    this.registerOutputs({ functionName: this.functionName, logGroupName: this.logGroupName });
  }
}
