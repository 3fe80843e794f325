import type { Agent } from "node:https";
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

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** One client of each service, of one region and one endpoint. */
export type Aws = {
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
};

/** Clients for AWS itself, with the credentials that its own tools would find on this machine. */
export const connectToAws = (region: string): Aws => clientsOf({ region });

export type ClientConfig = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
  readonly requestHandler?: { readonly httpsAgent: Agent };
  /** For S3 alone. */
  readonly forcePathStyle?: boolean;
};

export const clientsOf = ({ forcePathStyle = false, ...config }: ClientConfig): Aws => {
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
