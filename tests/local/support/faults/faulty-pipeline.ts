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
import type { Pipeline } from "../../../../local/start/pipeline.ts";
import { unlessAbsent } from "../../../../operator/answers.ts";
import { credentialVariables } from "../emulated-aws.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { FunctionProcess } from "./function-process.ts";

const BATCH = 5;
const VISIBILITY_SECONDS = 120;
const TIMEOUT_MS = 60_000;

/** The message was delivered once more meanwhile, and is done by that; Lambda does not mind either. */
const GONE = ["ReceiptHandleIsInvalid"];

export type FaultyPipelineOptions = {
  /** By how much the clock of each process of the function is ahead, in milliseconds. @default one process, right */
  readonly clocksAheadMs?: readonly number[];
};

/**
 * A pipeline whose function reaches AWS through a proxy that does harm, in processes that can be killed. Batches are
 * handed to them as Lambda's event source mapping does it, but for the wait between two tries.
 */
export class FaultyPipeline {
  readonly proxy: FaultProxy;
  /** Deliveries that ended without an answer, or gave messages back. */
  failedDeliveries = 0;
  readonly #pipeline: Pipeline;
  readonly #processes: readonly FunctionProcess[];

  private constructor(pipeline: Pipeline, proxy: FaultProxy, processes: readonly FunctionProcess[]) {
    this.#pipeline = pipeline;
    this.proxy = proxy;
    this.#processes = processes;
  }

  static async start(
    pipeline: Pipeline,
    { clocksAheadMs = [0] }: FaultyPipelineOptions = {},
  ): Promise<FaultyPipeline> {
    const { aws, outputs, emulator } = pipeline;
    const { EventSourceMappings = [] } = await aws.lambda.send(new ListEventSourceMappingsCommand({}));
    for (const { UUID } of EventSourceMappings) {
      await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    }
    const { Environment, MemorySize } = await aws.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: outputs.functionName }),
    );
    const proxy = new FaultProxy(emulator, outputs.destinationBucket);
    const processes: FunctionProcess[] = [];
    for (const aheadMs of clocksAheadMs) {
      const process: FunctionProcess = new FunctionProcess({
        ...Environment?.Variables,
        AWS_ENDPOINT_URL: await proxy.open(() => process.kill()),
        AWS_REGION: aws.region,
        ...credentialVariables(emulator),
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
        CLOCK_AHEAD_MS: String(aheadMs),
      });
      processes.push(process);
    }
    return new FaultyPipeline(pipeline, proxy, processes);
  }

  async stop(): Promise<void> {
    for (const process of this.#processes) process.kill();
    await this.proxy.stop();
  }

  /** Delivers what is in the queue, to every process at once, until nothing is left in it. */
  async drain(): Promise<void> {
    const drainBy = async (_process: FunctionProcess, index: number): Promise<void> => {
      for (;;) {
        const messages = await this.receive();
        if (messages.length > 0) await this.deliver(messages, index);
        else if (await this.#isEmpty()) return;
      }
    };
    await Promise.all(this.#processes.map(drainBy));
  }

  /** A batch of the queue, hidden from who else asks for so long; what was delivered before may be in it again. */
  async receive(visibilitySeconds = VISIBILITY_SECONDS): Promise<readonly Message[]> {
    const { aws, outputs } = this.#pipeline;
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: outputs.queueUrl,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: visibilitySeconds,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      }),
    );
    return Messages;
  }

  /** Hands a batch to a process, and acknowledges what is done of it. */
  async deliver(messages: readonly Message[], index = 0): Promise<void> {
    const { aws, outputs } = this.#pipeline;
    const event = {
      Records: messages.map(({ MessageId, Body, Attributes }) => ({
        messageId: MessageId,
        body: Body,
        attributes: Attributes,
      })),
    };
    const answer = await this.#processes[index]?.invoke(event, TIMEOUT_MS);
    const isDone = ({ MessageId }: Message): boolean =>
      answer !== undefined &&
      !answer.batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === MessageId);
    for (const message of messages) {
      const handle = { QueueUrl: outputs.queueUrl, ReceiptHandle: message.ReceiptHandle };
      if (isDone(message)) {
        await unlessAbsent(GONE, aws.sqs.send(new DeleteMessageCommand(handle)));
      } else {
        this.failedDeliveries += 1;
        const visible = new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 0 });
        await unlessAbsent(GONE, aws.sqs.send(visible));
      }
    }
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
}
