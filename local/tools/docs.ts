import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { RENDITION_PROPERTIES } from "../../handler/core/spec/rendition-spec.ts";
import { settingsSchema } from "../../infra/settings.ts";
import { propertyGuide, propertyPictures, propertyTable } from "./rendition-guide.ts";

/** A setting as its documentation shows it. */
type SettingEntry = {
  readonly key: string;
  readonly description: string;
  readonly values: string;
  /** Undefined where leaving it out means something of its own. */
  readonly defaultValue: unknown;
};

const propertySchema = z.looseObject({
  description: z.string(),
  type: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  items: z.object({ description: z.string().optional() }).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const valuesOf = ({
  type,
  items,
  enum: options,
  minimum,
  maximum,
}: z.infer<typeof propertySchema>): string => {
  if (options !== undefined) {
    return options.join(", ");
  }
  if (minimum !== undefined && maximum !== undefined) {
    return `${minimum.toLocaleString("en")} to ${maximum.toLocaleString("en")}`;
  }
  return (
    {
      boolean: "true, false",
      array: `list of ${items?.description}`,
      object: "names and values",
      string: "free text",
    }[type ?? ""] ?? "console, none, https address"
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

/** A text with what stands between two marks replaced. @throws {Error} when the marks are missing. */
const withSection = (text: string, file: string, name: string, section: string): string => {
  const opening = `<!-- ${name}: \`npm run docs\` writes what follows -->`;
  const closing = `<!-- end of ${name} -->`;
  const [start, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (start < 0 || end < start) {
    throw new Error(`${file}: expected the line "${opening}" and after it "${closing}".`);
  }
  return `${text.slice(0, start)}${opening}\n\n${section}\n\n${text.slice(end)}`;
};

const PROPERTIES = "properties of a rendition spec";

/** README.md with its tables as they should be. @throws {Error} when marks that enclose one are missing. */
export const readmeWithTables = (readme: string): string =>
  withSection(
    withSection(readme, "README.md", "settings", settingsTable()),
    "README.md",
    PROPERTIES,
    propertyTable(RENDITION_PROPERTIES),
  );

/** docs/renditions.md with what it says of each property. @throws {Error} when marks that enclose it are missing. */
export const guideWithProperties = (guide: string): string =>
  withSection(guide, "docs/renditions.md", PROPERTIES, propertyGuide());

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

/** Where the pictures of docs/renditions.md are. */
export const PICTURES = "docs/pictures";

export const ROOT = join(import.meta.dirname, "..", "..");

if (import.meta.main) {
  for (const [name, update] of [
    ["README.md", readmeWithTables],
    ["Pulumi.yaml", projectWithSettings],
    ["docs/renditions.md", guideWithProperties],
  ] as const) {
    const path = join(ROOT, name);
    await writeFile(path, update(await readFile(path, "utf8")));
  }
  for (const { file, bytes } of await propertyPictures()) {
    await writeFile(join(ROOT, PICTURES, file), bytes);
  }
}
