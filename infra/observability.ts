import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dashboardBody } from "./dashboard.ts";
import type { Deployment, PhysicalResources } from "./naming.ts";

export type ObservabilityArgs = {
  readonly deployment: Deployment;
  readonly names: PhysicalResources;
  /** Where alarms go. */
  readonly topicArn: pulumi.Input<string>;
  /** Longest run of the function in seconds; an alarm tells of runs that come near it. */
  readonly timeoutSeconds: number;
  /** Age in seconds of the oldest waiting upload that raises an alarm. */
  readonly backlogAlarmSeconds: number;
  /** Digests are sent. */
  readonly isDigested: boolean;
};

/** Share of the function's timeout that counts as near it. */
const NEAR_TIMEOUT = 0.8;

type AlarmSpec = {
  readonly purpose: string;
  readonly description: string;
  readonly namespace: "AWS/SQS" | "AWS/Lambda";
  readonly metricName: string;
  readonly statistic: "Maximum" | "Sum";
  readonly dimensions: Readonly<Record<string, string>>;
  readonly threshold: number;
};

const alarmSpecs = ({ names, ...args }: ObservabilityArgs): readonly AlarmSpec[] => {
  const ofFunction = { FunctionName: names.processor.name };
  return [
    {
      purpose: "dead-letters",
      description: "Uploads could not be processed after every try and wait in the dead-letter queue.",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      statistic: "Maximum",
      dimensions: { QueueName: names.deadLetterQueue.name },
      threshold: 1,
    },
    {
      purpose: "backlog",
      description: "The oldest upload has been waiting for too long.",
      namespace: "AWS/SQS",
      metricName: "ApproximateAgeOfOldestMessage",
      statistic: "Maximum",
      dimensions: { QueueName: names.ingestQueue.name },
      threshold: args.backlogAlarmSeconds,
    },
    {
      purpose: "errors",
      description: "The function failed as a whole: see its logs.",
      namespace: "AWS/Lambda",
      metricName: "Errors",
      statistic: "Sum",
      dimensions: ofFunction,
      threshold: 1,
    },
    {
      purpose: "throttles",
      description:
        "Lambda refused to run the function: the account's or its reserved concurrency is used up.",
      namespace: "AWS/Lambda",
      metricName: "Throttles",
      statistic: "Sum",
      dimensions: ofFunction,
      threshold: 1,
    },
    {
      purpose: "duration",
      description:
        "Runs come near the function's timeout: raise timeoutSeconds or memoryMb, or lower batchSize.",
      namespace: "AWS/Lambda",
      metricName: "Duration",
      statistic: "Maximum",
      dimensions: ofFunction,
      threshold: NEAR_TIMEOUT * args.timeoutSeconds * 1000,
    },
    ...(args.isDigested
      ? [
          {
            purpose: "digest",
            description:
              "A digest could not be sent after every try; the next one tells what it had to tell.",
            namespace: "AWS/SQS",
            metricName: "ApproximateNumberOfMessagesVisible",
            statistic: "Maximum",
            dimensions: { QueueName: names.digestDeadLetterQueue.name },
            threshold: 1,
          } as const,
        ]
      : []),
  ];
};

/** The alarms that mail the owner, and the dashboard that shows what they watch. */
export class Observability extends pulumi.ComponentResource {
  readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Observability", name, {}, opts);
    for (const { purpose, description, ...metric } of alarmSpecs(args)) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${purpose}`,
        {
          name: args.names.alarm(purpose).name,
          alarmDescription: description,
          ...metric,
          period: 60,
          evaluationPeriods: 1,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching",
          alarmActions: [args.topicArn],
          okActions: [args.topicArn],
        },
        { parent: this },
      );
    }
    const dashboard = new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        dashboardName: args.names.dashboard.name,
        dashboardBody: dashboardBody(args.names, args.deployment.region),
      },
      { parent: this },
    );

    this.dashboardName = dashboard.dashboardName;
    this.registerOutputs({ dashboardName: this.dashboardName });
  }
}
