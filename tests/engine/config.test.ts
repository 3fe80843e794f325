import { expect, it } from "vitest";
import { settingsSchema } from "../../infra/settings.ts";
import { describeEngine } from "./support/engine.ts";

const ADDRESS = "ada.lovelace@example.com";

describeEngine("the configuration of a stack", (engine) => {
  it("keeps an address set with --secret out of the stack's file, the state and all that is printed", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("dev");
    await workspace.succeed("config", "set", "--secret", "email", ADDRESS);
    const typed = workspace.transcript();
    await workspace.succeed("preview", "--diff", "--policy-pack", "policy");
    await workspace.succeed("up", "--yes", "--skip-preview");
    await workspace.succeed("stack", "output");
    await workspace.succeed("stack", "export");
    expect(await workspace.read("Pulumi.dev.yaml")).not.toContain(ADDRESS);
    const { text, resources } = await workspace.state("dev");
    expect(
      resources.find(({ type }) => type === "aws:sns/topicSubscription:TopicSubscription"),
    ).toMatchObject({
      inputs: { protocol: "email", endpoint: { ciphertext: expect.any(String) } },
      outputs: { protocol: "email", endpoint: { ciphertext: expect.any(String) } },
    });
    expect(text).not.toContain(ADDRESS);
    expect(workspace.transcript().slice(typed.length)).not.toContain(ADDRESS);
  });

  it("refuses an address that was set without --secret, says the right command, and takes it then", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("dev");
    await workspace.succeed("config", "set", "email", ADDRESS);
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const refusal = await workspace.refuse(...command);
      expect(refusal).toContain("pulumi config set --secret email you@example.com");
      expect(refusal).not.toContain(ADDRESS);
      expect(refusal).not.toContain("    at ");
    }
    expect((await workspace.state("dev")).text).not.toContain(ADDRESS);
    await workspace.succeed("config", "set", "--secret", "email", ADDRESS);
    expect(await workspace.read("Pulumi.dev.yaml")).not.toContain(ADDRESS);
    await workspace.succeed("preview");
  });

  it("asks for the address when there is none", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("dev");
    expect(await workspace.refuse("preview")).toContain(
      "image-pipeline:email: missing, expected the address that gets the notices; run `pulumi config set --secret email you@example.com`",
    );
  });

  it("refuses what is no address, without showing it", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("dev", { email: "ada.lovelace.example.com" });
    const refusal = await workspace.refuse("preview");
    expect(refusal).toContain("image-pipeline:email: expected an e-mail address such as you@example.com");
    expect(refusal).not.toContain("ada.lovelace");
  });

  it("names every wrong value and every unknown key in one error, at preview and at up", async () => {
    const workspace = await engine.workspace();
    const keys = ["renditions", ...Object.keys(settingsSchema.shape)];
    await workspace.createStack("dev", {
      email: ADDRESS,
      ...Object.fromEntries(keys.map((key) => [key, "?"])),
      memoryMB: "1024",
    });
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const refusal = await workspace.refuse(...command);
      expect(refusal).toContain(`The configuration of this stack has ${keys.length + 1} problems:`);
      expect(refusal).toContain("- image-pipeline:memoryMB: unknown key");
      for (const key of keys) expect(refusal).toContain(`- image-pipeline:${key}: `);
      expect(refusal).not.toContain("    at ");
    }
    expect((await workspace.state("dev")).resources.filter(({ type }) => type.startsWith("aws:"))).toEqual(
      [],
    );
  });
});
