import type { Mail } from "../mailbox.ts";
import type { Pipeline } from "../pipeline.ts";
import type { UploadedObject } from "../upload-object.ts";
import type { Journeys } from "./journeys.ts";
import type { MailView } from "./model.ts";
import type { PageTarget } from "./ports.ts";

const mailView = ({ from, to, subject, date, body, attributes }: Mail): MailView => ({
  from,
  to,
  subject,
  date: date.toISOString(),
  body,
  key: attributes["imageKey"],
});

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
  journeys,
  onUploaded,
  async *mails(signal) {
    for await (const mail of pipeline.mailbox.mails(signal)) {
      yield mailView(mail);
    }
  },
});
