import * as timers from "node:timers/promises";
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { z } from "zod";
import { unlessAbsent } from "../../operator/answers.ts";
import type { Aws } from "../../operator/aws.ts";
import { defineResource, present, removedTags, type Tags, tags } from "./resource.ts";

const ABSENT = ["ResourceNotFoundException"];
const POLL_MS = 500;
const POLLS = 240;

const mappingSchema = z.strictObject({
  eventSourceArn: z.string().regex(/^arn:[^:]+:sqs:/),
  functionName: z.string(),
  enabled: z.boolean().default(true),
  batchSize: z.int().min(1).max(10_000).default(10),
  maximumBatchingWindowInSeconds: z.int().min(0).max(300).default(0),
  functionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).optional(),
  scalingConfig: z.strictObject({ maximumConcurrency: z.int().min(2).max(1000) }).optional(),
  filterCriteria: z.strictObject({ filters: z.array(z.strictObject({ pattern: z.string() })) }).optional(),
  tags,
});

const settings = (inputs: z.output<typeof mappingSchema>) => ({
  FunctionName: inputs.functionName,
  Enabled: inputs.enabled,
  BatchSize: inputs.batchSize,
  MaximumBatchingWindowInSeconds: inputs.maximumBatchingWindowInSeconds,
  FunctionResponseTypes: inputs.functionResponseTypes ?? [],
  ScalingConfig: inputs.scalingConfig && { MaximumConcurrency: inputs.scalingConfig.maximumConcurrency },
  FilterCriteria: inputs.filterCriteria && {
    Filters: inputs.filterCriteria.filters.map(({ pattern }) => ({ Pattern: pattern })),
  },
});

const readMapping = (id: string, { lambda }: Aws) =>
  unlessAbsent(ABSENT, lambda.send(new GetEventSourceMappingCommand({ UUID: id })));

/** The mapping once it is at rest; AWS changes it in the background. */
const settled = async (id: string, aws: Aws): Promise<EventSourceMappingConfiguration | undefined> => {
  for (let poll = 0; poll < POLLS; poll += 1) {
    const found = await readMapping(id, aws);
    if (!found?.State?.endsWith("ing")) {
      return found;
    }
    await timers.setTimeout(POLL_MS);
  }
  throw new Error(`The event source mapping ${id} did not come to rest in ${(POLLS * POLL_MS) / 1000} s.`);
};

const mappingOutputs = (found: EventSourceMappingConfiguration, inputTags: Tags) => ({
  arn: found.EventSourceMappingArn,
  uuid: found.UUID,
  functionArn: found.FunctionArn,
  state: found.State,
  stateTransitionReason: found.StateTransitionReason,
  lastProcessingResult: found.LastProcessingResult,
  lastModified: found.LastModified?.toISOString(),
  tagsAll: inputTags ?? {},
});

export const eventSourceMapping = defineResource({
  schema: mappingSchema,
  replaceOn: ["eventSourceArn"],
  create: async (inputs, aws) => {
    const { UUID } = await aws.lambda.send(
      new CreateEventSourceMappingCommand({
        ...settings(inputs),
        EventSourceArn: inputs.eventSourceArn,
        Tags: inputs.tags,
      }),
    );
    const id = present(UUID, "event source mapping id");
    return {
      id,
      outputs: mappingOutputs(present(await settled(id, aws), "event source mapping"), inputs.tags),
    };
  },
  read: async (id, aws) => {
    const found = await readMapping(id, aws);
    return (
      found && {
        ...mappingOutputs(found, {}),
        eventSourceArn: found.EventSourceArn,
        functionName: found.FunctionArn,
        enabled: found.State === "Enabled",
        batchSize: found.BatchSize,
        maximumBatchingWindowInSeconds: found.MaximumBatchingWindowInSeconds ?? 0,
        functionResponseTypes: found.FunctionResponseTypes ?? [],
        ...(found.ScalingConfig?.MaximumConcurrency === undefined
          ? {}
          : { scalingConfig: { maximumConcurrency: found.ScalingConfig.MaximumConcurrency } }),
      }
    );
  },
  update: async (id, inputs, olds, aws) => {
    const { lambda } = aws;
    await lambda.send(
      new UpdateEventSourceMappingCommand({
        ...settings(inputs),
        UUID: id,
        // Empty ones take away what was there.
        ScalingConfig: settings(inputs).ScalingConfig ?? {},
        FilterCriteria: settings(inputs).FilterCriteria ?? {},
      }),
    );
    const found = present(await settled(id, aws), "event source mapping");
    const removed = removedTags(olds.tags, inputs.tags);
    if (removed.length > 0) {
      await lambda.send(
        new UntagResourceCommand({ Resource: found.EventSourceMappingArn, TagKeys: removed }),
      );
    }
    if (inputs.tags !== undefined) {
      await lambda.send(new TagResourceCommand({ Resource: found.EventSourceMappingArn, Tags: inputs.tags }));
    }
    return mappingOutputs(found, inputs.tags);
  },
  delete: async (id, _inputs, aws) => {
    const asked = await unlessAbsent(
      ABSENT,
      aws.lambda.send(new DeleteEventSourceMappingCommand({ UUID: id })),
    );
    if (asked !== undefined) {
      await settled(id, aws);
    }
  },
});
