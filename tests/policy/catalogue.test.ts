import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { generatedFiles } from "../../policy/catalogue.ts";

const root = new URL("../../", import.meta.url);

describe("the generated files", () => {
  it.each([...generatedFiles()])(
    "%s is up to date with `node policy/catalogue.ts`",
    async (path, content) => {
      expect(await readFile(new URL(path, root), "utf8")).toBe(content);
    },
  );

  it("include every file in the presets folder", async () => {
    const presets = await readdir(new URL("policy/presets/", root));
    const generated = [...generatedFiles().keys()].filter((path) => path.startsWith("policy/presets/"));
    expect(presets.map((file) => `policy/presets/${file}`).sort()).toEqual(generated.sort());
  });
});
