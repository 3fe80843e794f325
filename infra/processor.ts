import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createFunction, type FunctionArgs } from "./function.ts";
import type { HandlerEnvironmentInputs } from "./handler-environment.ts";
import type { PhysicalResources } from "./naming.ts";
import type { Settings } from "./settings.ts";

type QueueSettings = Pick<
  Settings,
  "batchSize" | "batchWindowSeconds" | "maximumConcurrency" | "reservedConcurrency"
>;

export type ProcessorArgs = QueueSettings &
  Omit<FunctionArgs, "names" | "description" | "handler" | "environment" | "reservedConcurrency"> & {
    readonly names: PhysicalResources;
    readonly environment: HandlerEnvironmentInputs;
    readonly queueArn: pulumi.Input<string>;
  };

/** The function that makes renditions, its role, its log group, and its subscription to the ingest queue. */
export class Processor extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** What brings it the queue's messages; Lambda takes its time to make it. */
  readonly subscription: aws.lambda.EventSourceMapping;

  constructor(name: string, args: ProcessorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Processor", name, {}, opts);
    const { names } = args;
    const processor = createFunction(
      name,
      {
        ...args,
        names: { function: names.processor, role: names.processorRole, logGroup: names.logGroup },
        description: "Makes renditions of each image that arrives in the source bucket",
        handler: "index.handler",
        environment: { ...args.environment },
      },
      this,
    );
    this.subscription = new aws.lambda.EventSourceMapping(
      `${name}-uploads`,
      {
        eventSourceArn: args.queueArn,
        functionName: processor.function.name,
        batchSize: args.batchSize,
        maximumBatchingWindowInSeconds: args.batchWindowSeconds,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: args.maximumConcurrency },
      },
      { parent: this },
    );

    this.functionName = processor.function.name;
    this.logGroupName = processor.logGroup.name;
    this.registerOutputs({ functionName: this.functionName, logGroupName: this.logGroupName });
  }
}
