/**
 * Writes what is generated from the controls: docs/controls.md and the config presets in policy/presets.
 * Run it after any change to a control: `node policy/catalogue.ts`. A test fails while they differ.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { controls } from "./controls/index.ts";
import { renderCatalogue } from "./engine/catalogue.ts";
import { presets } from "./engine/presets.ts";

/** Path from the project's root, and content, of each generated file. */
export const generatedFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ["docs/controls.md", renderCatalogue(controls)],
    ...presets(controls).map(({ name, config }): [string, string] => [
      `policy/presets/${name}.json`,
      `${JSON.stringify(config, undefined, 2)}\n`,
    ]),
  ]);

const [, script] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  for (const [path, content] of generatedFiles()) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
