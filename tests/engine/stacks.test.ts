import { CreateQueueCommand, DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { beforeAll, expect, it } from "vitest";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

const config = { email: "ada@example.com" };

describeEngine("several stacks in one account and region", (engine) => {
  it("share nothing, and one is destroyed without a trace in the other", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("blue", { ...config, protectData: "false" });
    await workspace.succeed("up", "--yes", "--skip-preview");
    await workspace.createStack("green", config);
    await workspace.succeed("up", "--yes", "--skip-preview");
    const ids = async (stack: string) =>
      (await workspace.state(stack)).resources.flatMap(({ type, id }) =>
        id === undefined || !type.startsWith("aws:") ? [] : [`${type} ${id}`],
      );
    const [blue, green] = [await ids("blue"), await ids("green")];
    expect(blue.length).toBe(green.length);
    expect(blue.filter((id) => green.includes(id))).toEqual([]);
    await workspace.succeed("destroy", "--yes", "--skip-preview", "--stack", "blue");
    expect(await workspace.succeed("refresh", "--yes", "--skip-preview")).toMatch(
      /Resources:\n {4}\d+ unchanged\n/,
    );
  });

  it("refuses a stack name that makes longer names than AWS allows", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("the-one-for-the-quarterly-demonstration", config);
    const refusal = await workspace.refuse("preview");
    expect(refusal).toContain("Choose a shorter stack name.");
    expect(refusal).not.toContain("    at ");
  });
});

describeEngine("a deployment that fails half-way", (engine) => {
  it("names the resource and the cause, and the next up completes it", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("dev", config);
    const { sqs } = engine.aws();
    // By hand, as somebody did who tried the service before; it depends on another queue, which is made before it.
    const byHand = { QueueName: "image-pipeline-dev-ingest", Attributes: { VisibilityTimeout: "7" } };
    const { QueueUrl } = await sqs.send(new CreateQueueCommand(byHand));
    expect(await workspace.refuse("up", "--yes", "--skip-preview")).toMatch(
      /\bingest-queue[\s\S]*already exists with the same name/,
    );
    const made = async () =>
      (await workspace.state("dev")).resources.flatMap(({ type, urn, id }) =>
        id !== undefined && type.startsWith("aws:sqs") ? [urn.slice(urn.lastIndexOf("::") + 2)] : [],
      );
    const names = await made();
    expect(names).toContain("ingest-dead-letters");
    expect(names).not.toContain("ingest-queue");
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await workspace.plan()).toEqual([]);
    expect(await made()).toContain("ingest-queue");
  });

  it("keeps what it made when it is interrupted, and the next up completes it", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("interrupted", config);
    await workspace.interrupt("source-bucket created", "up", "--yes", "--skip-preview");
    const made = (await workspace.state("interrupted")).resources.map(({ type }) => type);
    expect(made).toContain("aws:s3/bucket:Bucket");
    expect(made).not.toContain("aws:lambda/function:Function");
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await workspace.plan()).toEqual([]);
  });
});

describeEngine("renaming, which would move the data to other names,", (engine) => {
  const refused = /unable to replace resource[\s\S]*protect/;
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await engine.workspace();
    await workspace.createStack("dev", config);
    await workspace.succeed("up", "--yes", "--skip-preview");
  }, 600_000);

  it("is refused for a stack, and undone by the old name", async () => {
    await workspace.succeed("stack", "rename", "live");
    expect(await workspace.refuse("up", "--yes")).toMatch(refused);
    await workspace.succeed("stack", "rename", "dev");
    expect(await workspace.plan()).toEqual([]);
  });

  it("is refused for the project, and undone by the old name", async () => {
    await workspace.succeed("stack", "rename", "organization/picture-pipeline/dev");
    const undo = await workspace.edit("Pulumi.yaml", "name: image-pipeline", "name: picture-pipeline");
    await workspace.succeed("stack", "select", "dev");
    // Keys of the configuration carry the project's name.
    await workspace.succeed("config", "set", "--secret", "email", config.email);
    await workspace.succeed("config", "rm", "image-pipeline:email");
    expect(await workspace.refuse("preview")).toMatch(refused);
    await workspace.succeed("config", "set", "--secret", "image-pipeline:email", config.email);
    await workspace.succeed("config", "rm", "picture-pipeline:email");
    await workspace.succeed("stack", "rename", "organization/image-pipeline/dev");
    await undo();
    await workspace.succeed("stack", "select", "dev");
    expect(await workspace.plan()).toEqual([]);
  });
});
