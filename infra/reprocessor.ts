import * as pulumi from "@pulumi/pulumi";
import type { ReprocessorEnvironment } from "../handler/core/settings/environment.ts";
import { createFunction, type FunctionArgs } from "./function.ts";
import type { PhysicalResources } from "./naming.ts";

/** The function's variables, as values that may not be known before the deployment. */
export type ReprocessorEnvironmentInputs = {
  readonly [Variable in keyof ReprocessorEnvironment]: pulumi.Input<string>;
};

export type ReprocessorArgs = Pick<
  FunctionArgs,
  | "architecture"
  | "comingValues"
  | "keyArn"
  | "keyStatement"
  | "logLevel"
  | "logRetentionDays"
  | "permissionsBoundary"
  | "statements"
  | "tracing"
  | "zipPath"
> & {
  readonly names: PhysicalResources;
  readonly environment: ReprocessorEnvironmentInputs;
};

/** It waits for three short answers of AWS; more memory would only be paid for. */
const MEMORY_MB = 256;
/** Longer than the three tries of each call take. */
const TIMEOUT_SECONDS = 60;

/** The function that S3 Batch Operations invokes for each original of a list, its role and its log group. */
export class Reprocessor extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ReprocessorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Reprocessor", name, {}, opts);
    const { architecture, keyArn, keyStatement, logLevel, logRetentionDays, names } = args;
    const { comingValues, permissionsBoundary, statements, tracing, zipPath } = args;
    const reprocessor = createFunction(
      name,
      {
        ...{ architecture, keyArn, keyStatement, logLevel, logRetentionDays, permissionsBoundary },
        ...{ comingValues, statements, tracing, zipPath },
        names: {
          function: names.reprocessor,
          role: names.reprocessorRole,
          logGroup: names.reprocessorLogGroup,
        },
        description: "Has originals processed once more, for S3 Batch Operations",
        handler: "reprocessor.handler",
        memoryMb: MEMORY_MB,
        timeoutSeconds: TIMEOUT_SECONDS,
        environment: args.environment,
      },
      this,
    );
    this.arn = reprocessor.function.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
