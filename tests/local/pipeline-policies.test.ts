import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { beforeAll, describe, expect, test } from "vitest";
import { redrive } from "../../operator/queue/redrive.ts";
import { OUTCOME_TIMEOUT_MS } from "./support/emulated-aws.ts";
import { localPipeline } from "./support/local-pipeline.ts";
import { gradient } from "./support/test-images.ts";

const ACCOUNT = "000000000000";
const LOGO = "brand/logo.png";

const local = localPipeline({
  settings: {
    operators: JSON.stringify([`arn:aws:iam::${ACCOUNT}:role/ops/Operator`]),
    renditions: JSON.stringify([
      { name: "shown", width: 16, formats: ["webp"] },
      { name: "marked", width: 16, formats: ["webp"], prefix: "marked/", watermark: { image: LOGO } },
    ]),
  },
});

type Caller = {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
};

/** A session of a role that may do everything with buckets and queues: what holds it back is the stack's alone. */
const sessionOf = async (roleName: string, path: string): Promise<Caller> => {
  const { iam } = local.pipeline.aws;
  const { endpoint } = local.pipeline.emulator;
  const { region, credentials, requestHandler } = iam.config;
  const document = (statement: Readonly<Record<string, unknown>>) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  await iam.send(
    new CreateRoleCommand({
      RoleName: roleName,
      Path: path,
      AssumeRolePolicyDocument: document({ Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: roleName,
      PolicyName: "everything",
      PolicyDocument: document({ Action: ["s3:*", "sqs:*", "kms:*"], Resource: "*" }),
    }),
  );
  const sts = new STSClient({ endpoint, region, credentials, requestHandler });
  const { Credentials: session } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT}:role${path}${roleName}`,
      RoleSessionName: "test",
    }),
  );
  const config = {
    endpoint,
    region,
    requestHandler,
    credentials: {
      accessKeyId: session?.AccessKeyId ?? "",
      secretAccessKey: session?.SecretAccessKey ?? "",
      sessionToken: session?.SessionToken ?? "",
    },
  };
  return { s3: new S3Client({ ...config, forcePathStyle: true }), sqs: new SQSClient(config) };
};

let somebody: Caller;
let operator: Caller;
beforeAll(async () => {
  somebody = await sessionOf("Somebody", "/");
  operator = await sessionOf("Operator", "/ops/");
});

const refused = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "done",
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

const put = ({ s3 }: Caller, input: Partial<PutObjectCommandInput> = {}): Promise<string> =>
  refused(
    s3.send(
      new PutObjectCommand({
        Bucket: local.pipeline.outputs.sourceBucket,
        Key: "notes.txt",
        Body: "notes",
        ...input,
      }),
    ),
  );

describe("an upload to the source bucket", () => {
  test("gets the stack's key when it names no encryption, in one piece and in parts", async () => {
    const { sourceBucket: Bucket } = local.pipeline.outputs;
    expect(await put(somebody)).toBe("done");
    const { SSEKMSKeyId } = await local.pipeline.aws.s3.send(
      new HeadObjectCommand({ Bucket, Key: "notes.txt" }),
    );
    expect(SSEKMSKeyId).toMatch(/^arn:aws:kms:/);
    expect(await put(somebody, { ServerSideEncryption: "aws:kms", SSEKMSKeyId })).toBe("done");

    const { UploadId } = await somebody.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "large" }));
    const part = new UploadPartCommand({ Bucket, Key: "large", UploadId, PartNumber: 1, Body: "part" });
    expect(await refused(somebody.s3.send(part))).toBe("done");
  });

  test("is refused when it asks for another encryption", async () => {
    const { KeyMetadata } = await local.pipeline.aws.kms.send(new CreateKeyCommand({}));
    const customerKey = Buffer.alloc(32, 1);
    const asked: Readonly<Record<string, Partial<PutObjectCommandInput>>> = {
      "S3's own keys": { ServerSideEncryption: "AES256" },
      "two layers": { ServerSideEncryption: "aws:kms:dsse" },
      "another key": { ServerSideEncryption: "aws:kms", SSEKMSKeyId: KeyMetadata?.Arn },
      "no key, which is the account's for S3": { ServerSideEncryption: "aws:kms" },
      "a key of the client": {
        SSECustomerAlgorithm: "AES256",
        SSECustomerKey: customerKey.toString("base64"),
      },
    };
    for (const [what, input] of Object.entries(asked)) {
      expect([what, await put(somebody, input)]).toEqual([what, "AccessDenied"]);
      expect([what, await put(operator, input)]).toEqual([what, "AccessDenied"]);
    }
  });
});

describe("an image that serves as a watermark", () => {
  test("is put and deleted by an operator alone", async () => {
    const { sourceBucket: Bucket } = local.pipeline.outputs;
    const Body = await gradient(20, 20).png().toBuffer();
    expect(await put(somebody, { Key: LOGO, Body })).toBe("AccessDenied");
    expect(await put(operator, { Key: LOGO, Body })).toBe("done");
    const remove = ({ s3 }: Caller) => refused(s3.send(new DeleteObjectCommand({ Bucket, Key: LOGO })));
    expect(await remove(somebody)).toBe("AccessDenied");
    expect(await remove(operator)).toBe("done");
    expect(await put(somebody, { Key: `${LOGO}.jpg` })).toBe("done");
  });
});

describe("a message", () => {
  const send = ({ sqs }: Caller, queueUrl: string) =>
    refused(sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "{}" })));

  test("comes from an operator or the source bucket, and from nobody else, into both queues", async () => {
    const { queueUrl, deadLetterQueueUrl } = local.pipeline.outputs;
    for (const url of [queueUrl, deadLetterQueueUrl]) {
      expect(await send(somebody, url)).toMatch(/AccessDenied/);
      expect(await send(operator, url)).toBe("done");
    }
  });

  test("that somebody else redrives stays where it is, and the command says who may", async () => {
    const { outputs } = local.pipeline;
    await expect(redrive({ sqs: somebody.sqs, outputs })).rejects.toThrow(
      /^AWS answered \S*AccessDenied\S*: .*\nWhoever sends messages must be named by the stack: `pulumi config set --path 'operators\[0\]' ARN`/s,
    );
  });

  test("of the source bucket gets through", async () => {
    const uploaded = await local.pipeline.upload(await gradient(32, 32).png().toBuffer(), "sent.png");
    const record = await local.pipeline.waitForRecord(uploaded, OUTCOME_TIMEOUT_MS);
    expect(record).toMatchObject({ State: "PROCESSED" });
  });
});
