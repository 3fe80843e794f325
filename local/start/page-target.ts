import { readFile } from "node:fs/promises";
import type { UploadedObject } from "../../operator/uploads/upload-object.ts";
import type { Journeys } from "../../page/journeys.ts";
import type { MailView } from "../../page/model.ts";
import type { DeployedResource, PageTarget } from "../../page/ports.ts";
import type { Mail } from "./mailbox.ts";
import type { Pipeline } from "./pipeline.ts";

const mailView = ({ from, to, subject, date, body, attributes }: Mail): MailView => ({
  from,
  to,
  subject,
  date: date.toISOString(),
  body,
  key: attributes["imageKey"],
});

/** The resources as the local deployment made them; nobody has protected one, and every value is known. */
const deployedResources = ({ resources }: Pipeline): readonly DeployedResource[] =>
  resources.map(({ type, name, id, state }) => ({
    type,
    name,
    id,
    urn: `urn:pulumi:local::image-pipeline::${type}::${name}`,
    properties: state,
    isProtected: false,
    dependencies: [],
    propertyDependencies: {},
  }));

/** What the emulator has told of calls by roles (local/emulator/emulator.py). */
const countedCalls = async ({ emulator }: Pipeline): Promise<ReadonlyMap<string, number> | undefined> => {
  if (emulator.logFile === undefined) {
    return undefined;
  }
  const calls = new Map<string, number>();
  for (const [, action = ""] of (await readFile(emulator.logFile, "utf8")).matchAll(/^call (\S+)$/gm)) {
    calls.set(action, (calls.get(action) ?? 0) + 1);
  }
  return calls;
};

/** The pipeline that `npm start` runs: everything on it may be done from the page. */
export const localTarget = (
  pipeline: Pipeline,
  journeys: Journeys,
  onUploaded: (uploaded: UploadedObject) => void,
): PageTarget => ({
  view: {
    kind: "local",
    name: "local",
    region: pipeline.aws.region,
    isReadOnly: false,
    outputs: pipeline.outputs,
  },
  pipeline,
  operated: {
    ...pipeline.aws,
    name: "the pipeline on this machine",
    outputs: pipeline.outputs,
    close: () => pipeline.aws.close(),
  },
  resources: async () => deployedResources(pipeline),
  calls: () => countedCalls(pipeline),
  journeys,
  onUploaded,
  async *mails(signal) {
    for await (const mail of pipeline.mailbox.mails(signal)) {
      yield mailView(mail);
    }
  },
});
