import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import * as pulumi from "@pulumi/pulumi";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { role } from "../../../local/provider/iam.ts";
import { lambdaFunction } from "../../../local/provider/lambda.ts";
import { eventSourceMapping } from "../../../local/provider/lambda-event-source.ts";
import { queue } from "../../../local/provider/sqs.ts";
import { ACCOUNT, emulatedAws, OUTCOME_TIMEOUT_MS, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();
const roleArn = `arn:aws:iam::${ACCOUNT}:role/runner`;
const arnOf = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lambda-test-"));
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  });
  await role.create({ name: "runner", assumeRolePolicy }, emulated.aws);
});
afterAll(() => rm(folder, { recursive: true }));

const codeOf = async (name: string, source: string): Promise<pulumi.asset.FileArchive> => {
  const path = join(folder, `${name}.zip`);
  await writeFile(path, zipSync({ "index.mjs": strToU8(source) }));
  return new pulumi.asset.FileArchive(path);
};

const answerOf = async (name: string): Promise<unknown> => {
  const { Payload } = await emulated.aws.lambda.send(new InvokeCommand({ FunctionName: name }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
};

const inputsFor = (name: string, code: pulumi.asset.FileArchive) => ({
  name,
  code,
  handler: "index.handler",
  runtime: "nodejs24.x",
  role: roleArn,
});

test("creates, runs, changes and deletes a function", async () => {
  const { aws } = emulated;
  const code = await codeOf(
    "greeter",
    "export const handler = async () => [process.version, process.env.GREETING];",
  );
  const inputs = {
    ...inputsFor("greeter", code),
    architectures: ["arm64"],
    memorySize: 256,
    timeout: 5,
    environment: { variables: { GREETING: "hello" } },
    tracingConfig: { mode: "Active" },
    loggingConfig: { logFormat: "JSON", applicationLogLevel: "INFO", systemLogLevel: "WARN" },
    tags: { Project: "p" },
  };
  const { id, outputs } = await lambdaFunction.create(inputs, aws);
  expect(id).toBe("greeter");
  expect(outputs).toMatchObject({
    ...inputs,
    arn: arnOf("greeter"),
    invokeArn: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${arnOf("greeter")}/invocations`,
    qualifiedArn: `${arnOf("greeter")}:$LATEST`,
    version: "$LATEST",
    packageType: "Zip",
    ephemeralStorage: { size: 512 },
    reservedConcurrentExecutions: -1,
    tagsAll: { Project: "p" },
  });
  expect(await lambdaFunction.read(id, aws)).toMatchObject({
    memorySize: 256,
    timeout: 5,
    architectures: ["arm64"],
    tracingConfig: { mode: "Active" },
    tags: { Project: "p" },
  });
  expect(await answerOf("greeter")).toEqual([expect.stringMatching(/^v24\./), "hello"]);

  const changed = {
    ...inputsFor("greeter", await codeOf("changed", "export const handler = async () => 'changed';")),
    reservedConcurrentExecutions: 2,
    tags: { Stack: "s" },
  };
  const after = await lambdaFunction.update(id, changed, outputs, aws);
  expect(after["codeSha256"]).not.toBe(outputs["codeSha256"]);
  expect(await lambdaFunction.read(id, aws)).toMatchObject({
    memorySize: 128,
    reservedConcurrentExecutions: 2,
    tags: { Stack: "s" },
  });
  expect(await answerOf("greeter")).toBe("changed");

  await lambdaFunction.delete(id, changed, aws);
  expect(await lambdaFunction.read(id, aws)).toBeUndefined();
  await lambdaFunction.delete(id, changed, aws);
});

test("code that is not there is named", async () => {
  const code = new pulumi.asset.FileArchive("/nowhere/handler.zip");
  await expect(lambdaFunction.create(inputsFor("absent", code), emulated.aws)).rejects.toThrow(
    "The function's code, /nowhere/handler.zip, cannot be read: expected a zip file.",
  );
});

test("messages of a queue reach the function until the mapping is deleted", async () => {
  const { aws } = emulated;
  const code = await codeOf("taker", "export const handler = async () => ({ batchItemFailures: [] });");
  await lambdaFunction.create(inputsFor("taker", code), aws);
  const { id: queueUrl, outputs: queueOutputs } = await queue.create({ name: "work" }, aws);
  const inputs = {
    eventSourceArn: String(queueOutputs["arn"]),
    functionName: "taker",
    batchSize: 5,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: 2 },
  };
  const { id, outputs } = await eventSourceMapping.create(inputs, aws);
  expect(outputs).toMatchObject({
    ...inputs,
    uuid: id,
    arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:${id}`,
    functionArn: arnOf("taker"),
    state: "Enabled",
    enabled: true,
    maximumBatchingWindowInSeconds: 0,
  });
  expect(await eventSourceMapping.read(id, aws)).toMatchObject({
    batchSize: 5,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: 2 },
    enabled: true,
  });

  const waiting = async (): Promise<number> => {
    const { Attributes } = await aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
    );
    return (
      Number(Attributes?.["ApproximateNumberOfMessages"]) +
      Number(Attributes?.["ApproximateNumberOfMessagesNotVisible"])
    );
  };
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "one" }));
  await vi.waitFor(async () => expect(await waiting()).toBe(0), {
    timeout: OUTCOME_TIMEOUT_MS,
    interval: 50,
  });

  const changed = { eventSourceArn: inputs.eventSourceArn, functionName: "taker", batchSize: 3 };
  await eventSourceMapping.update(id, changed, outputs, aws);
  const read = await eventSourceMapping.read(id, aws);
  expect(read).toMatchObject({ batchSize: 3, functionResponseTypes: [] });
  expect(read).not.toHaveProperty("scalingConfig");

  await eventSourceMapping.delete(id, changed, aws);
  expect(await eventSourceMapping.read(id, aws)).toBeUndefined();
  await eventSourceMapping.delete(id, changed, aws);
});
