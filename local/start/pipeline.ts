import { arch, availableParallelism } from "node:os";
import type { Aws } from "../../operator/aws.ts";
import { type ProgramOutputs, programOutputs } from "../../operator/outputs.ts";
import { DeployedPipeline } from "../../operator/uploads/deployed-pipeline.ts";
import { connect } from "../emulator/aws.ts";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { type CreatedResource, deploy, destroy } from "../provider/deploy.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";

export { uploadObject } from "../../operator/uploads/upload-object.ts";

export type PipelineOptions = {
  /** Where the emulator's output is kept. */
  readonly logFile: string;
  /** Settings of the stack by key under `image-pipeline:`, as text. @default what fits this machine */
  readonly settings?: Readonly<Record<string, string>>;
  /** @default "us-east-1" */
  readonly region?: string;
  /** Told of each step in a few words. */
  readonly onProgress?: (step: string) => void;
};

const PROJECT = "image-pipeline";
const STACK = "local";
const EMAIL = "you@example.com";

/** The emulator runs the function on this machine; links into AWS's console would lead nowhere. */
const localSettings = (): Record<string, string> => ({
  email: EMAIL,
  architecture: arch() === "arm64" ? "arm64" : "x86_64",
  protectData: "false",
  renditionLinks: "none",
  // Each concurrent run is a Node process here; more than there are CPUs only wait for each other.
  maximumConcurrency: String(Math.max(2, availableParallelism())),
});

let runs = 0;

/** Node keeps modules by address: each run of the program needs one of its own. */
const loadProgram = async (): Promise<Record<string, unknown>> => {
  runs += 1;
  const address = new URL(`../../index.ts?run=${runs}`, import.meta.url).href;
  return { ...(await import(address)) };
};

/** The program's pipeline on an emulator, with a mailbox on its topic. */
export class Pipeline extends DeployedPipeline {
  readonly emulator: Emulator;
  readonly mailbox: Mailbox;
  /** Everything that the program has made, in order. */
  readonly resources: readonly CreatedResource[];

  constructor(
    emulator: Emulator,
    aws: Aws,
    mailbox: Mailbox,
    outputs: ProgramOutputs,
    created: readonly CreatedResource[],
  ) {
    super(aws, outputs);
    this.emulator = emulator;
    this.mailbox = mailbox;
    this.resources = created;
  }

  /** Stops everything, and deletes what it made on an endpoint that stays. */
  async close(): Promise<void> {
    await this.mailbox.close();
    await release(this.emulator, this.aws, this.resources);
  }
}

const release = async (emulator: Emulator, aws: Aws, created: readonly CreatedResource[]): Promise<void> => {
  try {
    if (emulator.logFile === undefined) {
      await destroy(created, aws);
    }
  } finally {
    aws.close();
    await emulator.stop();
  }
};

/**
 * Starts an emulator, runs index.ts against it, and opens a mailbox on its topic.
 *
 * @throws {LocalError} when one of these fails; nothing is left behind then.
 */
export const startPipeline = async (options: PipelineOptions): Promise<Pipeline> => {
  const { logFile, settings = {}, region = "us-east-1", onProgress = () => {} } = options;
  onProgress("starting the AWS emulator");
  const emulator = await startEmulator({ logFile });
  const aws = connect(emulator, region);
  const created: CreatedResource[] = [];
  try {
    onProgress("packaging the function and creating the resources");
    const all: Record<string, string> = { ...localSettings(), ...settings };
    const outputs = programOutputs.parse(
      await deploy({
        aws,
        project: PROJECT,
        stack: STACK,
        config: Object.fromEntries(Object.entries(all).map(([key, value]) => [`${PROJECT}:${key}`, value])),
        secretKeys: [`${PROJECT}:email`],
        program: loadProgram,
        onCreated: (resource) => created.push(resource),
      }),
    );
    const mailbox = await openMailbox(aws, outputs.topicArn, all["email"] ?? EMAIL);
    return new Pipeline(emulator, aws, mailbox, outputs, created);
  } catch (error) {
    await release(emulator, aws, created);
    throw error;
  }
};
