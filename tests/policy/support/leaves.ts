/** A string in a resource's properties, including those inside JSON texts such as policy documents. */
export type Leaf = {
  /** Property names and list indexes from the top, with `JSON_TEXT` for each parsed text. */
  readonly path: readonly (string | typeof JSON_TEXT)[];
};

const JSON_TEXT = Symbol("JSON text");

export const leavesOf = (value: unknown, path: Leaf["path"] = []): readonly Leaf[] => {
  const parsed = parsedJson(value);
  if (parsed !== undefined) return [{ path }, ...leavesOf(parsed, [...path, JSON_TEXT])];
  if (typeof value === "string") return [{ path }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
};

/** A copy of the properties with another value for the leaf. */
export const replaceLeaf = (props: object, { path }: Leaf, value: unknown): object => {
  const replaced = replaceAt(props, path, value);
  if (typeof replaced !== "object" || replaced === null)
    throw new Error("A leaf must be inside the properties.");
  return replaced;
};

const replaceAt = (inside: unknown, [step, ...rest]: Leaf["path"], value: unknown): unknown => {
  if (step === undefined) return value;
  if (step === JSON_TEXT) return JSON.stringify(replaceAt(parsedJson(inside), rest, value));
  if (Array.isArray(inside)) {
    return inside.map((each, index) => (String(index) === step ? replaceAt(each, rest, value) : each));
  }
  if (typeof inside !== "object" || inside === null)
    throw new Error(`The properties have no ${String(step)}.`);
  return Object.fromEntries(
    Object.entries(inside).map(([name, each]) => [name, name === step ? replaceAt(each, rest, value) : each]),
  );
};

const parsedJson = (value: unknown): object | undefined => {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
};

/** Messages may print a Sid, because it is the statement's name. */
export const isStatementName = ({ path }: Leaf): boolean => path.at(-1) === "Sid";
