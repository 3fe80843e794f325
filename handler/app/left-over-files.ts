import type { Upload } from "../core/events/s3-event.ts";
import { manifestKey } from "../core/object-key.ts";
import { type IsLeftOver, madeBy } from "../core/record/cleanup.ts";
import type { CurrentRecord } from "../ports/library.ts";
import { type Pipeline, step } from "./pipeline.ts";

/** The keys of an original's renditions, and that of their manifest. */
export const withManifest = (originalKey: string, keys: readonly string[]): readonly string[] =>
  keys.length === 0 ? [] : [...keys, manifestKey(originalKey)];

/** Deletes what is left over beside an original's renditions, where the configuration wants that; tells how much. */
export const removeLeftOver = async (
  pipeline: Pipeline,
  originalKey: string,
  isLeftOver: IsLeftOver,
): Promise<number> => {
  if (pipeline.settings.onDelete === "keep") return 0;
  const removed = await step(pipeline, "remove", () =>
    pipeline.ports.renditions.remove(originalKey, isLeftOver),
  );
  return removed.length;
};

/**
 * Deletes what an event has stored, when the record is another's, but for what the record lists: an attempt that did
 * not end may have stored what none of the other's renditions took the place of. So it is when another attempt at the
 * same event has failed; one that has not, has made the very same files.
 */
export const removeUnlisted = async (
  pipeline: Pipeline,
  { key, sequencer }: Pick<Upload, "key" | "sequencer">,
  { bySequencer, listedKeys }: CurrentRecord,
): Promise<void> => {
  if (bySequencer === sequencer && listedKeys.length > 0) return;
  await removeLeftOver(pipeline, key, madeBy(sequencer, withManifest(key, listedKeys)));
};
