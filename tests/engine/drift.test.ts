import { GetRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import {
  DeleteBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { DeleteQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

const outputs = z.object({
  sourceBucket: z.string(),
  queueUrl: z.string(),
  deadLetterQueueUrl: z.string(),
  functionName: z.string(),
});

describeEngine("what was changed by hand", (engine) => {
  let workspace: Workspace;
  let stack: z.output<typeof outputs>;
  beforeAll(async () => {
    workspace = await engine.workspace();
    await workspace.createStack("dev", { email: "ada@example.com" });
    await workspace.succeed("up", "--yes", "--skip-preview");
    stack = outputs.parse(await workspace.outputs());
  }, 600_000);

  it("is nothing right after the deployment", async () => {
    expect(await workspace.succeed("refresh", "--yes", "--skip-preview")).toMatch(
      /Resources:\n {4}\d+ unchanged\n/,
    );
  });

  it("is found by refresh and put right by up, as when a public access block was switched off", async () => {
    const { s3 } = engine.aws();
    const closed = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket: stack.sourceBucket,
        PublicAccessBlockConfiguration: { ...closed, BlockPublicPolicy: false },
      }),
    );
    expect(await workspace.succeed("refresh", "--yes", "--skip-preview")).toMatch(
      /source-public-access-block updated .*\[diff: ~blockPublicPolicy\]/,
    );
    expect(await workspace.plan()).toEqual(["update source-public-access-block: blockPublicPolicy"]);
    await workspace.succeed("up", "--yes", "--skip-preview");
    const live = await s3.send(new GetPublicAccessBlockCommand({ Bucket: stack.sourceBucket }));
    expect(live.PublicAccessBlockConfiguration).toEqual(closed);
  });

  it("is found wherever it was done, and all of it is put right by one up", async () => {
    const { iam, lambda, s3, sqs } = engine.aws();
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: stack.functionName }));
    const RoleName = Configuration?.Role?.split("/").at(-1);
    const PolicyName = "work";
    const granted = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const anything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(anything) }),
    );
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: stack.functionName, Timeout: 3 }),
    );
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: stack.sourceBucket }));
    await sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: stack.queueUrl, Attributes: { VisibilityTimeout: "0" } }),
    );
    await workspace.succeed("refresh", "--yes", "--skip-preview");
    expect(await workspace.plan()).toEqual([
      "create source-policy",
      "update ingest-queue: visibilityTimeoutSeconds",
      "update processor-function: timeout",
      "update processor-permissions: policy",
    ]);
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await workspace.succeed("refresh", "--yes", "--skip-preview")).toMatch(
      /Resources:\n {4}\d+ unchanged\n/,
    );
    const restored = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    expect(restored.PolicyDocument).toBe(granted.PolicyDocument);
  });

  it("is made again by up when it was deleted", async () => {
    await engine.aws().sqs.send(new DeleteQueueCommand({ QueueUrl: stack.deadLetterQueueUrl }));
    expect(await workspace.succeed("refresh", "--yes", "--skip-preview")).toMatch(
      /ingest-dead-letters deleted/,
    );
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await workspace.plan()).toEqual([]);
  });
});
