import { isUnknown } from "./unknown.ts";

/** Thrown by a reader when the value can't be known before the update. The runner turns it into "not judged". */
export class UnknownProperty extends Error {
  override readonly name = "UnknownProperty";
  readonly path: string;

  constructor(path: string) {
    super(`\`${path}\` is unknown at preview.`);
    this.path = path;
  }
}

/** Thrown by a reader when the value is of a wrong kind. The runner turns it into a violation. */
export class MalformedProperty extends Error {
  override readonly name = "MalformedProperty";
  readonly path: string;
  readonly expected: string;

  constructor(path: string, expected: string) {
    super(`\`${path}\` must be ${expected}.`);
    this.path = path;
    this.expected = expected;
  }
}

/**
 * Reads a resource's properties and tells known, unknown and missing apart.
 *
 * Missing is `undefined`, `null` or `""` (an unset string comes back from the provider as `""`). Each reader gives
 * `undefined` for missing, throws {@link UnknownProperty} for unknown and {@link MalformedProperty} for a wrong kind.
 */
export class Properties {
  readonly #source: object;
  readonly #path: string;

  /** @param source the properties as the SDK hands them over (its proxies included), or a plain object. */
  constructor(source: object, path = "") {
    this.#source = source;
    this.#path = path;
  }

  /** The full path of a property, for messages: `rules[0].id`. */
  path(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  names(): readonly string[] {
    return Object.keys(this.#source);
  }

  /** Is the property set, be it to a known or to an unknown value? */
  has(name: string): boolean {
    const value = this.value(name);
    return value !== undefined && value !== null && value !== "";
  }

  isUnknown(name: string): boolean {
    return isUnknown(this.value(name));
  }

  /** The value as it came, unknown or not. For parsers that know what to do with it. */
  value(name: string): unknown {
    // A descriptor is read past the SDK's proxy, whose `get` throws on unknown values.
    return Object.getOwnPropertyDescriptor(this.#source, name)?.value;
  }

  string(name: string): string | undefined {
    const value = this.#known(name);
    if (value === undefined || typeof value === "string") return value;
    throw new MalformedProperty(this.path(name), "a string");
  }

  boolean(name: string): boolean | undefined {
    const value = this.#known(name);
    if (value === undefined || typeof value === "boolean") return value;
    // The provider accepts a boolean or number written as a string, so the pack does as well.
    if (value === "true") return true;
    if (value === "false") return false;
    throw new MalformedProperty(this.path(name), "a boolean");
  }

  number(name: string): number | undefined {
    const value = this.#known(name);
    if (value === undefined || typeof value === "number") return value;
    const number = typeof value === "string" ? Number(value) : Number.NaN;
    if (Number.isFinite(number)) return number;
    throw new MalformedProperty(this.path(name), "a number");
  }

  /** A list of strings; `[]` when missing. */
  strings(name: string): readonly string[] {
    return this.#list(name).map((value, index) => {
      if (typeof value === "string") return value;
      throw new MalformedProperty(`${this.path(name)}[${index}]`, "a string");
    });
  }

  /** A nested object. */
  child(name: string): Properties | undefined {
    return this.children(name)[0];
  }

  /** A list of objects; `[]` when missing. One object is a list of one: providers flatten one-item blocks. */
  children(name: string): readonly Properties[] {
    return this.#list(name).map((value, index) => {
      const path = `${this.path(name)}[${index}]`;
      if (typeof value === "object" && value !== null) return new Properties(value, path);
      throw new MalformedProperty(path, "an object");
    });
  }

  #list(name: string): readonly unknown[] {
    const value = this.#known(name);
    if (value === undefined) return [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const unknown = list.findIndex(isUnknown);
    if (unknown >= 0) throw new UnknownProperty(`${this.path(name)}[${unknown}]`);
    return list;
  }

  #known(name: string): unknown {
    if (!this.has(name)) return undefined;
    if (this.isUnknown(name)) throw new UnknownProperty(this.path(name));
    return this.value(name);
  }
}
