import type { z } from "zod";
import { holdsUnknown, isProperties, type Properties } from "./wire.ts";

export type Failure = { readonly property: string; readonly reason: string };

/** Why AWS would not take these inputs. What depends on a value that is unknown until `up` is judged then. */
export function failuresOf(schema: z.ZodType, inputs: Properties): Failure[] {
  const issues = schema.safeParse(inputs).error?.issues ?? [];
  return issues
    .filter((issue) => issue.code === "unrecognized_keys" || !holdsUnknown(valueAt(inputs, issue.path)))
    .map((issue) => ({ property: issue.path.join("."), reason: issue.message }));
}

function valueAt(inputs: Properties, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isProperties(value) ? value[String(key)] : value;
  }, inputs);
}
