type ObjectLevel = {
  readonly kind: "object";
  readonly keys: Set<string>;
  key: string;
};
type ListLevel = {
  readonly kind: "list";
  index: number;
};

/**
 * The keys that an object in a JSON text contains more than once. `JSON.parse`, the AWS provider and AWS silently keep
 * only the last value.
 *
 * @param json a valid JSON text.
 * @returns the path of each repeated key: `Statement[0].Effect`.
 */
export const duplicateKeys = (json: string): readonly string[] => {
  const duplicates: string[] = [];
  const levels: (ObjectLevel | ListLevel)[] = [];
  let before = "";
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const level = levels.at(-1);
    if (token === "{") levels.push({ kind: "object", keys: new Set(), key: "" });
    else if (token === "[") levels.push({ kind: "list", index: 0 });
    else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && level?.kind === "list") level.index++;
    else if (token.startsWith('"') && level?.kind === "object" && before !== ":") {
      // Decoded by the parser, because `"\u0041ction"` is `"Action"`.
      level.key = String(JSON.parse(token));
      if (level.keys.has(level.key)) duplicates.push(pathOf(levels));
      level.keys.add(level.key);
    }
    before = token;
  }
  return duplicates;
};

const pathOf = (levels: readonly (ObjectLevel | ListLevel)[]): string =>
  levels.reduce(
    (path, level) =>
      level.kind === "list" ? `${path}[${level.index}]` : `${path}${path === "" ? "" : "."}${level.key}`,
    "",
  );
