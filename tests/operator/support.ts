import type { Pipeline } from "../../local/pipeline.ts";
import { emulatedTarget, type Target } from "../../operator/target.ts";

/** What `npm start` publishes of a pipeline, as the operator's tools find it. */
export const targetOf = ({ emulator, aws, outputs }: Pipeline): Target =>
  emulatedTarget({
    endpoint: emulator.endpoint,
    authorityFile: emulator.authorityFile,
    logFile: emulator.logFile,
    region: aws.region,
    outputs,
  });
