import { expect, test } from "vitest";
import { startPipeline } from "../../local/start/pipeline.ts";
import { logFileFor, OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";

test(
  "the program makes nothing for a delivery where CloudFront can't serve",
  async () => {
    const refused = startPipeline({
      logFile: logFileFor("pipeline-partition.test.ts"),
      region: "us-gov-west-1",
      settings: { delivery: "true" },
    });
    await expect(refused).rejects.toThrow(
      "image-pipeline:delivery: expected false in the partition aws-us-gov: AWS GovCloud (US) has no CloudFront",
    );
  },
  OUTCOME_TIMEOUT_MS,
);
