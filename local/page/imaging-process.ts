import { availableParallelism } from "node:os";
import { z } from "zod";
import { sharpImaging } from "../../handler/adapters/sharp.ts";
import { PipelineError } from "../../handler/core/errors.ts";
import { planTransforms } from "../../handler/core/plan.ts";
import { renditionSpecs, specsFor } from "../../handler/core/rendition.ts";
import { thresholdsOf } from "../../handler/core/trim.ts";
import type { RenditionFile } from "../../handler/ports.ts";
import { metadataOf } from "./metadata.ts";

/** What the page's server asks of this process. */
const request = z.object({
  number: z.int(),
  task: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("metadata"), bytes: z.instanceof(Uint8Array) }),
    z.object({
      kind: z.literal("try"),
      bytes: z.instanceof(Uint8Array),
      key: z.string(),
      specs: renditionSpecs,
      maxPixels: z.number(),
      maxBytes: z.number(),
    }),
  ]),
});
export type ImagingTask = z.input<typeof request>["task"];

/** Makes the renditions as the function would, with its own plan and its own imaging. */
const tried = async ({
  bytes,
  key,
  specs,
  ...limits
}: Extract<z.output<typeof request>["task"], { kind: "try" }>) => {
  const imaging = sharpImaging({ maxPixels: limits.maxPixels, threads: availableParallelism() });
  const own = specsFor(specs, key);
  const image = await imaging.inspect(bytes, thresholdsOf(own));
  const plans = planTransforms(image, key, own, limits);
  const files: RenditionFile[] = [];
  const start = performance.now();
  await imaging.transform(bytes, plans, async (file) => {
    files.push(file);
  });
  const order = plans.flatMap(({ renditions }) => renditions.map((rendition) => rendition.key));
  return {
    durationMs: performance.now() - start,
    files: files.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key)),
  };
};

const answerTo = async ({ task }: z.output<typeof request>) => {
  switch (task.kind) {
    case "metadata":
      return metadataOf(task.bytes);
    case "try":
      return tried(task);
    default:
      return task satisfies never;
  }
};

process.on("message", (message: unknown) => {
  const asked = request.parse(message);
  const { number } = asked;
  void answerTo(asked).then(
    (answer) => process.send?.({ number, answer }),
    (error: unknown) => {
      const code = error instanceof PipelineError ? `${error.code}: ` : "";
      process.send?.({ number, problem: `${code}${error instanceof Error ? error.message : error}` });
    },
  );
});
