import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { contentHash, isProperties, isUnknown, type Properties } from "./wire.ts";

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = rpc.PropertyDiff.Kind;
const KINDS = {
  add: { inPlace: ADD, replace: ADD_REPLACE },
  delete: { inPlace: DELETE, replace: DELETE_REPLACE },
  update: { inPlace: UPDATE, replace: UPDATE_REPLACE },
} as const;

type Change = { readonly property: string; readonly kind: keyof typeof KINDS };

/** What would become of a resource whose inputs change so: nothing, an update, or a replacement by a new one. */
export function diffOf(
  before: Properties,
  after: Properties,
  replaceOn: readonly string[],
): rpc.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  const changes = changesBetween(before, after);
  const replaces = changes.map(({ property }) => property).filter((property) => replaceOn.includes(property));
  const response = new rpc.DiffResponse()
    .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(changes.map(({ property }) => property))
    .setReplacesList(replaces)
    // The program names every resource, so what is replaced must make room for its replacement.
    .setDeletebeforereplace(replaces.length > 0)
    .setHasdetaileddiff(true);
  for (const { property, kind } of changes) {
    const detail = KINDS[kind][replaces.includes(property) ? "replace" : "inPlace"];
    response.getDetaileddiffMap().set(property, new rpc.PropertyDiff().setKind(detail).setInputdiff(true));
  }
  return response;
}

/** A value that is unknown until `up` counts as changed. */
function changesBetween(before: Properties, after: Properties): Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((property): Change[] => {
    if (!(property in after)) return [{ property, kind: "delete" }];
    if (!(property in before)) return [{ property, kind: "add" }];
    return sameValue(before[property], after[property]) ? [] : [{ property, kind: "update" }];
  });
}

/** Equal as AWS sees it: a JSON document may come back with other white space and another order of keys. */
function sameValue(left: unknown, right: unknown): boolean {
  if (isUnknown(left) || isUnknown(right)) return false;
  const [leftHash, leftDocument] = [contentHash(left), jsonDocument(left)];
  if (leftHash !== undefined) return leftHash === contentHash(right);
  if (leftDocument !== undefined) return sameValue(leftDocument, jsonDocument(right));
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => sameValue(item, right[at]));
  }
  if (isProperties(left) && isProperties(right)) return changesBetween(left, right).length === 0;
  return left === right;
}

function jsonDocument(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/**
 * The inputs that would leave a resource as it is now: the live value of every property that was set. What nobody set
 * is AWS's to choose, so a default that comes back is no drift.
 */
export function liveInputs(inputs: Properties, live: Properties): Properties {
  return Object.fromEntries(
    Object.entries(inputs).map(([property, input]) => [
      property,
      property in live ? liveValue(input, live[property]) : input,
    ]),
  );
}

function liveValue(input: unknown, live: unknown): unknown {
  if (sameValue(input, live) || isArnOf(input, live)) return input;
  if (isProperties(input) && isProperties(live)) return liveInputs(input, live);
  if (Array.isArray(input) && Array.isArray(live)) return live.map((item, at) => liveValue(input[at], item));
  return live;
}

/** Where a name was set, AWS may answer with the ARN that ends with it. */
function isArnOf(name: unknown, live: unknown): boolean {
  return (
    typeof name === "string" &&
    typeof live === "string" &&
    live.startsWith("arn:") &&
    live.endsWith(`:${name}`)
  );
}
