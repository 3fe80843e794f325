import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { settingsSchema } from "../infra/settings.ts";

/** A setting as its documentation shows it. */
interface SettingEntry {
  readonly key: string;
  readonly description: string;
  readonly values: string;
  /** Undefined where leaving it out means something of its own. */
  readonly defaultValue: unknown;
}

const propertySchema = z.looseObject({
  description: z.string(),
  type: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const valuesOf = ({ type, enum: options, minimum, maximum }: z.infer<typeof propertySchema>): string => {
  if (options !== undefined) {
    return options.join(", ");
  }
  if (minimum !== undefined && maximum !== undefined) {
    return `${minimum.toLocaleString("en")} to ${maximum.toLocaleString("en")}`;
  }
  return (
    { boolean: "true, false", array: "list of origins", object: "names and values" }[type ?? ""] ??
    "console, none, https address"
  );
};

const settingEntries = (): readonly SettingEntry[] => {
  const { properties } = z
    .object({ properties: z.record(z.string(), propertySchema) })
    .parse(z.toJSONSchema(settingsSchema, { io: "input" }));
  return Object.entries(properties).map(([key, property]) => ({
    key,
    description: property.description,
    values: valuesOf(property),
    defaultValue: property.default,
  }));
};

/** The table of settings in README.md. */
export const settingsTable = (): string =>
  [
    "| key | what it is | values | default |",
    "| --- | --- | --- | --- |",
    ...settingEntries().map(({ key, description, values, defaultValue }) => {
      const shown = typeof defaultValue === "object" ? "none" : (defaultValue ?? "none");
      return `| \`${key}\` | ${description} | ${values} | ${shown} |`;
    }),
  ].join("\n");

const START = "<!-- settings: `npm run docs` writes what follows -->";
const END = "<!-- end of settings -->";

/** README.md with the table as it should be. @throws {Error} when the marks that enclose it are missing. */
export const readmeWithSettings = (readme: string): string => {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  if (start < 0 || end < start) {
    throw new Error(`README.md: expected the line "${START}" and after it "${END}".`);
  }
  return `${readme.slice(0, start)}${START}\n\n${settingsTable()}\n\n${readme.slice(end)}`;
};

/** Pulumi.yaml with a description and default of each setting; the engine takes a key without a default for required. */
export const projectWithSettings = (project: string): string => {
  const document = parseDocument(project);
  const email = document.getIn(["config", "email"]);
  const config = settingEntries()
    .filter(({ defaultValue }) => defaultValue !== undefined && typeof defaultValue !== "object")
    .map(({ key, description, defaultValue }) => [key, { description, default: defaultValue }]);
  document.setIn(["config"], { email, ...Object.fromEntries(config) });
  return document.toString({ lineWidth: 0 });
};

export const ROOT = join(import.meta.dirname, "..");

if (import.meta.main) {
  for (const [name, update] of [
    ["README.md", readmeWithSettings],
    ["Pulumi.yaml", projectWithSettings],
  ] as const) {
    const path = join(ROOT, name);
    await writeFile(path, update(await readFile(path, "utf8")));
  }
}
