import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { controls } from "../../../policy/controls/index.ts";
import { controlPath } from "../support/control-files.ts";

const here = new URL("./", import.meta.url);
const folder = new URL("../../../policy/controls/", import.meta.url);
const provider = new URL("../../../node_modules/@pulumi/aws/", import.meta.url);

const declarations = new Map<string, Promise<string>>();

/** The code of a provider module. File names can differ from type names in case: datasync/s3location.js. */
const declaredIn = (module: string): Promise<string> => {
  const known = declarations.get(module) ?? readModule(new URL(`${module}/`, provider));
  declarations.set(module, known);
  return known;
};

const readModule = async (module: URL): Promise<string> => {
  const files = (await readdir(module)).filter((file) => file.endsWith(".js"));
  const tokens = await Promise.all(files.map((file) => readFile(new URL(file, module), "utf8")));
  return tokens.flatMap((source) => source.match(/__pulumiType = .*/g) ?? []).join("\n");
};

describe("the list of controls", () => {
  it("contains every control file, sorted by id", async () => {
    const files = (await readdir(folder, { recursive: true })).filter((file) => /\/.*\.ts$/.test(file));
    expect(controls.map(({ name }) => `${controlPath(name)}.ts`).sort()).toEqual(files.sort());
    expect(controls.map(({ id }) => id)).toEqual(controls.map(({ id }) => id).toSorted());
  });

  it("gives each control a unique id", () => {
    expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length);
  });

  it.each(controls.map((control) => [control.name, control] as const))(
    "%s has complete metadata",
    (_, control) => {
      expect(control.id).toMatch(/^[A-Z0-9]+-\d{3}$/);
      expect(control.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(control.title).toMatch(/^[A-Z].*[^.]\.$/);
      expect(control.why).toMatch(/^[A-Z].*\.$/);
      expect(control.remediation).toMatch(/^[A-Z].*\.$/);
      expect(control.url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(control.types).not.toHaveLength(0);
      expect(control.services).not.toHaveLength(0);
    },
  );

  it.each(controls.map((control) => [control.name, control] as const))(
    "%s names types that exist in the AWS provider",
    async (_, control) => {
      for (const type of control.types) {
        expect(await declaredIn(type.split("/")[0]?.split(":")[1] ?? ""), type).toContain(`'${type}'`);
      }
    },
  );

  it.each(controls.map(({ name }) => name))("%s has a test", (name) => {
    expect(existsSync(new URL(`${controlPath(name)}.test.ts`, here))).toBe(true);
  });
});
