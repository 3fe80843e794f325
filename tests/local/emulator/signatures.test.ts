import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import * as timers from "node:timers/promises";
import { promisify } from "node:util";
import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { afterAll, describe, expect, test } from "vitest";
import { startEmulator } from "../../../local/emulator/emulator.ts";
import type { Credentials } from "../../../operator/aws.ts";
import { runBotocore } from "../support/botocore.ts";
import { logFileFor, REGION } from "../support/emulated-aws.ts";
import { localPipeline } from "../support/local-pipeline.ts";

const local = localPipeline();
const closing: { destroy(): void }[] = [];
afterAll(() => {
  for (const client of closing) client.destroy();
});

const ours = () => {
  const { credentials } = local.pipeline.emulator;
  if (credentials === undefined) throw new Error("Expected an emulator of this run.");
  return credentials;
};

/** A client of a service as somebody with other credentials would make it. */
const as = <Client extends { destroy(): void }>(
  Service: new (config: object) => Client,
  credentials: Credentials,
): Client => {
  const { emulator, aws } = local.pipeline;
  const client = new Service({
    region: aws.region,
    endpoint: emulator.endpoint,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    requestHandler: aws.s3.config.requestHandler,
  });
  closing.push(client);
  return client;
};

const OLD_KEYS: Credentials = { accessKeyId: "test", secretAccessKey: "test" };
const ACCOUNT_KEYS: Credentials = { accessKeyId: "000000000000", secretAccessKey: "test" };

/** Calls of each service and each protocol, as somebody. */
const CALLS: readonly (readonly [string, (who: Credentials) => Promise<unknown>, keyof typeof REFUSALS])[] = [
  ["s3:ListAllMyBuckets", (who) => as(S3Client, who).send(new ListBucketsCommand({})), "xml"],
  [
    "s3:PutObject",
    (who) =>
      as(S3Client, who).send(
        new PutObjectCommand({ Bucket: local.pipeline.outputs.sourceBucket, Key: "a.jpg", Body: "a" }),
      ),
    "xml",
  ],
  [
    "lambda:CreateFunction",
    (who) =>
      as(LambdaClient, who).send(
        new CreateFunctionCommand({
          FunctionName: "taken-over",
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Role: "arn:aws:iam::000000000000:role/any",
          Code: { ZipFile: Buffer.from("code") },
        }),
      ),
    "json",
  ],
  [
    "lambda:InvokeFunction",
    (who) =>
      as(LambdaClient, who).send(
        new InvokeCommand({ FunctionName: local.pipeline.outputs.functionName, Payload: Buffer.from("{}") }),
      ),
    "json",
  ],
  ["lambda:ListFunctions", (who) => as(LambdaClient, who).send(new ListFunctionsCommand({})), "json"],
  ["sqs:ListQueues", (who) => as(SQSClient, who).send(new ListQueuesCommand({})), "json"],
  [
    "sqs:SendMessage",
    (who) =>
      as(SQSClient, who).send(
        new SendMessageCommand({ QueueUrl: local.pipeline.outputs.queueUrl, MessageBody: "forged" }),
      ),
    "json",
  ],
  ["dynamodb:ListTables", (who) => as(DynamoDBClient, who).send(new ListTablesCommand({})), "json"],
  ["sns:ListTopics", (who) => as(SNSClient, who).send(new ListTopicsCommand({})), "query"],
  ["iam:ListRoles", (who) => as(IAMClient, who).send(new ListRolesCommand({})), "query"],
  ["kms:ListKeys", (who) => as(KMSClient, who).send(new ListKeysCommand({})), "json"],
  ["sts:GetCallerIdentity", (who) => as(STSClient, who).send(new GetCallerIdentityCommand({})), "query"],
  [
    "logs:DescribeLogGroups",
    (who) => as(CloudWatchLogsClient, who).send(new DescribeLogGroupsCommand({})),
    "json",
  ],
  ["cloudwatch:ListMetrics", (who) => as(CloudWatchClient, who).send(new ListMetricsCommand({})), "json"],
  ["scheduler:ListSchedules", (who) => as(SchedulerClient, who).send(new ListSchedulesCommand({})), "json"],
];
const REFUSALS = {
  xml: ["InvalidAccessKeyId", "SignatureDoesNotMatch"],
  json: ["UnrecognizedClientException", "InvalidSignatureException"],
  query: ["InvalidClientTokenId", "SignatureDoesNotMatch"],
} as const;

const UNKNOWN = "This access key was not issued in this run of the emulator.";
const MISMATCH = "The signature is not the one that this access key's secret makes.";
const refusal = (name: string, message: string) => ({ name, message, $metadata: { httpStatusCode: 403 } });

