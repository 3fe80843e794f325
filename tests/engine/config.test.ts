import { expect, it } from "vitest";
import { z } from "zod";
import { settingsSchema } from "../../infra/settings.ts";
import { describeEngine } from "./support/engine.ts";

const ADDRESS = "ada.lovelace@example.com";

const integer = z.object({ type: z.literal("integer"), minimum: z.number(), maximum: z.number() });

/** The settings that are numbers in a range. */
const ranges = Object.entries(z.toJSONSchema(settingsSchema, { io: "input" }).properties ?? {}).flatMap(
  ([key, schema]) => {
    const { data } = integer.safeParse(schema);
    return data === undefined ? [] : [{ key, ...data }];
  },
);

const sound = { name: "large", width: 1600, formats: ["webp"] };
/** One thing is wrong in each: where, and what. */
const badSpecs = [
  { place: ".name", name: "Large size" },
  { place: ".width", name: "b", width: 0 },
  { place: ".height", name: "c", height: 16_384 },
  { place: ".fit", name: "d", fit: "squash" },
  { place: ".position", name: "e", position: "middle" },
  { place: ".formats[0]", name: "f", formats: ["bmp"] },
  { place: ".formats", name: "g", formats: [] },
  { place: ".quality", name: "h", quality: 101 },
  { place: ".background", name: "i", background: "white" },
  { place: "", name: "j", colour: "red" },
];

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

  it.each([
    ["less than the least", -1, "minimum"],
    ["more than the most", 1, "maximum"],
  ] as const)("refuses every number that is %s, and tells the limit", async (_, beyond, limit) => {
    const workspace = await engine.workspace();
    await workspace.createStack("dev", {
      email: ADDRESS,
      ...Object.fromEntries(ranges.map((range) => [range.key, String(range[limit] + beyond)])),
    });
    const refusal = await workspace.refuse("preview");
    for (const range of ranges) {
      expect(refusal).toMatch(
        new RegExp(
          `- image-pipeline:${range.key}: .*[<>]=${range[limit]}, got ${range[limit] + beyond}$`,
          "m",
        ),
      );
    }
  });

  it("refuses each wrong property of a rendition by its place in the list", async () => {
    const workspace = await engine.workspace();
    await workspace.createStack("dev", {
      email: ADDRESS,
      renditions: JSON.stringify(badSpecs.map(({ place: _, ...spec }) => ({ ...sound, ...spec }))),
    });
    const refusal = await workspace.refuse("preview");
    expect(refusal).toContain(`The configuration of this stack has ${badSpecs.length} problems:`);
    for (const [at, { place }] of badSpecs.entries()) {
      expect(refusal).toContain(`- image-pipeline:renditions[${at}]${place}: `);
    }
  });
});
