import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** Values of the stack's config, keys without the project's name. */
export type ProgramConfig = Readonly<Record<string, string>>;

/** A config that the documentation shows, and where. */
export type ShownConfig = readonly [where: string, config: ProgramConfig];

const PREFIX = "image-pipeline:";
const root = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()) });
const renditionSpecs = z.array(z.looseObject({ name: z.string() }));

/** Structured values are JSON to the program, as the engine hands them over. */
const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

const configIn = (yaml: string): ProgramConfig => {
  const parsed: unknown = parse(yaml);
  // Rendition specs alone are an excerpt of the list.
  if (Array.isArray(parsed)) return { renditions: textOf(renditionSpecs.parse(parsed)) };
  return Object.fromEntries(
    Object.entries(stackFile.parse(parsed).config)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), textOf(value)]),
  );
};

/** Every YAML block of a page, in its order. */
export const yamlBlocks = (page: string): readonly string[] =>
  [...read(page).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

/** What each block of commands sets by `pulumi config set`, on top of what those before it in its section set. */
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

/** What README.md and the examples show as YAML, and what README.md sets by commands. */
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

/** A row of README's table of settings. */
type SettingRow = {
  readonly key: string;
  /** The values listed, or the ends of the range; none where the table tells only of what kind they are. */
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

/** What is said of digests goes with digests alone; where nothing is said of notices, with them. */
const ofDigests = (config: ProgramConfig): ProgramConfig => {
  const entries = Object.entries(config);
  const ofOthers = entries.filter(([key]) => !key.startsWith("digest"));
  if (ofOthers.length === entries.length) return config;
  const { notices = "digest" } = config;
  return notices === "digest" ? { ...config, notices } : Object.fromEntries(ofOthers);
};

/**
 * Configs that together have both ends of every range in README's table of settings, and every value of every choice:
 * in the n-th of the latter each choice has its n-th value, or its last.
 */
export const settingConfigs = (): readonly ShownConfig[] => {
  const rows = settingRows();
  const ranges = rows.filter(({ isRange }) => isRange);
  const choices = rows.filter(({ isRange, values }) => !isRange && values.length > 0);
  const longest = Math.max(...choices.map(({ values }) => values.length));
  const pick = (from: readonly SettingRow[], index: number): ProgramConfig =>
    ofDigests(Object.fromEntries(from.map(({ key, values }) => [key, values[index] ?? values.at(-1) ?? ""])));
  const [least, most] = [pick(ranges, 0), pick(ranges, 1)];
  return [
    // Fewer reserved than used is refused.
    ["every number at its least", { ...least, reservedConcurrency: least["maximumConcurrency"] ?? "" }],
    // An image may not take as long as the function.
    ["every number at its most", { ...most, maxImageSeconds: String(Number(most["timeoutSeconds"]) - 1) }],
    ...Array.from(
      { length: longest },
      (_, index): ShownConfig => [`choice ${index + 1} of every setting`, pick(choices, index)],
    ),
  ];
};