describe.for(CALLS)("%s", ([, call, protocol]) => {
  const [unknown, mismatch] = REFUSALS[protocol];

  test("is refused with the keys that ministack takes for the root user's", async () => {
    await expect(call(OLD_KEYS)).rejects.toMatchObject(refusal(unknown, UNKNOWN));
    await expect(call(ACCOUNT_KEYS)).rejects.toMatchObject(refusal(unknown, UNKNOWN));
  });

  test("is refused with a key that nobody issued", async () => {
    await expect(call({ ...ours(), accessKeyId: "AKIAIOSFODNN7EXAMPLE" })).rejects.toMatchObject(
      refusal(unknown, UNKNOWN),
    );
  });

  test("is refused with the run's key and another secret", async () => {
    await expect(call({ ...ours(), secretAccessKey: "test" })).rejects.toMatchObject(
      refusal(mismatch, MISMATCH),
    );
  });
});

type Unsigned = {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

/** What a path answers to somebody who signs nothing. */
const unsigned = (path: string, { method = "GET", headers = {}, body = "" }: Unsigned = {}) =>
  new Promise<{ readonly status: number | undefined; readonly body: string }>((resolve, reject) => {
    const { endpoint, authorityFile = "" } = local.pipeline.emulator;
    const options = { method, headers, ca: readFileSync(authorityFile), agent: false };
    const sent = request(`${endpoint}${path}`, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, body: text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });

test("everybody may ask whether it is ready", async () => {
  expect((await unsigned("/_ministack/ready")).status).toBe(200);
});

test.for([
  ["GET", "/_ministack/sqs/messages?account=000000000000"],
  ["POST", "/_ministack/reset"],
  ["POST", "/_ministack/config"],
  ["GET", "/_ministack/health"],
  ["GET", "/_ministack/lambda-code/image-pipeline-local-processor"],
  ["GET", "/"],
  ["OPTIONS", "/"],
  ["POST", "/?Action=ListRoles&Version=2010-05-08"],
  ["GET", "/2015-03-31/functions/"],
  ["POST", "/2015-03-31/functions"],
  ["POST", "/2015-03-31/functions/image-pipeline-local-processor/invocations"],
  ["POST", "/_ministack/rds/iam-auth"],
] as const)("%s %s is refused without a signature", async ([method, path]) => {
  const { status, body } = await unsigned(path, { method });
  expect(status).toBe(403);
  expect(body).toContain("<Message>This emulator serves signed requests only.</Message>");
});

test("signatures of another version, incomplete or doubled, are refused", async () => {
  const { accessKeyId } = ours();
  const scope = `${accessKeyId}/20261201/us-east-1/s3/aws4_request`;
  for (const authorization of [
    `AWS ${accessKeyId}:c2lnbmF0dXJl`,
    `AWS4-ECDSA-P256-SHA256 Credential=${accessKeyId}/20261201/s3/aws4_request, SignedHeaders=host, Signature=00`,
    `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host`,
    `AWS4-HMAC-SHA256 Credential=test/a/b/s3/aws4_request, Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    "Bearer token",
  ]) {
    expect(await unsigned("/", { headers: { authorization } })).toEqual({
      status: 403,
      body: expect.stringContaining("Expected one signature of version 4"),
    });
  }
  for (const query of [
    `AWSAccessKeyId=${accessKeyId}&Signature=c2lnbmF0dXJl&Expires=9999999999`,
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${scope}&X-Amz-Signature=${"0".repeat(64)}`,
  ]) {
    expect((await unsigned(`/bucket/key?${query}`)).status).toBe(403);
  }
});

const variablesOf = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_CA_BUNDLE: local.pipeline.emulator.authorityFile ?? "",
  AWS_ENDPOINT_URL: local.pipeline.emulator.endpoint,
  AWS_DEFAULT_REGION: local.pipeline.aws.region,
  ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
});

test("another SDK's signatures count as well, with bodies, paths and queries of all kinds", async () => {
  const script = `
session = botocore.session.get_session()
client = session.create_client
name = client("lambda").list_functions(MaxItems=50)["Functions"][0]["FunctionArn"]
print(client("lambda").get_function(FunctionName=name)["Configuration"]["FunctionArn"] == name)
print(client("iam").list_roles(PathPrefix="/")["Roles"][0]["Path"])
print(client("sqs").send_message(QueueUrl=client("sqs").create_queue(QueueName="other-sdk")["QueueUrl"], MessageBody="é +&")["MD5OfMessageBody"])
s3 = client("s3")
s3.create_bucket(Bucket="other-sdk")
s3.put_object(Bucket="other-sdk", Key="a//b/../c (é)+*.txt", Body=b"body" * 100000)
print(len(s3.get_object(Bucket="other-sdk", Key="a//b/../c (é)+*.txt")["Body"].read()))
print([o["Key"] for o in s3.list_objects_v2(Bucket="other-sdk", Prefix="a//b/../c (é)+")["Contents"]])
`;
  expect((await runBotocore(script, variablesOf(ours()))).split("\n")).toEqual([
    "True",
    "/",
    expect.stringMatching(/^[0-9a-f]{32}$/),
    "400000",
    "['a//b/../c (é)+*.txt']",
  ]);
});

