import { GetBucketInventoryConfigurationCommand } from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

const outputs = z.object({
  sourceBucket: z.string(),
  inventory: z.union([
    z.literal("off"),
    z.object({ bucket: z.string(), functionArn: z.string(), roleArn: z.string() }),
  ]),
});

describeEngine("an inventory", (engine) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await engine.workspace();
    const architecture = process.arch === "arm64" ? "arm64" : "x86_64";
    await workspace.createStack("dev", { email: "ada@example.com", architecture });
    await workspace.succeed("up", "--yes", "--skip-preview", "--policy-pack", "policy");
  }, 600_000);

  const frequency = async (): Promise<string | undefined> => {
    const { sourceBucket } = outputs.parse(await workspace.outputs());
    const { InventoryConfiguration } = await engine
      .aws()
      .s3.send(new GetBucketInventoryConfigurationCommand({ Bucket: sourceBucket, Id: "all" }));
    return InventoryConfiguration?.Schedule?.Frequency;
  };

  it("passes the pack, comes to a stack that has none, and is not changed again", async () => {
    await workspace.succeed("config", "set", "inventory", "daily");
    await workspace.succeed("up", "--yes", "--skip-preview", "--policy-pack", "policy");
    expect(outputs.parse(await workspace.outputs()).inventory).toEqual({
      bucket: expect.stringMatching(/^image-pipeline-dev-inventory-[0-9a-f]{10}$/),
      functionArn: expect.stringMatching(/:function:image-pipeline-dev-reprocessor$/),
      roleArn: expect.stringMatching(/:role\/image-pipeline-dev-batch-[0-9a-f]{10}$/),
    });
    expect(await frequency()).toBe("Daily");
    expect(await workspace.plan()).toEqual([]);
  });

  it("is made as often as is wanted, and goes without a word about protection", async () => {
    await workspace.succeed("config", "set", "inventory", "weekly");
    expect(await workspace.plan()).toEqual([
      "update inventory-of-originals: schedule",
      "update inventory-of-renditions: schedule",
    ]);
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await frequency()).toBe("Weekly");
    await workspace.succeed("config", "set", "inventory", "off");
    await workspace.succeed("up", "--yes", "--skip-preview", "--policy-pack", "policy");
    expect(outputs.parse(await workspace.outputs()).inventory).toBe("off");
    await expect(frequency()).rejects.toMatchObject({ name: "NoSuchConfiguration" });
  });
});
