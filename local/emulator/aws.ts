import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import type { Aws, Credentials } from "../../operator/aws.ts";
import { clientsOf } from "../../operator/aws.ts";
import { LocalError } from "../errors.ts";
import type { Emulator } from "./emulator.ts";

/** What of an emulator its clients need to know. */
export type Endpoint = Pick<Emulator, "endpoint" | "authorityFile" | "credentials">;

/** What emulators of the user's own commonly accept. */
const ANY_CREDENTIALS: Credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** Credentials for the user's own endpoint are theirs; ours never sees them. */
const credentialsFor = ({ credentials }: Endpoint): Credentials => {
  if (credentials !== undefined) {
    // A copy, since the SDK writes into it.
    return { ...credentials };
  }
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY
    ? ANY_CREDENTIALS
    : {
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
      };
};

/**
 * Clients for an emulator.
 *
 * @throws {LocalError} when the endpoint is AWS itself: what runs here is made, emptied and deleted without asking.
 */
export const connect = (emulator: Endpoint, region: string): Aws => {
  const { endpoint, authorityFile } = emulator;
  if (/(^|\.)(amazonaws|api\.aws|amazonaws\.com\.cn)(\.|$)/.test(new URL(endpoint).hostname)) {
    throw new LocalError(
      `AWS_ENDPOINT_URL is ${endpoint}, which is AWS itself: expected an emulator. Deploy there with \`pulumi up\`.`,
    );
  }
  return clientsOf({
    endpoint,
    region,
    // An emulator has no host name for each bucket.
    forcePathStyle: true,
    credentials: credentialsFor(emulator),
    requestHandler: {
      // One agent, not its options: for bodies over 2 MB the SDK makes another from none at all.
      httpsAgent: new Agent({
        keepAlive: true,
        maxSockets: 50,
        ...(authorityFile ? { ca: readFileSync(authorityFile) } : {}),
      }),
    },
  });
};
