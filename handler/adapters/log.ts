import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { Tracer } from "@aws-lambda-powertools/tracer";
import type { Settings } from "../core/settings/settings.ts";
import { plainLines } from "../core/strangers-text.ts";
import type { ImageMetrics, Log, LogFields, Trace } from "../ports/telemetry.ts";

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const logOf = (logger: Logger): Log => ({
  with: (fields) => logOf(logger.createChild({ persistentKeys: { ...fields } })),
  info: (message, fields: LogFields = {}) => logger.info(message, { ...fields }),
  warn: (message, fields: LogFields = {}) => logger.warn(message, { ...fields }),
  error: (message, error) => logger.error(message, asError(error)),
});

/** JSON escapes controls, but neither what turns text around nor what is invisible, which keys and causes may hold. */
const plainValue = (_name: string, value: unknown): unknown =>
  typeof value === "string" ? plainLines(value) : value;

/** JSON lines on standard output, which Lambda sends to CloudWatch. */
export const powertoolsLog = ({ serviceName, logLevel }: Pick<Settings, "serviceName" | "logLevel">): Log =>
  logOf(new Logger({ serviceName, logLevel, jsonReplacerFn: plainValue }));

/**
 * Metrics as EMF lines in the log, one an image: no call, no permission
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * Each carries the dimension `service`; ImagesFailed is counted both without and with `ReasonCode`.
 */
export const powertoolsMetrics = ({
  serviceName,
  metricsNamespace: namespace,
}: Pick<Settings, "serviceName" | "metricsNamespace">): ImageMetrics => {
  const metrics = new Metrics({ serviceName, namespace });
  return {
    imageProcessed: ({ bytesIn, bytesOut, transformMs }) => {
      metrics
        .addMetric("ImagesProcessed", "Count", 1)
        .addMetric("BytesIn", "Bytes", bytesIn)
        .addMetric("BytesOut", "Bytes", bytesOut)
        .addMetric("TransformDuration", "Milliseconds", transformMs)
        .publishStoredMetrics();
    },
    imageFailed: (reasonCode) => {
      metrics
        .addDimensions({})
        .addDimensions({ ReasonCode: reasonCode })
        .addMetric("ImagesFailed", "Count", 1)
        .publishStoredMetrics();
    },
    imageDeleted: () => {
      metrics.addMetric("ImagesDeleted", "Count", 1).publishStoredMetrics();
    },
  };
};

/** X-Ray subsegments where Lambda samples the invocation; elsewhere nothing but the work itself. */
export const powertoolsTrace = ({ serviceName }: Pick<Settings, "serviceName">): Trace => {
  const tracer = new Tracer({ serviceName, captureHTTPsRequests: false });
  return {
    stage: async (name, run) => {
      const parent = tracer.isTraceSampled() ? tracer.getSegment() : undefined;
      if (parent === undefined) return run();
      // The new subsegment is not made the current one: images of one batch overlap, and would nest in each other.
      const subsegment = parent.addNewSubsegment(name);
      try {
        return await run();
      } catch (error) {
        subsegment.addError(asError(error));
        throw error;
      } finally {
        subsegment.close();
      }
    },
  };
};
