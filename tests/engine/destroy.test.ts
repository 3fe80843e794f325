import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

const outputs = z.object({ sourceBucket: z.string() });
const original = Buffer.from("not an image, but somebody's");

describeEngine("destroying a stack whose buckets hold objects", (engine) => {
  let workspace: Workspace;
  let sourceBucket: string;
  beforeAll(async () => {
    workspace = await engine.workspace();
    await workspace.createStack("dev", { email: "ada@example.com" });
    await workspace.succeed("up", "--yes", "--skip-preview");
    ({ sourceBucket } = outputs.parse(await workspace.outputs()));
    await engine
      .aws()
      .s3.send(new PutObjectCommand({ Bucket: sourceBucket, Key: "kept.txt", Body: original }));
  }, 600_000);

  const expectDataKept = async () => {
    const kept = (await workspace.state("dev")).resources.filter(({ protect }) => protect);
    expect(kept.map(({ type }) => type).sort()).toEqual([
      "aws:dynamodb/table:Table",
      "aws:kms/key:Key",
      "aws:s3/bucket:Bucket",
      "aws:s3/bucket:Bucket",
    ]);
    const { Body } = await engine
      .aws()
      .s3.send(new GetObjectCommand({ Bucket: sourceBucket, Key: "kept.txt" }));
    expect(await Body?.transformToString()).toBe(original.toString());
  };

  it("is refused, and nothing is deleted, not even with protectData set to false but not deployed", async () => {
    const before = (await workspace.state("dev")).resources;
    expect(await workspace.refuse("destroy", "--yes")).toContain("because it is protected");
    await workspace.succeed("config", "set", "protectData", "false");
    expect(await workspace.refuse("destroy", "--yes")).toContain("because it is protected");
    await workspace.succeed("config", "set", "protectData", "true");
    await expectDataKept();
    expect((await workspace.state("dev")).resources.map(({ urn }) => urn)).toEqual(
      before.map(({ urn }) => urn),
    );
  });

  it("keeps the data even when nobody looked at a preview, and up brings the rest back", async () => {
    await workspace.refuse("destroy", "--yes", "--skip-preview");
    await expectDataKept();
    await workspace.succeed("up", "--yes", "--skip-preview");
    await expectDataKept();
    expect(await workspace.plan()).toEqual([]);
  });

  it("deletes everything, objects too, once protectData is false in the deployed stack", async () => {
    const key = (await workspace.state("dev")).resources.find(({ type }) => type === "aws:kms/key:Key");
    await workspace.succeed("config", "set", "protectData", "false");
    await workspace.succeed("up", "--yes", "--skip-preview");
    await workspace.succeed("destroy", "--yes", "--skip-preview");
    expect((await workspace.state("dev")).resources).toEqual([]);
    const { Buckets } = await engine.aws().s3.send(new ListBucketsCommand({}));
    expect(Buckets ?? []).toEqual([]);
    const { KeyMetadata } = await engine.aws().kms.send(new DescribeKeyCommand({ KeyId: key?.id }));
    expect(KeyMetadata?.KeyState).toBe("PendingDeletion");
  });
});