describe("a presigned link", () => {
  const signed = async (who: Credentials, seconds = 60): Promise<URL> => {
    const { aws } = local.pipeline;
    const object = { Bucket: "links", Key: "a (b)+c'é*.txt" };
    await aws.s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
    await aws.s3.send(new PutObjectCommand({ ...object, Body: "linked" }));
    const script = `
from botocore.config import Config
s3 = botocore.session.get_session().create_client("s3", config=Config(signature_version="s3v4"))
print(s3.generate_presigned_url("get_object", Params=${JSON.stringify(object)}, ExpiresIn=${seconds}))
`;
    return new URL(await runBotocore(script, variablesOf(who)));
  };
  const opened = (url: URL) => unsigned(`${url.pathname}${url.search}`);

  test("opens what it was signed for", async () => {
    expect(await opened(await signed(ours()))).toEqual({ status: 200, body: "linked" });
  });

  test("of another key or secret is refused", async () => {
    expect((await opened(await signed(OLD_KEYS))).body).toContain("<Code>InvalidAccessKeyId</Code>");
    const forged = await signed({ ...ours(), secretAccessKey: "test" });
    expect((await opened(forged)).body).toContain("<Code>SignatureDoesNotMatch</Code>");
  });

  test("for another object, method or time is refused", async () => {
    const url = await signed(ours());
    const other = new URL(url);
    other.pathname = "/links/other.txt";
    expect((await opened(other)).body).toContain("<Code>SignatureDoesNotMatch</Code>");
    const deleted = await unsigned(`${url.pathname}${url.search}`, { method: "DELETE" });
    expect(deleted.body).toContain("<Code>SignatureDoesNotMatch</Code>");
    const longer = new URL(url);
    longer.searchParams.set("X-Amz-Expires", "600");
    expect((await opened(longer)).body).toContain("<Code>SignatureDoesNotMatch</Code>");
  });

  test("that has ended is refused", async () => {
    const url = await signed(ours(), 1);
    await timers.setTimeout(2_100);
    expect(await opened(url)).toEqual({
      status: 403,
      body: "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
    });
  });

  test("beside an Authorization header is refused: one of them might be somebody else's", async () => {
    const url = await signed(ours());
    const both = await unsigned(`${url.pathname}${url.search}`, {
      headers: { authorization: "AWS4-HMAC-SHA256" },
    });
    expect(both.status).toBe(403);
  });
});

describe("a presigned form", () => {
  const formOf = async (who: Credentials) => {
    await local.pipeline.aws.s3.send(new CreateBucketCommand({ Bucket: "forms" }));
    const { fields } = await createPresignedPost(as(S3Client, who), {
      Bucket: "forms",
      Key: "a.txt",
      Expires: 60,
    });
    return fields;
  };
  const posted = async (path: string, fields: readonly (readonly [string, string])[]) => {
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    form.append("file", new Blob(["uploaded"]), "a.txt");
    const encoded = new Response(form);
    const headers = { "content-type": encoded.headers.get("content-type") ?? "" };
    return unsigned(path, { method: "POST", headers, body: await encoded.text() });
  };

  test("uploads what it was signed for", async () => {
    expect((await posted("/forms", Object.entries(await formOf(ours())))).status).toBe(204);
  });

  test("of another key or secret is refused", async () => {
    expect((await posted("/forms", Object.entries(await formOf(OLD_KEYS)))).body).toContain(
      "<Code>InvalidAccessKeyId</Code>",
    );
    const forged = await formOf({ ...ours(), secretAccessKey: "test" });
    expect((await posted("/forms", Object.entries(forged))).body).toContain(
      "<Code>SignatureDoesNotMatch</Code>",
    );
  });

  test("opens nothing but a bucket, and holds each field once", async () => {
    const fields = Object.entries(await formOf(ours()));
    for (const path of ["/2015-03-31/functions", "/_ministack/reset", "/forms?policy"]) {
      expect([path, (await posted(path, fields)).status]).toEqual([path, 403]);
    }
    expect(
      (await posted("/forms", [...fields, ["X-Amz-Credential", "test/a/b/s3/aws4_request"]])).status,
    ).toBe(403);
  });
});

