import { CreateBucketCommand, DeleteBucketCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { describeEngine, REGION } from "./support/engine.ts";

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
    expect(await workspace.plan()).toEqual([]);
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
    const planned = await workspace.plan();
    const preview = await workspace.succeed("preview");
    const [, bucket] = /destinationBucket *: "([^"]+)"/.exec(preview) ?? [];
    expect(bucket).toBeDefined();
    const { s3 } = engine.aws();
    await s3.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    expect(await workspace.refuse("up", "--yes", "--skip-preview")).toMatch(
      /destination-bucket[\s\S]*exists already/,
    );
    const remaining = await workspace.plan();
    expect(remaining.length).toBeGreaterThan(0);
    expect(remaining.length).toBeLessThan(planned.length);
    await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await workspace.plan()).toEqual([]);
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets).toHaveLength(2);
  });
});

describeEngine("renaming", (engine) => {
  it("a stack would move its data to other names, which is refused, and undone by the old name", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("dev", config);
    await workspace.succeed("up", "--yes", "--skip-preview");
    await workspace.succeed("stack", "rename", "live");
    for (const command of [["preview"], ["up", "--yes"]]) {
      expect(await workspace.refuse(...command)).toMatch(/unable to replace resource[\s\S]*protect/);
    }
    await workspace.succeed("stack", "rename", "dev");
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await workspace.plan()).toEqual([]);
  });
});
