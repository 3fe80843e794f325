import { setTimeout } from "node:timers/promises";
import type { Context } from "aws-lambda";
import { dynamoDBDigestLedger } from "../adapters/dynamodb/ledger.ts";
import { dynamoDBClient } from "../adapters/dynamodb.ts";
import { powertoolsLog } from "../adapters/log.ts";
import { snsClient, snsNotifier } from "../adapters/sns.ts";
import { type DigestOutcome, type DigestPorts, sendDigest } from "../app/send-digest.ts";
import { parseDigestSettings } from "../core/settings/digest-settings.ts";

const settings = parseDigestSettings(process.env);
const ports: DigestPorts = {
  ledger: dynamoDBDigestLedger(dynamoDBClient(), settings.digestTable),
  notifier: snsNotifier(snsClient(), settings.noticeTopicArn),
  log: powertoolsLog(settings),
  clock: { now: () => new Date() },
  pause: (ms) => setTimeout(ms),
};

/** The Lambda function that sends digests: `{"scheduledTime": "..."}` in, what came of it out. */
export const handler = async (event: unknown, context: Context): Promise<DigestOutcome> => {
  const log = ports.log.with({ function_request_id: context.awsRequestId });
  try {
    return await sendDigest(
      {
        ports: { ...ports, log },
        places: settings.places,
        // Lambda calls again with the same id when a run fails.
        id: `${context.awsRequestId} ${Date.now()}`,
        remainingMs: () => context.getRemainingTimeInMillis(),
      },
      event,
    );
  } catch (error) {
    log.error("The digest was not sent", error);
    throw error;
  }
};
