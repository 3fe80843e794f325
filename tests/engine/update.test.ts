import { GetFunctionCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { readAssetRecord } from "../../operator/library/asset-record.ts";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

/** The function runs on this machine's CPU when it runs in the emulator. */
const HERE = process.arch === "arm64" ? "arm64" : "x86_64";
const ELSEWHERE = HERE === "arm64" ? "x86_64" : "arm64";

const outputs = z.object({ sourceBucket: z.string(), tableName: z.string(), functionName: z.string() });

describeEngine("updating a stack", (engine) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await engine.workspace();
    await workspace.createStack("dev", { email: "ada@example.com", architecture: HERE });
    await workspace.succeed("up", "--yes", "--skip-preview", "--policy-pack", "policy");
  }, 600_000);

  const upload = async (key: string) => {
    const { sourceBucket, tableName } = outputs.parse(await workspace.outputs());
    const photo = await sharp({ create: { width: 1200, height: 900, channels: 3, background: "teal" } })
      .jpeg()
      .toBuffer();
    await engine.aws().s3.send(new PutObjectCommand({ Bucket: sourceBucket, Key: key, Body: photo }));
    return vi.waitFor(
      async () => {
        const record = await readAssetRecord(engine.aws(), tableName, key);
        expect(record?.NotifiedAt).toBeDefined();
        return record;
      },
      { timeout: 60_000, interval: 100 },
    );
  };

  it("makes a pipeline that processes an uploaded photo", async () => {
    const record = await upload("holiday/beach.jpg");
    expect(record).toMatchObject({ State: "PROCESSED", Format: "jpeg", Width: 1200, Height: 900 });
    expect(record?.Renditions?.map(({ Key }) => Key).sort()).toEqual([
      "holiday/beach.jpg/large.jpg",
      "holiday/beach.jpg/large.webp",
      "holiday/beach.jpg/medium.jpg",
      "holiday/beach.jpg/medium.webp",
      "holiday/beach.jpg/thumbnail.jpg",
      "holiday/beach.jpg/thumbnail.webp",
    ]);
  });

  it("changes nothing when nothing has changed", async () => {
    expect(await workspace.succeed("up", "--yes", "--skip-preview")).toMatch(
      /Resources:\n {4}\d+ unchanged\n/,
    );
  });

  const functionNow = async () => {
    const { functionName } = outputs.parse(await workspace.outputs());
    const { Configuration } = await engine
      .aws()
      .lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
    return Configuration;
  };

  it("updates the function alone when one line of the handler changes", async () => {
    await workspace.edit(
      "handler/entries/index.ts",
      "({ settings, ports:",
      "({ settings: { ...settings }, ports:",
    );
    expect(await workspace.plan()).toEqual(["update processor-function: code, environment"]);
    const before = await functionNow();
    await workspace.succeed("up", "--yes", "--skip-preview");
    const after = await functionNow();
    expect(after?.CodeSha256).not.toBe(before?.CodeSha256);
    // The function knows its zip, for records to name it.
    const withoutZip = { CODE_SHA256: undefined };
    expect({ ...after?.Environment?.Variables, ...withoutZip }).toEqual({
      ...before?.Environment?.Variables,
      ...withoutZip,
    });
  });

  it("updates the function's environment alone when the renditions change, and makes those from then on", async () => {
    await workspace.edit(
      "Pulumi.dev.yaml",
      "config:\n",
      "config:\n  image-pipeline:renditions:\n    - { name: tiny, width: 16, formats: [png] }\n",
    );
    expect(await workspace.plan()).toEqual(["update processor-function: environment"]);
    await workspace.succeed("up", "--yes", "--skip-preview");
    const record = await upload("holiday/dunes.jpg");
    expect(record?.Renditions).toMatchObject([
      { Name: "tiny", Key: "holiday/dunes.jpg/tiny.png", Format: "png", Width: 16, Height: 12 },
    ]);
  });

  it("gives the function the binaries of its CPU when the architecture changes", async () => {
    await workspace.succeed("config", "set", "architecture", ELSEWHERE);
    expect(await workspace.plan()).toEqual(["update processor-function: architectures, code, environment"]);
    await workspace.succeed("up", "--yes", "--skip-preview");
    expect(await workspace.plan()).toEqual([]);
    expect((await functionNow())?.Architectures).toEqual([ELSEWHERE]);
  });
});
