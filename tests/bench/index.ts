/**
 * Runs one benchmark: `npm run bench -- <name>`, a file of this folder. Each prints what it measured on this machine.
 */
import { readdirSync } from "node:fs";

const here = new URL("./", import.meta.url);
const names = readdirSync(here)
  .filter((file) => file.endsWith(".ts") && file !== "index.ts")
  .map((file) => file.slice(0, -".ts".length));
const [, , name] = process.argv;

if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- ${names.join(" | ")}`);
  process.exitCode = 2;
} else {
  await import(new URL(`${name}.ts`, here).href);
}
