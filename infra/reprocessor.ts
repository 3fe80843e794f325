import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ReprocessorEnvironment } from "../handler/core/environment.ts";
import type { PhysicalResources } from "./naming.ts";
import { policyDocument, type Statement, trust, writeTraces } from "./permissions.ts";
import type { Settings } from "./settings.ts";

type FunctionSettings = Pick<Settings, "architecture" | "logLevel" | "logRetentionDays" | "tracing">;

/** The function's variables, as values that may not be known before the deployment. */
export type ReprocessorEnvironmentInputs = {
  readonly [Variable in keyof ReprocessorEnvironment]: pulumi.Input<string>;
};

export interface ReprocessorArgs extends FunctionSettings {
  readonly names: PhysicalResources;
  readonly keyArn: pulumi.Input<string>;
  /** Path of the zip that `handler/bundle.ts` made for `architecture`. */
  readonly zipPath: string;
  readonly environment: ReprocessorEnvironmentInputs;
  /** What the function may do, as offered by the components it works with. */
  readonly statements: readonly Statement[];
  /** Use of the key, in a document of its own: its ARN is not known before the key exists. */
  readonly keyStatement: pulumi.Input<Statement>;
}

/** It waits for three short answers of AWS; more memory would only be paid for. */
const MEMORY_MB = 256;
/** Longer than the three tries of each call take. */
const TIMEOUT_SECONDS = 60;

/** The function that S3 Batch Operations invokes for each original of a list, its role and its log group. */
export class Reprocessor extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ReprocessorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Reprocessor", name, {}, opts);
    const { names } = args;
    const child = { parent: this };

    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: names.reprocessorLogGroup.name,
        retentionInDays: args.logRetentionDays,
        kmsKeyId: args.keyArn,
      },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: names.reprocessorRole.name,
        assumeRolePolicy: policyDocument([trust("lambda.amazonaws.com")]),
      },
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
            resources: [`${names.reprocessorLogGroup.arn}:*`],
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
    const reprocessor = new aws.lambda.Function(
      `${name}-function`,
      {
        name: names.reprocessor.name,
        description: "Has originals processed once more, for S3 Batch Operations",
        packageType: "Zip",
        code: new pulumi.asset.FileArchive(args.zipPath),
        handler: "reprocessor.handler",
        runtime: "nodejs24.x",
        architectures: [args.architecture],
        role: role.arn,
        memorySize: MEMORY_MB,
        timeout: TIMEOUT_SECONDS,
        kmsKeyArn: args.keyArn,
        environment: { variables: args.environment },
        tracingConfig: { mode: args.tracing ? "Active" : "PassThrough" },
        loggingConfig: {
          logFormat: "JSON",
          logGroup: logGroup.name,
          applicationLogLevel: args.logLevel,
          systemLogLevel: "WARN",
        },
      },
      { parent: this, dependsOn: [permissions, keyPermissions] },
    );

    this.arn = reprocessor.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
