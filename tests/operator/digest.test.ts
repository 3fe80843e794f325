import { LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { digestText } from "../../operator/cli/digest.ts";
import { sendDigestNow } from "../../operator/digest.ts";
import { type Answer, AwsService } from "../handler/adapters/aws-service.ts";
import { SOME_OUTPUTS } from "./support.ts";

const NOW = new Date("2026-11-25T18:30:00.000Z");
const MAILED = {
  outcome: "mailed",
  from: "2026-11-25T08:00:00.000Z",
  to: "2026-11-25T18:30:00.000Z",
  processed: 1204,
  failed: 3,
  deleted: 2,
} as const;

const sending = (answer: Answer, digestFunctionName?: string) => {
  const service = new AwsService(answer);
  const outputs = { ...SOME_OUTPUTS, ...(digestFunctionName === undefined ? {} : { digestFunctionName }) };
  const lambda = new LambdaClient(service.config);
  return { service, sent: sendDigestNow({ name: "the stack dev", lambda, outputs }, NOW) };
};

test("the function is called for all that came until now, and says what came of it", async () => {
  const { service, sent } = sending({ body: JSON.stringify(MAILED) }, "digest");
  expect(await sent).toEqual(MAILED);
  expect(service.requests).toMatchObject([
    {
      path: "/2015-03-31/functions/digest/invocations",
      body: '{"scheduledTime":"2026-11-25T18:30:00.000Z"}',
    },
  ]);
});

test.each([undefined, "none"])("a pipeline without digests is told how to have them: %s", async (name) => {
  const { service, sent } = sending({}, name);
  await expect(sent).rejects.toThrow(
    "No digests are sent from the stack dev: set image-pipeline:notices to digest, here by `npm start -- --set notices=digest`.",
  );
  expect(service.requests).toEqual([]);
});

test("a function that failed is no digest", async () => {
  const failure = { errorType: "PipelineError", errorMessage: "The notice could not be published." };
  const { sent } = sending(
    { headers: { "x-amz-function-error": "Unhandled" }, body: JSON.stringify(failure) },
    "digest",
  );
  await expect(sent).rejects.toThrow("The digest was not sent: The notice could not be published.");
});

describe("what people read", () => {
  test.each([
    [
      MAILED,
      "Mailed what came from 2026-11-25T08:00:00.000Z to 2026-11-25T18:30:00.000Z: 1,204 processed, 3 not, 2 deleted.",
    ],
    [{ outcome: "nothing to tell" } as const, "Nothing came since the last digest; no mail was sent."],
    [{ outcome: "mailed before" } as const, "Another digest has just told everything."],
  ])("%j", (sent, line) => {
    expect(digestText(sent)).toBe(line);
  });
});
