import { appendFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, it } from "vitest";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";
describeEngine("x", (engine) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await engine.workspace();
    await workspace.createStack("dev", { email: "ada@example.com" });
  }, 600_000);
  it("prints", async () => {
    const file = join(workspace.directory, "policy-config.json");
    const go = async (...args: string[]) => {
      const { code, stdout, stderr } = await workspace.pulumi(...args);
      appendFileSync("/tmp/svc/engine3.txt", `==== ${args.join(" ")} code ${code}\n${(stdout + stderr).slice(-3000)}\n`);
    };
    await writeFile(file, JSON.stringify({ "pack-settings": { exemptions: [{ control: "S3-009" }] }, "kms-key-deletion-window": { minimumDays: 3 } }));
    await go("preview", "--policy-pack", "policy", "--policy-pack-config", file);
    await workspace.succeed("up", "--yes", "--skip-preview");
    await go("policy", "analyze", "--policy-pack", "policy");
    await go("stack", "export", "--file", "state.json");
    await go("policy", "analyze", "--policy-pack", "policy", "--file", "state.json");
  }, 900000);
});
