import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { HandlerEnvironment } from "../handler/core/environment.ts";
import type { PhysicalResources } from "./naming.ts";
import { policyDocument, type Statement, trust, writeTraces } from "./permissions.ts";
import type { Settings } from "./settings.ts";

export interface ProcessorArgs {
  readonly names: PhysicalResources;
  readonly keyArn: pulumi.Input<string>;
  /** Path of the zip that `handler/bundle.ts` made for `settings.architecture`. */
  readonly zipPath: string;
  readonly settings: Pick<
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
  /** Every variable that the handler reads; a missing one does not compile. */
  readonly environment: { readonly [Variable in keyof HandlerEnvironment]: pulumi.Input<string> };
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
    const { names, settings } = args;
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: names.logGroup.name, retentionInDays: settings.logRetentionDays, kmsKeyId: args.keyArn },
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
          ...(settings.tracing ? [writeTraces()] : []),
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
        architectures: [settings.architecture],
        role: role.arn,
        memorySize: settings.memoryMb,
        timeout: settings.timeoutSeconds,
        kmsKeyArn: args.keyArn,
        environment: { variables: args.environment },
        tracingConfig: { mode: settings.tracing ? "Active" : "PassThrough" },
        loggingConfig: {
          logFormat: "JSON",
          logGroup: logGroup.name,
          applicationLogLevel: settings.logLevel,
          systemLogLevel: "WARN",
        },
        ...(settings.reservedConcurrency === undefined
          ? {}
          : { reservedConcurrentExecutions: settings.reservedConcurrency }),
      },
      { parent: this, dependsOn: [permissions, keyPermissions] },
    );
    new aws.lambda.EventSourceMapping(
      `${name}-uploads`,
      {
        eventSourceArn: args.queueArn,
        functionName: processor.name,
        batchSize: settings.batchSize,
        maximumBatchingWindowInSeconds: settings.batchWindowSeconds,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: settings.maximumConcurrency },
      },
      child,
    );

    this.functionName = processor.name;
    this.logGroupName = logGroup.name;
    this.registerOutputs({ functionName: this.functionName, logGroupName: this.logGroupName });
  }
}
