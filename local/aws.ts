import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Emulator } from "./emulator.ts";
import { LocalError } from "./errors.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** One client of each service, of one region and one endpoint. */
export interface Aws {
  readonly region: string;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** Closes every connection. */
  close(): void;
}

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

/** Clients for AWS itself, with the credentials that its own tools would find on this machine. */
export const connectToAws = (region: string): Aws => clientsOf({ region });

interface ClientConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
  readonly requestHandler?: { readonly httpsAgent: Agent };
  /** For S3 alone. */
  readonly forcePathStyle?: boolean;
}

const clientsOf = ({ forcePathStyle = false, ...config }: ClientConfig): Aws => {
  const clients = {
    cloudwatch: new CloudWatchClient(config),
    dynamodb: new DynamoDBClient(config),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client({ ...config, forcePathStyle }),
    scheduler: new SchedulerClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
  return {
    ...clients,
    region: config.region,
    close: () => {
      for (const client of Object.values(clients)) {
        client.destroy();
      }
    },
  };
};
