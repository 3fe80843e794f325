/** A file in the destination bucket, with the sequencer of the upload it was made of; empty when it names none. */
export type DestinationFile = { readonly key: string; readonly sequencer: string };

/** Tells which of the files beside an original's renditions are to go. */
export type IsLeftOver = (file: DestinationFile) => boolean;

/**
 * Once an original is gone: what was made of the key before. What was made on account of the removal itself is of a
 * version that came after it, and that another delivery of the same event has found.
 */
export const madeBefore =
  (sequencer: string): IsLeftOver =>
  (file) =>
    file.sequencer < sequencer;

/** Once an upload's files are stored: what was made of the key until then, and not kept. */
export const madeUntil = (sequencer: string, keptKeys: readonly string[]): IsLeftOver => {
  const kept = new Set(keptKeys);
  return (file) => file.sequencer <= sequencer && !kept.has(file.key);
};

/** Once an upload turns out to be superseded: what it has stored, or an attempt of it that did not end. */
export const madeBy =
  (sequencer: string): IsLeftOver =>
  (file) =>
    file.sequencer === sequencer;
