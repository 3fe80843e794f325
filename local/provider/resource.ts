import { z } from "zod";
import type { Aws } from "../../operator/aws.ts";

export type Properties = Readonly<Record<string, unknown>>;

export type Created = {
  readonly id: string;
  readonly outputs: Properties;
};

/**
 * How one resource type is made by AWS calls, with its inputs parsed.
 *
 * `create` and `update` return the outputs that AWS adds; the inputs are outputs as well. `read` returns what AWS
 * says of the resource now, or `undefined` when it is gone. `delete` of what is gone already succeeds.
 */
export type ResourceDefinition<Schema extends z.ZodObject> = {
  readonly schema: Schema;
  /** Inputs whose change needs a new resource. */
  readonly replaceOn: readonly (keyof z.output<Schema> & string)[];
  create(inputs: z.output<Schema>, aws: Aws): Promise<Created>;
  read(id: string, aws: Aws): Promise<Properties | undefined>;
  update(id: string, inputs: z.output<Schema>, olds: z.output<Schema>, aws: Aws): Promise<Properties>;
  delete(id: string, inputs: z.output<Schema>, aws: Aws): Promise<void>;
};

/** A resource type of any shape: properties come in as Pulumi sends them, without secrets' wrapping or unknowns. */
export type Resource = {
  readonly schema: z.ZodObject;
  readonly replaceOn: readonly string[];
  /** @throws {InputError} */
  create(inputs: Properties, aws: Aws): Promise<Created>;
  read(id: string, aws: Aws): Promise<Properties | undefined>;
  /** `olds` are the inputs of before: what is among them and no longer among `inputs` is taken away. @throws {InputError} */
  update(id: string, inputs: Properties, olds: Properties, aws: Aws): Promise<Properties>;
  /** `state` are the inputs or the whole state. @throws {InputError} */
  delete(id: string, state: Properties, aws: Aws): Promise<void>;
};

/** Inputs that this provider does not take: it never ignores one. No value is shown, any may be secret. */
export class InputError extends Error {
  override readonly name = "InputError";
}

const problem = (issue: z.core.$ZodIssue): string => {
  const place = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return `${issue.keys.map((key) => `"${[place, key].filter(Boolean).join(".")}"`).join(", ")} is not supported here`;
  }
  return `"${place}": ${issue.message}`;
};

/** @throws {InputError} naming every property that is unknown, missing or of another type. */
export const parseInputs = <Schema extends z.ZodType>(
  schema: Schema,
  inputs: Properties,
): z.output<Schema> => {
  const parsed = schema.safeParse(inputs);
  if (!parsed.success) {
    throw new InputError(parsed.error.issues.map(problem).join("; "));
  }
  return parsed.data;
};

/** The type of its inputs stays known, so that it can be held against the arguments that @pulumi/aws declares. */
export const defineResource = <Schema extends z.ZodObject>(
  definition: ResourceDefinition<Schema>,
): Omit<Resource, "schema"> & { readonly schema: Schema } => {
  const { schema, replaceOn, read } = definition;
  const inputsOf = (state: Properties): z.output<Schema> =>
    parseInputs(schema, Object.fromEntries(Object.entries(state).filter(([key]) => key in schema.shape)));
  return {
    schema,
    replaceOn,
    read,
    create: async (raw, aws) => {
      const inputs = parseInputs(schema, raw);
      const { id, outputs } = await definition.create(inputs, aws);
      return { id, outputs: { ...inputs, ...outputs } };
    },
    update: async (id, raw, olds, aws) => {
      const inputs = parseInputs(schema, raw);
      return { ...inputs, ...(await definition.update(id, inputs, inputsOf(olds), aws)) };
    },
    delete: (id, state, aws) => definition.delete(id, inputsOf(state), aws),
  };
};

/** What AWS always sends, though its types do not promise it. */
export const present = <Value>(value: Value | null | undefined, what: string): Value => {
  if (value === null || value === undefined) {
    throw new Error(`AWS sent no ${what}.`);
  }
  return value;
};

export const tags = z.record(z.string(), z.string()).optional();
export type Tags = z.output<typeof tags>;

/** Tags as most services list them. */
export const tagList = (all: Tags): { Key: string; Value: string }[] =>
  Object.entries(all ?? {}).map(([Key, Value]) => ({ Key, Value }));

/** Keys to take away when `olds` become `news`. */
export const removedTags = (olds: Tags, news: Tags): string[] =>
  Object.keys(olds ?? {}).filter((key) => news?.[key] === undefined);

/** The answer of a list of tags as a record. */
export const tagRecord = (
  list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Record<string, string> => Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
