import { InvokeCommand } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { plain } from "../handler/core/strangers-text.ts";
import { OperatorError } from "./errors.ts";
import { sendsDigests } from "./outputs.ts";
import type { Target } from "./target.ts";

/** What came of it, as the function that sends digests says it. */
const answer = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("mailed"),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    processed: z.int(),
    failed: z.int(),
    deleted: z.int(),
  }),
  z.object({ outcome: z.literal("nothing to tell") }),
  z.object({ outcome: z.literal("mailed before") }),
]);

/** What Lambda says of a run that failed (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html). */
const failure = z.object({ errorMessage: z.string().default("the function failed.") });

export type SentDigest = z.output<typeof answer>;

/** Longest wait for the function, in milliseconds: it runs for five minutes at most. */
const OUTCOME_TIMEOUT_MS = 310_000;

/**
 * Has the digest of all that came until now sent; the next one goes on from there.
 *
 * @throws {OperatorError} when the pipeline sends none, or the function failed
 */
export const sendDigestNow = async (
  { name, lambda, outputs }: Pick<Target, "name" | "lambda" | "outputs">,
  now: Date,
): Promise<SentDigest> => {
  if (!sendsDigests(outputs)) {
    throw new OperatorError(
      `No digests are sent from ${name}: set image-pipeline:notices to digest, here by \`npm start -- --set notices=digest\`.`,
    );
  }
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: outputs.digestFunctionName,
      Payload: JSON.stringify({ scheduledTime: now.toISOString() }),
    }),
    { requestTimeout: OUTCOME_TIMEOUT_MS },
  );
  const said: unknown = JSON.parse(new TextDecoder().decode(Payload));
  if (FunctionError !== undefined) {
    const { errorMessage } = failure.parse(said);
    throw new OperatorError(`The digest was not sent: ${plain(errorMessage)}`);
  }
  return answer.parse(said);
};
