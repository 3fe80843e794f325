import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** Values of the stack's config; the keys have no project prefix. */
export type ProgramConfig = Readonly<Record<string, string>>;

/** A config in the documentation, and its place. */
export type ShownConfig = readonly [where: string, config: ProgramConfig];

const PREFIX = "image-pipeline:";
const root = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()) });
const renditionSpecs = z.array(z.looseObject({ name: z.string() }));

/** The engine passes structured values to the program as JSON. */
const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

const configIn = (yaml: string): ProgramConfig => {
  const parsed: unknown = parse(yaml);
  // A list contains only rendition specs.
  if (Array.isArray(parsed)) return { renditions: textOf(renditionSpecs.parse(parsed)) };
  return Object.fromEntries(
    Object.entries(stackFile.parse(parsed).config)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), textOf(value)]),
  );
};

/** All YAML blocks of a page, in order. */
export const yamlBlocks = (page: string): readonly string[] =>
  [...read(page).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

/** The config after each block of `pulumi config set` commands, including earlier blocks of its section. */
const commandConfigs = (): readonly ShownConfig[] =>
  read("README.md")
    .split(/^#{2,3} /m)
    .flatMap((section) => {
      let config: ProgramConfig = {};
      return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]): ShownConfig[] => {
        const set = [...block.matchAll(/^pulumi config set (\w+) ([^\s#]+)/gm)].map(
          ([, key = "", value = ""]) => [key, value.replace("...", "11111111-2222-3333-4444-555555555555")],
        );
        if (set.length === 0) return [];
        config = { ...config, ...Object.fromEntries(set) };
        return [[`README's commands for ${Object.keys(config).join(", ")}`, config]];
      });
    });

/** The configs in the YAML of README.md and the examples, and in the commands of README.md. */
export const shownConfigs = (): readonly ShownConfig[] => {
  const files = readdirSync(new URL("examples/", root)).filter((file) => file.endsWith(".yaml"));
  return [
    ...yamlBlocks("README.md").map(
      (block, index): ShownConfig => [`README's YAML ${index + 1}`, configIn(block)],
    ),
    ...commandConfigs(),
    ...["Pulumi.dev.yaml", ...files.map((file) => `examples/${file}`)].map(
      (path): ShownConfig => [path, configIn(read(path))],
    ),
  ];
};

/** A row of the settings table in README.md. */
type SettingRow = {
  readonly key: string;
  /** The listed values, or both ends of the range; empty if the table only describes the values. */
  readonly values: readonly string[];
  readonly isRange: boolean;
};

export const settingRows = (): readonly SettingRow[] => {
  const [, table = ""] = read("README.md").split(/<!-- settings: .*-->|<!-- end of settings -->/);
  return [...table.matchAll(/^\| `(\w+)` \| .* \| (.*) \| .* \|$/gm)].map(([, key = "", values = ""]) => {
    const [, from, to] = /^([\d,]+) to ([\d,]+)$/.exec(values) ?? [];
    if (from !== undefined && to !== undefined) {
      return { key, isRange: true, values: [from, to].map((end) => end.replaceAll(",", "")) };
    }
    const listed = values.split(", ");
    if (listed.every((value) => /^\d+$/.test(value))) {
      return { key, isRange: true, values: [listed.at(0) ?? "", listed.at(-1) ?? ""] };
    }
    const ofKind = listed.some((value) => value.includes(" "));
    return { key, isRange: false, values: ofKind ? [] : listed };
  });
};

/** Settings of digests are valid only with digests, so this enables digests or removes those settings. */
const withConsistentDigests = (config: ProgramConfig): ProgramConfig => {
  const entries = Object.entries(config);
  const ofOthers = entries.filter(([key]) => !key.startsWith("digest"));
  if (ofOthers.length === entries.length) return config;
  const { notices = "digest" } = config;
  return notices === "digest" ? { ...config, notices } : Object.fromEntries(ofOthers);
};

/**
 * Configs that together contain both ends of every range in README's settings table, and every value of every choice. In
 * the n-th config for choices, each choice has its n-th value, or its last one.
 */
export const settingConfigs = (): readonly ShownConfig[] => {
  const rows = settingRows();
  const ranges = rows.filter(({ isRange }) => isRange);
  const choices = rows.filter(({ isRange, values }) => !isRange && values.length > 0);
  const longest = Math.max(...choices.map(({ values }) => values.length));
  const pick = (from: readonly SettingRow[], index: number): ProgramConfig =>
    withConsistentDigests(
      Object.fromEntries(from.map(({ key, values }) => [key, values[index] ?? values.at(-1) ?? ""])),
    );
  const [minimums, maximums] = [pick(ranges, 0), pick(ranges, 1)];
  return [
    // The program rejects a reserved concurrency below the maximum concurrency.
    [
      "every number at its minimum",
      { ...minimums, reservedConcurrency: minimums["maximumConcurrency"] ?? "" },
    ],
    // maxImageSeconds must be less than timeoutSeconds.
    [
      "every number at its maximum",
      { ...maximums, maxImageSeconds: String(Number(maximums["timeoutSeconds"]) - 1) },
    ],
    ...Array.from(
      { length: longest },
      (_, index): ShownConfig => [`choice ${index + 1} of every setting`, pick(choices, index)],
    ),
  ];
};