describe("credentials that the run itself has issued", () => {
  const assumed = async (): Promise<Credentials> => {
    const { aws, outputs } = local.pipeline;
    const { Configuration } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: outputs.functionName }),
    );
    const { Credentials: issued } = await as(STSClient, ours()).send(
      new AssumeRoleCommand({ RoleArn: Configuration?.Role, RoleSessionName: "test" }),
    );
    return {
      accessKeyId: issued?.AccessKeyId ?? "",
      secretAccessKey: issued?.SecretAccessKey ?? "",
      sessionToken: issued?.SessionToken ?? "",
    };
  };
  const identify = (who: Credentials) => as(STSClient, who).send(new GetCallerIdentityCommand({}));

  test("are a role's with its session token, and nothing without it", async () => {
    const who = await assumed();
    expect((await identify(who)).Arn).toMatch(/:assumed-role\/image-pipeline-local-processor.*\/test$/);
    const { sessionToken, ...keys } = who;
    await expect(identify(keys)).rejects.toMatchObject(refusal("InvalidClientTokenId", UNKNOWN));
    await expect(identify({ ...keys, sessionToken: `${sessionToken}0` })).rejects.toMatchObject(
      refusal("InvalidClientTokenId", UNKNOWN),
    );
    await expect(identify({ ...who, secretAccessKey: "guess" })).rejects.toMatchObject(
      refusal("SignatureDoesNotMatch", MISMATCH),
    );
  });

  test("have the role's rights, and no more", async () => {
    await expect(
      as(SQSClient, await assumed()).send(new CreateQueueCommand({ QueueName: "of-a-role" })),
    ).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
  });

  test("can't be derived for a function from its name and its role, as ministack does it", async () => {
    const { aws, outputs } = local.pipeline;
    const { Configuration } = await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: outputs.functionName }),
    );
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    const digest = hash(`${Configuration?.FunctionArn}:${Configuration?.Role}`);
    await expect(
      identify({
        accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
        secretAccessKey: hash(`secret:${digest}`),
        sessionToken: hash(`token:${digest}`),
      }),
    ).rejects.toMatchObject(refusal("InvalidClientTokenId", UNKNOWN));
  });
});

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)(
  "another user of the machine gets nothing, by the keys of before or by none",
  async () => {
    const { endpoint } = local.pipeline.emulator;
    // An attacker does not check certificates.
    const script = `
    import { get } from "node:https";
    const { LambdaClient, ListFunctionsCommand } = await import(${JSON.stringify(import.meta.resolve("@aws-sdk/client-lambda"))});
    const { Agent } = await import("node:https");
    const client = new LambdaClient({
      region: "${REGION}", endpoint: "${endpoint}", credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1, requestHandler: { httpsAgent: new Agent({ rejectUnauthorized: false }) },
    });
    const signed = await client.send(new ListFunctionsCommand({})).catch(({ name }) => name);
    const status = await new Promise((resolve) => {
      get("${endpoint}/_ministack/sqs/messages", { rejectUnauthorized: false, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
    console.log(JSON.stringify([process.getuid(), signed, status]));
  `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", script],
      { uid: 65_534, gid: 65_534, env: {} },
    );
    expect(JSON.parse(stdout)).toEqual([65_534, "UnrecognizedClientException", 403]);
  },
);

test.skipIf(process.platform !== "linux")("no argument of a process shows the secret", async () => {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "args"], { maxBuffer: 10_000_000 });
  expect(stdout).toContain("emulator.py");
  expect(stdout).not.toContain(ours().secretAccessKey);
});

test("nothing that the emulator prints holds the secret", () => {
  const { logFile = "", endpoint } = local.pipeline.emulator;
  const log = readFileSync(logFile, "utf8");
  expect(log).toContain(endpoint);
  expect(log).not.toContain(ours().secretAccessKey);
});

test("two runs have different credentials, of 240 random bits", async () => {
  const { accessKeyId, secretAccessKey } = ours();
  expect(accessKeyId).toMatch(/^AKIA[0-9A-F]{16}$/);
  expect(secretAccessKey).toMatch(/^[\w-]{40}$/);
  const other = await startEmulator({ logFile: logFileFor("signatures.test.ts-other") });
  await other.stop();
  expect(other.credentials?.accessKeyId).not.toBe(accessKeyId);
  expect(other.credentials?.secretAccessKey).not.toBe(secretAccessKey);
});
