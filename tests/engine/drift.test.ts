import { GetPublicAccessBlockCommand, PutPublicAccessBlockCommand } from "@aws-sdk/client-s3";
import { DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

const outputs = z.object({ sourceBucket: z.string(), deadLetterQueueUrl: z.string() });

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

  it("is made again by up when it was deleted", async () => {
    await engine.aws().sqs.send(new DeleteQueueCommand({ QueueUrl: stack.deadLetterQueueUrl }));
    expect(await workspace.succeed("refresh", "--yes", "--skip-preview")).toMatch(
      /ingest-dead-letters deleted/,
    );
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await workspace.plan()).toEqual([]);
  });
});
