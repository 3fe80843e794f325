import { ListAliasesCommand } from "@aws-sdk/client-kms";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListTopicsCommand } from "@aws-sdk/client-sns";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { afterAll, expect, test, vi } from "vitest";
import { startPipeline } from "../../local/pipeline.ts";
import { emulatedAws, logFileFor, PATIENCE_MS, REGION } from "./support/emulated-aws.ts";
import { gradient } from "./support/test-images.ts";

const emulated = emulatedAws();
afterAll(() => {
  vi.unstubAllEnvs();
});

test("on an endpoint of the user's own it works, and leaves it as it was", {
  timeout: PATIENCE_MS,
}, async () => {
  const { aws, emulator } = emulated;
  vi.stubEnv("AWS_ENDPOINT_URL", emulator.endpoint);
  vi.stubEnv("AWS_CA_BUNDLE", emulator.authorityFile ?? "");
  const pipeline = await startPipeline({ logFile: logFileFor("pipeline-endpoint"), region: REGION });
  const uploaded = await pipeline.upload(await gradient(30, 20).png().toBuffer(), "a.png");
  expect(await pipeline.waitForRecord(uploaded, PATIENCE_MS)).toMatchObject({ State: "PROCESSED" });
  await pipeline.close();

  expect((await aws.s3.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  expect((await aws.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
  expect((await aws.sns.send(new ListTopicsCommand({}))).Topics).toEqual([]);
  expect((await aws.lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  expect((await aws.kms.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
});

test("a stack that cannot be deployed leaves nothing there", async () => {
  const { aws, emulator } = emulated;
  vi.stubEnv("AWS_ENDPOINT_URL", emulator.endpoint);
  vi.stubEnv("AWS_CA_BUNDLE", emulator.authorityFile ?? "");
  await expect(
    startPipeline({
      logFile: logFileFor("pipeline-endpoint"),
      region: REGION,
      settings: { memoryMb: "12", colour: "red" },
    }),
  ).rejects.toMatchObject({
    name: "LocalError",
    message: expect.stringMatching(
      /^The configuration of this stack has 2 problems:\n {2}- image-pipeline:colour: .*\n {2}- image-pipeline:memoryMb: /,
    ),
  });
  expect((await aws.s3.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
});
