import { ListAliasesCommand } from "@aws-sdk/client-kms";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListTopicsCommand } from "@aws-sdk/client-sns";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { afterAll, expect, test, vi } from "vitest";
import { startPipeline } from "../../local/start/pipeline.ts";
import {
  credentialVariables,
  emulatedAws,
  logFileFor,
  OUTCOME_TIMEOUT_MS,
  REGION,
} from "./support/emulated-aws.ts";
import { gradient } from "./support/test-images.ts";

const emulated = emulatedAws();
afterAll(() => {
  vi.unstubAllEnvs();
});

/** Ours, as if it were one that the user has started, with the user's credentials. */
const stubEndpoint = (): void => {
  const { endpoint, authorityFile = "" } = emulated.emulator;
  const user = credentialVariables(emulated.emulator);
  for (const [name, value] of Object.entries({
    ...user,
    AWS_ENDPOINT_URL: endpoint,
    AWS_CA_BUNDLE: authorityFile,
  })) {
    vi.stubEnv(name, value);
  }
};

test("on an endpoint of the user's own it works, and leaves it as it was", {
  timeout: OUTCOME_TIMEOUT_MS,
}, async () => {
  const { aws } = emulated;
  stubEndpoint();
  const pipeline = await startPipeline({ logFile: logFileFor("pipeline-endpoint"), region: REGION });
  const uploaded = await pipeline.upload(await gradient(30, 20).png().toBuffer(), "a.png");
  expect(await pipeline.waitForRecord(uploaded, OUTCOME_TIMEOUT_MS)).toMatchObject({ State: "PROCESSED" });
  await pipeline.close();

  expect((await aws.s3.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  expect((await aws.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
  expect((await aws.sns.send(new ListTopicsCommand({}))).Topics).toEqual([]);
  expect((await aws.lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  expect((await aws.kms.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
});

test("a stack that cannot be deployed leaves nothing there", async () => {
  const { aws } = emulated;
  stubEndpoint();
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
