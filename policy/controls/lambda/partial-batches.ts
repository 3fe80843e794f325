import { LAMBDA_EVENT_SOURCE_MAPPING } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const lambdaPartialBatches = defineResourceControl({
  id: "LAMBDA-007",
  name: "lambda-partial-batches",
  title: "Lambda functions report which items of a batch failed.",
  severity: "medium",
  level: "advisory",
  why: "Otherwise one bad item returns the whole batch. The good items are processed again and can end in the dead-letter queue.",
  remediation:
    "Set functionResponseTypes to `[ReportBatchItemFailures]`, and return batchItemFailures from the function.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda"],
  types: LAMBDA_EVENT_SOURCE_MAPPING,
  parameters: noParameters,
  *check({ props }) {
    if (props.strings("functionResponseTypes").includes("ReportBatchItemFailures")) return;
    if (props.number("batchSize") === 1) return;
    const [, , service = ""] = props.string("eventSourceArn")?.split(":") ?? [];
    if (!REPORTING_SOURCES.has(service)) return;
    yield violation({
      key: "PartialBatches::missing",
      message: "`functionResponseTypes` must include ReportBatchItemFailures.",
    });
  },
});

const REPORTING_SOURCES: ReadonlySet<string> = new Set(["dynamodb", "kinesis", "sqs"]);
