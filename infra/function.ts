import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertEnvironmentFits } from "./environment-size.ts";
import type { PhysicalResource } from "./naming.ts";
import { type Statement, trust, writeTraces } from "./permissions.ts";
import { createRole } from "./role.ts";
import type { Settings } from "./settings.ts";

/** What functions have in common, as the configuration has it. */
export type CommonFunctionSettings = Pick<
  Settings,
  "architecture" | "logLevel" | "logRetentionDays" | "permissionsBoundary" | "tracing"
>;

export type FunctionArgs = CommonFunctionSettings & {
  readonly names: {
    readonly function: PhysicalResource;
    readonly role: PhysicalResource;
    readonly logGroup: PhysicalResource;
  };
  readonly description: string;
  /** Module and export, such as `index.handler`. */
  readonly handler: string;
  /** Path of the zip that `handler/bundle.ts` made for `architecture`. */
  readonly zipPath: string;
  /** Memory in MiB. */
  readonly memoryMb: number;
  /** Longest run in seconds. */
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Values of `environment` that are not known at preview, by their variables, or others as long. */
  readonly comingValues: Readonly<Record<string, string>>;
  readonly keyArn: pulumi.Input<string>;
  /** What the function may do, as offered by the components it works with. */
  readonly statements: readonly Statement[];
  /** Use of the key, in a document of its own: its ARN is not known before the key exists. */
  readonly keyStatement: pulumi.Input<Statement>;
  /**
   * Concurrent runs reserved for the function.
   * @default none are reserved
   */
  readonly reservedConcurrency?: number | undefined;
  /**
   * Queue that keeps the events that the function failed on, of callers that do not wait for its answer.
   * @default none
   */
  readonly deadLetterQueueArn?: pulumi.Input<string>;
};

export type LoggedFunction = {
  readonly function: aws.lambda.Function;
  readonly logGroup: aws.cloudwatch.LogGroup;
};

/** A function from the zip, its own role with two documents, and its log group. */
export const createFunction = (
  name: string,
  args: FunctionArgs,
  parent: pulumi.ComponentResource,
): LoggedFunction => {
  const { names } = args;
  const child = { parent };
  assertEnvironmentFits(names.function.name, args.environment, args.comingValues);
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { name: names.logGroup.name, retentionInDays: args.logRetentionDays, kmsKeyId: args.keyArn },
    child,
  );
  const { role, grants } = createRole(
    name,
    {
      role: names.role,
      trust: trust("lambda.amazonaws.com"),
      statements: [
        ...args.statements,
        {
          sid: "WriteLogs",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [`${names.logGroup.arn}:*`],
        },
        ...(args.tracing ? [writeTraces()] : []),
      ],
      keyStatements: [args.keyStatement],
      permissionsBoundary: args.permissionsBoundary,
    },
    parent,
  );
  const created = new aws.lambda.Function(
    `${name}-function`,
    {
      name: names.function.name,
      description: args.description,
      packageType: "Zip",
      code: new pulumi.asset.FileArchive(args.zipPath),
      handler: args.handler,
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
      ...(args.deadLetterQueueArn === undefined
        ? {}
        : { deadLetterConfig: { targetArn: args.deadLetterQueueArn } }),
      ...(args.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: args.reservedConcurrency }),
    },
    { parent, dependsOn: [...grants] },
  );
  return { function: created, logGroup };
};
