import type { CiArgs } from "../../../.github/bootstrap/documents.ts";
import { ACCOUNT_ID, KEY_ARN, PROJECT, REGION } from "../../support/program.ts";
import { STACK } from "./every-option.ts";

export const STATE_BUCKET = "my-pulumi-state";
export const SECRETS_KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/99999999-8888-7777-6666-555555555555`;

/** What CI's documents are filled in with in the tests. */
export const CI_ARGS: CiArgs = {
  deployment: { project: PROJECT, stack: STACK, partition: "aws", region: REGION, accountId: ACCOUNT_ID },
  repository: "owner/repository",
  state: { bucket: STATE_BUCKET, secretsKeyArn: SECRETS_KEY_ARN },
  keyArn: KEY_ARN,
};
