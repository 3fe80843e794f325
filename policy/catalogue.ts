/**
 * Generates docs/controls.md and the config presets in policy/presets from the controls.
 * Run it after any change to a control: `node policy/catalogue.ts`. A test fails while the files are out of date.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { controls } from "./controls/index.ts";
import { renderCatalogue } from "./engine/catalogue.ts";
import { presets } from "./engine/presets.ts";

/** The content of each generated file, by its path from the project's root. */
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
