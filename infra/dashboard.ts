import type { PhysicalResources } from "./naming.ts";

/** Namespace of the metrics that the function writes. */
export const METRICS_NAMESPACE = "ImagePipeline";

type Metric = readonly [namespace: string, name: string, ...dimensions: string[]];

type Graph = {
  readonly title: string;
  readonly stat: "Sum" | "Maximum" | "p50" | "p95";
  readonly metrics: readonly Metric[];
};

const graphsOf = (names: PhysicalResources): readonly Graph[] => {
  const service: readonly string[] = ["service", names.processor.name];
  const queue: readonly string[] = ["QueueName", names.ingestQueue.name];
  const deadLetters: readonly string[] = ["QueueName", names.deadLetterQueue.name];
  const processor: readonly string[] = ["FunctionName", names.processor.name];
  return [
    {
      title: "Images",
      stat: "Sum",
      metrics: [
        [METRICS_NAMESPACE, "ImagesProcessed", ...service],
        [METRICS_NAMESPACE, "ImagesFailed", ...service],
      ],
    },
    {
      title: "Bytes in and out",
      stat: "Sum",
      metrics: [
        [METRICS_NAMESPACE, "BytesIn", ...service],
        [METRICS_NAMESPACE, "BytesOut", ...service],
      ],
    },
    {
      title: "Time to transform, p95",
      stat: "p95",
      metrics: [[METRICS_NAMESPACE, "TransformDuration", ...service]],
    },
    {
      title: "Waiting uploads",
      stat: "Maximum",
      metrics: [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", ...queue],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", ...deadLetters],
      ],
    },
    {
      title: "Age of the oldest upload",
      stat: "Maximum",
      metrics: [["AWS/SQS", "ApproximateAgeOfOldestMessage", ...queue]],
    },
    {
      title: "Runs of the function",
      stat: "Sum",
      metrics: [
        ["AWS/Lambda", "Invocations", ...processor],
        ["AWS/Lambda", "Errors", ...processor],
        ["AWS/Lambda", "Throttles", ...processor],
      ],
    },
  ];
};

const COLUMNS = 3;
const WIDTH = 8;
const HEIGHT = 6;

/** The dashboard as CloudWatch's JSON (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html). */
export const dashboardBody = (names: PhysicalResources, region: string): string =>
  JSON.stringify({
    widgets: graphsOf(names).map(({ title, stat, metrics }, index) => ({
      type: "metric",
      x: (index % COLUMNS) * WIDTH,
      y: Math.floor(index / COLUMNS) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      properties: { title, stat, metrics, region, period: 60, view: "timeSeries" },
    })),
  });
