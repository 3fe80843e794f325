import {
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Pipeline } from "../../../../local/pipeline.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { FunctionProcess } from "./function-process.ts";

const BATCH = 5;
const VISIBILITY_SECONDS = 120;
const TIMEOUT_MS = 60_000;

/**
 * A pipeline whose function reaches AWS through a proxy that does harm, in a process that can be killed. Batches are
 * handed to it as Lambda's event source mapping does it, but for the wait between two tries.
 */
export class FaultyPipeline {
  readonly proxy: FaultProxy;
  /** Deliveries that ended without an answer, or gave messages back. */
  failedDeliveries = 0;
  readonly #pipeline: Pipeline;
  readonly #function: FunctionProcess;

  private constructor(pipeline: Pipeline, proxy: FaultProxy, process: FunctionProcess) {
    this.#pipeline = pipeline;
    this.proxy = proxy;
    this.#function = process;
    proxy.kill = process.kill;
  }

  static async start(pipeline: Pipeline): Promise<FaultyPipeline> {
    const { aws, outputs, emulator } = pipeline;
    const { EventSourceMappings = [] } = await aws.lambda.send(new ListEventSourceMappingsCommand({}));
    for (const { UUID } of EventSourceMappings) {
      await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    }
    const { Environment, MemorySize } = await aws.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: outputs.functionName }),
    );
    const proxy = new FaultProxy(emulator, outputs.destinationBucket);
    const process = new FunctionProcess({
      ...Environment?.Variables,
      AWS_ENDPOINT_URL: await proxy.start(),
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
    });
    return new FaultyPipeline(pipeline, proxy, process);
  }

  async stop(): Promise<void> {
    this.#function.kill();
    await this.proxy.stop();
  }

  /** Delivers what is in the queue until nothing is left in it. */
  async drain(): Promise<void> {
    for (;;) {
      const messages = await this.#receive();
      if (messages.length === 0) {
        if (await this.#isEmpty()) return;
        continue;
      }
      await this.#deliver(messages);
    }
  }

  async #receive(): Promise<readonly Message[]> {
    const { aws, outputs } = this.#pipeline;
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: outputs.queueUrl,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: VISIBILITY_SECONDS,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      }),
    );
    return Messages;
  }

  async #isEmpty(): Promise<boolean> {
    const { aws, outputs } = this.#pipeline;
    const { Attributes } = await aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: outputs.queueUrl, AttributeNames: ["All"] }),
    );
    return (
      Attributes?.["ApproximateNumberOfMessages"] === "0" &&
      Attributes?.["ApproximateNumberOfMessagesNotVisible"] === "0"
    );
  }

  async #deliver(messages: readonly Message[]): Promise<void> {
    const { aws, outputs } = this.#pipeline;
    const event = {
      Records: messages.map(({ MessageId, Body, Attributes }) => ({
        messageId: MessageId,
        body: Body,
        attributes: Attributes,
      })),
    };
    const answer = await this.#function.invoke(event, TIMEOUT_MS);
    const isDone = ({ MessageId }: Message): boolean =>
      answer !== undefined &&
      !answer.batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === MessageId);
    for (const message of messages) {
      const handle = { QueueUrl: outputs.queueUrl, ReceiptHandle: message.ReceiptHandle };
      if (isDone(message)) {
        await aws.sqs.send(new DeleteMessageCommand(handle));
      } else {
        this.failedDeliveries += 1;
        await aws.sqs.send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 0 }));
      }
    }
  }
}
