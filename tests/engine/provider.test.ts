import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type QueueAttributeName,
} from "@aws-sdk/client-sqs";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { describeEngine, REGION } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

const program = join(import.meta.dirname, "programs/raw");

const configure = (workspace: Workspace, properties: Readonly<Record<string, unknown>>) =>
  workspace.succeed("config", "set", "properties", JSON.stringify(properties));
const up = (workspace: Workspace) => workspace.succeed("up", "--yes", "--skip-preview");

const outputs = z.object({ id: z.string() });

describeEngine("the provider that the tests deploy with", (engine) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await engine.workspace(program);
    await workspace.createStack("dev", { type: "aws:sqs/queue:Queue" });
  }, 600_000);

  const attribute = async (name: QueueAttributeName) => {
    const { id } = outputs.parse(await workspace.outputs());
    const { Attributes } = await engine
      .aws()
      .sqs.send(new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["All"] }));
    return Attributes?.[name];
  };

  it.each([
    ["a property that the type does not have", { name: "q", visibilityTimeout: 60 }, "visibilityTimeout"],
    ["a value of another type", { name: "q", delaySeconds: "soon" }, "delaySeconds"],
    ["a value out of range", { name: "q", delaySeconds: 901 }, "delaySeconds"],
    ["a required property that is missing", { delaySeconds: 1 }, "name"],
  ])("refuses at preview %s", async (_, properties, named) => {
    await configure(workspace, properties);
    const refusal = await workspace.refuse("preview");
    expect(refusal).toContain("aws:sqs:Queue (it)");
    expect(refusal).toContain(named);
  });

  it("creates, leaves alone, updates in place and replaces, as the properties say", async () => {
    await configure(workspace, { name: "first", delaySeconds: 1 });
    expect(await workspace.plan()).toEqual(["create it", "create raw-dev"]);
    await up(workspace);
    expect(await attribute("DelaySeconds")).toBe("1");
    expect(await workspace.plan()).toEqual([]);

    await configure(workspace, { name: "first", delaySeconds: 2 });
    expect(await workspace.plan()).toEqual(["update it: delaySeconds"]);
    await up(workspace);
    expect(await attribute("DelaySeconds")).toBe("2");

    await configure(workspace, { name: "second", delaySeconds: 2 });
    expect(await workspace.plan()).toContain("replace it: name");
    await up(workspace);
    expect(await attribute("QueueArn")).toMatch(/:second$/);
    expect(await workspace.plan()).toEqual([]);
  });

  it("deletes what was created, and only that", async () => {
    const { sqs } = engine.aws();
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "somebody-elses" }));
    await workspace.succeed("destroy", "--yes", "--skip-preview");
    expect((await workspace.state("dev")).resources).toEqual([]);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
  });
});

describeEngine("a bucket that holds an object", (engine) => {
  const mine = { Bucket: "mine-to-delete", Key: "letter.txt" };
  const other = { Bucket: "somebody-elses", Key: "letter.txt" };
  let workspace: Workspace;
  const letter = async (where: typeof mine) =>
    (await engine.aws().s3.send(new GetObjectCommand(where))).Body?.transformToString();

  beforeAll(async () => {
    workspace = await engine.workspace(program);
    await workspace.createStack("dev", { type: "aws:s3/bucket:Bucket" });
    await configure(workspace, { bucket: mine.Bucket });
    await up(workspace);
    const { s3 } = engine.aws();
    await s3.send(
      new CreateBucketCommand({
        Bucket: other.Bucket,
        CreateBucketConfiguration: { LocationConstraint: REGION },
      }),
    );
    for (const where of [mine, other]) await s3.send(new PutObjectCommand({ ...where, Body: "Dear Ada" }));
  }, 600_000);

  it("is not emptied to be deleted, nor to be replaced", async () => {
    expect(await workspace.refuse("destroy", "--yes", "--skip-preview")).toContain("not empty");
    await configure(workspace, { bucket: "mine-renamed" });
    expect(await workspace.refuse("up", "--yes", "--skip-preview")).toContain("not empty");
    expect(await letter(mine)).toBe("Dear Ada");
  });

  it("is emptied where forceDestroy says so, and no other is", async () => {
    await configure(workspace, { bucket: mine.Bucket, forceDestroy: true });
    await up(workspace);
    expect(await letter(mine)).toBe("Dear Ada");
    await workspace.succeed("destroy", "--yes", "--skip-preview");
    await expect(engine.aws().s3.send(new HeadBucketCommand({ Bucket: mine.Bucket }))).rejects.toMatchObject({
      name: "NotFound",
    });
    expect(await letter(other)).toBe("Dear Ada");
  });
});
