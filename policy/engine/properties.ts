import { isUnknown } from "./unknown.ts";

/** Thrown when a value is not known before the update. `judgePart` turns it into "not judged". */
export class UnknownProperty extends Error {
  override readonly name = "UnknownProperty";
  readonly path: string;

  constructor(path: string) {
    super(`\`${path}\` is unknown at preview.`);
    this.path = path;
  }
}

/** Thrown when a value is of the wrong kind. `judgePart` turns it into a violation. */
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
 * Reads a resource's properties and distinguishes known, unknown and missing values.
 *
 * Missing means `undefined`, `null` or `""` (the provider returns an unset string as `""`). Each reader returns
 * `undefined` for a missing value, throws {@link UnknownProperty} for an unknown value, and throws
 * {@link MalformedProperty} for a value of the wrong kind.
 */
export class Properties {
  readonly #source: object;
  readonly #path: string;

  /** @param source the properties as the SDK passes them (including its proxies), or a plain object. */
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

  /** Is the property set, to a known or an unknown value? */
  has(name: string): boolean {
    const value = this.value(name);
    return value !== undefined && value !== null && value !== "";
  }

  isUnknown(name: string): boolean {
    return isUnknown(this.value(name));
  }

  /** The raw value, known or unknown. For parsers that handle both. */
  value(name: string): unknown {
    // The descriptor bypasses the SDK's proxy, whose `get` throws on unknown values.
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
    // The provider accepts a boolean or number written as a string, so the pack does too.
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

  /** A list of objects; `[]` when missing. A single object counts as a list of one: providers flatten one-item blocks. */
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
