/**
 * Writes aws/taggable-types.json: the resource types of the AWS provider that take tags, read from the declarations
 * of the installed @pulumi/aws. Run it after an update of that package: `node policy/generate-taggable-types.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { TAGGABLE_TYPES_FILE } from "./aws/taggable-types.ts";

/** @param provider the folder of @pulumi/aws. */
export const readTaggableTypes = (provider: URL): readonly string[] => {
  const modules = readdirSync(provider, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return modules
    .flatMap(({ name }) => {
      const folder = new URL(`${name}/`, provider);
      const declarations = readdirSync(folder).filter((file) => file.endsWith(".d.ts"));
      return declarations.flatMap((file) => typeOf(folder, file.replace(/\.d\.ts$/, "")));
    })
    .toSorted();
};

const typeOf = (folder: URL, file: string): readonly string[] => {
  const declaration = readFileSync(new URL(`${file}.d.ts`, folder), "utf8");
  // Only the arguments of resources, not of look-ups; tags as a map, not the list that an Auto Scaling group has.
  const args = /export interface \w+Args \{([\s\S]*?)\n\}/.exec(declaration.replaceAll("\r", ""))?.[1];
  if (args === undefined || !/^ {4}tags\?: pulumi\.Input<\{/m.test(args)) return [];
  const token = /__pulumiType = '([^']+)'/.exec(readFileSync(new URL(`${file}.js`, folder), "utf8"))?.[1];
  return token === undefined ? [] : [token];
};

const [, script] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  const types = readTaggableTypes(new URL("../node_modules/@pulumi/aws/", import.meta.url));
  writeFileSync(fileURLToPath(TAGGABLE_TYPES_FILE), `${JSON.stringify(types, undefined, 2)}\n`);
}
