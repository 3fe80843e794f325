import { join } from "node:path";
import { GetQueueAttributesCommand, type QueueAttributeName } from "@aws-sdk/client-sqs";
import { beforeAll, expect, it } from "vitest";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

const program = join(import.meta.dirname, "programs/raw-queue");

describeEngine("the provider that the tests deploy with", (engine) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await engine.workspace(program);
    await workspace.createStack("dev");
  }, 600_000);

  const configure = (properties: Readonly<Record<string, unknown>>) =>
    workspace.succeed("config", "set", "properties", JSON.stringify(properties));
  const attribute = async (name: QueueAttributeName) => {
    const { id } = await workspace.outputs();
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
    await configure(properties);
    const refusal = await workspace.refuse("preview");
    expect(refusal).toContain("aws:sqs:Queue (queue)");
    expect(refusal).toContain(named);
  });

  it("creates, leaves alone, updates in place and replaces, as the properties say", async () => {
    await configure({ name: "first", delaySeconds: 1 });
    expect(await workspace.plan()).toEqual(["create queue", "create raw-queue-dev"]);
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await attribute("DelaySeconds")).toBe("1");
    expect(await workspace.plan()).toEqual([]);

    await configure({ name: "first", delaySeconds: 2 });
    expect(await workspace.plan()).toEqual(["update queue: delaySeconds"]);
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await attribute("DelaySeconds")).toBe("2");

    await configure({ name: "second", delaySeconds: 2 });
    expect(await workspace.plan()).toContain("replace queue: name");
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await attribute("QueueArn")).toMatch(/:second$/);
    expect(await workspace.plan()).toEqual([]);
  });

  it("deletes what was created, and only that", async () => {
    await workspace.succeed("destroy", "--yes", "--skip-preview");
    expect((await workspace.state("dev")).resources).toEqual([]);
  });
});
