import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { controls } from "../../policy/controls/index.ts";
import { PACK_POLICIES } from "../../policy/engine/pack.ts";
import { packSettingsSchema } from "../../policy/engine/settings.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFile(new URL(path, root), "utf8");
const levelSchema = z.enum(["advisory", "mandatory", "remediate", "disabled"]);
const configSchema = z.record(z.string(), z.union([levelSchema, z.looseObject({})]));

const pages = await Promise.all(["policy/README.md", "docs/controls.md"].map(read));
const examples = pages.flatMap((page) =>
  [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]) => text),
);

describe("the pack's documentation", () => {
  it("shows configs", () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)("shows a config that is valid: %s", (example) => {
    for (const [name, entry] of Object.entries(configSchema.parse(JSON.parse(example)))) {
      if (name === PACK_POLICIES.settings) {
        expect(packSettingsSchema.safeParse(entry).error).toBeUndefined();
        continue;
      }
      const control = controls.find((candidate) => candidate.name === name);
      expect(control, name).toBeDefined();
      if (typeof entry === "string") continue;
      const { enforcementLevel = "mandatory", ...parameters } = entry;
      expect(levelSchema.safeParse(enforcementLevel).success).toBe(true);
      expect(control?.parameters.safeParse(parameters).error).toBeUndefined();
    }
  });

  it("only lists remediable controls as remediable", () => {
    const config = examples.find((example) => example.includes("remediate")) ?? "{}";
    for (const name of Object.keys(JSON.parse(config))) {
      const control = controls.find((candidate) => candidate.name === name);
      expect(control?.kind === "resource" && control.remediate !== undefined, name).toBe(true);
    }
  });

  it("names the current version and all presets", async () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await read("policy/package.json")));
    expect(await read("policy/CHANGELOG.md")).toContain(`## [${version}]`);
    for (const [, preset = ""] of pages.join("").matchAll(/presets\/([a-z0-9-]+\.json)/g)) {
      expect(JSON.parse(await read(`policy/presets/${preset}`))).toHaveProperty(PACK_POLICIES.settings);
    }
  });
});
