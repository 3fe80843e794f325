import { isReprocessedAt } from "../events/sequencer.ts";

/** A file in the destination bucket, with the sequencer of the upload it was made of; empty when it names none. */
export type DestinationFile = { readonly key: string; readonly sequencer: string };

/** Tells which of the files beside an original's renditions are to go. */
export type IsLeftOver = (file: DestinationFile) => boolean;

/** Once an original is gone: what was made of the key before. */
export const madeBefore =
  (sequencer: string): IsLeftOver =>
  (file) =>
    file.sequencer < sequencer;

/** Once an upload's files are stored: what was made of the key until then, and not kept. */
export const madeUntil = (sequencer: string, keptKeys: readonly string[]): IsLeftOver => {
  const kept = new Set(keptKeys);
  return (file) => file.sequencer <= sequencer && !kept.has(file.key);
};

/**
 * Once nothing waits for a restore: what an attempt of it that did not end has stored before the record became that of
 * the event `bySequencer`, but for what the record lists. Which place in the order the attempt had is not known any
 * more, only when S3 restored; another delivery of the same restore may find an upload that waits later.
 */
export const madeByRestore = (
  restoredAt: string,
  bySequencer: string,
  listedKeys: readonly string[],
): IsLeftOver => {
  const [listed, at] = [new Set(listedKeys), new Date(restoredAt)];
  return (file) =>
    file.sequencer < bySequencer && isReprocessedAt(file.sequencer, at) && !listed.has(file.key);
};

/**
 * Once the record turns out to be another event's: what this one has stored, or an attempt of it that did not end, but
 * for what the record lists. That may have been made on account of this event, and have been found right by the other.
 */
export const madeBy = (sequencer: string, listedKeys: readonly string[]): IsLeftOver => {
  const listed = new Set(listedKeys);
  return (file) => file.sequencer === sequencer && !listed.has(file.key);
};
