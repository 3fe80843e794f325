import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Pipeline } from "../../../../local/start/pipeline.ts";
import type { FaultyPipeline } from "./faulty-pipeline.ts";

/** Rendition specs that give every upload two renditions, small ones. */
export const TWO_RENDITIONS = '[{"name":"card","width":16,"formats":["webp","auto"]}]';

/** How the work on uploads ended. */
export class Endings {
  readonly #pipeline: Pipeline;
  readonly #faulty: FaultyPipeline;

  constructor(pipeline: Pipeline, faulty: FaultyPipeline) {
    this.#pipeline = pipeline;
    this.#faulty = faulty;
  }

  /** Notices that were published of an original, or entries of it for digests. */
  notices(key: string): number {
    return this.#faulty.proxy.carriedOut.filter(
      (call) => ["Publish", "PutItem"].includes(call.operation) && call.key === key,
    ).length;
  }

  async deadLetters(): Promise<number> {
    const { aws, outputs } = this.#pipeline;
    const { Attributes } = await aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: outputs.deadLetterQueueUrl, AttributeNames: ["All"] }),
    );
    return Number(Attributes?.["ApproximateNumberOfMessages"]);
  }

  /** What is wrong with an upload that should be processed, with two renditions; nothing when all is right. */
  async wrongWith(key: string, versionId: string | undefined): Promise<readonly string[]> {
    const record = await this.#pipeline.record(key);
    const files = await this.#pipeline.renditions(key);
    const stored = files.map((file) => `${file.key} ${file.sizeBytes}`).sort();
    const recorded = (record?.Renditions ?? []).map(({ Key, SizeBytes }) => `${Key} ${SizeBytes}`).sort();
    return [
      ...(record?.State === "PROCESSED" ? [] : [`${key} is ${record?.State ?? "not recorded"}`]),
      ...(record?.VersionId === versionId ? [] : [`${key} is of another version`]),
      ...(record?.NotifiedAt === undefined ? [`${key} is not notified`] : []),
      ...(recorded.length === 2 && stored.join() === recorded.join() ? [] : [`${key} has ${stored.join()}`]),
      ...(this.notices(key) > 0 ? [] : [`nobody was told of ${key}`]),
    ];
  }
}
