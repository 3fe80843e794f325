import { z } from "zod";

const resourceState = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  protect: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
export type ResourceState = z.infer<typeof resourceState>;

/** A stack's state as its backend stores it. */
export type StackState = { readonly text: string; readonly resources: readonly ResourceState[] };

const stateFile = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(resourceState).default([]) }) }),
});

/** @param text a stack's file in a file backend */
export function stackState(text: string): StackState {
  return { text, resources: stateFile.parse(JSON.parse(text)).checkpoint.latest.resources };
}

const previewReport = z.object({
  steps: z.array(
    z.object({
      op: z.string(),
      urn: z.string(),
      diffReasons: z.array(z.string()).default([]),
    }),
  ),
});

/**
 * Lines such as `update processor-function: environment`, sorted; none for what stays as it is.
 * @param json what `pulumi preview --json` printed
 */
export function plannedChanges(json: string): string[] {
  return previewReport
    .parse(JSON.parse(json))
    .steps.filter(({ op }) => op !== "same")
    .map(({ op, urn, diffReasons }) =>
      [`${op} ${urn.slice(urn.lastIndexOf("::") + 2)}`, diffReasons.toSorted().join(", ")]
        .filter((part) => part !== "")
        .join(": "),
    )
    .sort();
}
