/** Digits of a sequencer, padded as it is compared; S3 gives fewer. */
export const SEQUENCER_DIGITS = 32;

/** S3's sequencers have 16 or 18 digits today; what is left of the 32 orders what S3 knows nothing of. */
const S3_SEQUENCER_DIGITS = 20;

const digitsOf = (at: Date): string =>
  at
    .getTime()
    .toString(16)
    .toUpperCase()
    .padStart(SEQUENCER_DIGITS - S3_SEQUENCER_DIGITS, "0");

/**
 * A sequencer after that of an object's record and before that of whatever S3 will tell of its key next.
 * @param recorded the sequencer of the record; `undefined` when there is none
 * @param at the later of two reprocesses wins
 */
export const reprocessSequencer = (recorded: string | undefined, at: Date): string =>
  (recorded ?? "").slice(0, S3_SEQUENCER_DIGITS).padEnd(S3_SEQUENCER_DIGITS, "0") + digitsOf(at);

/** Whether `reprocessSequencer` gave it for this time, whatever the record said then. */
export const isReprocessedAt = (sequencer: string, at: Date): boolean =>
  sequencer.slice(S3_SEQUENCER_DIGITS) === digitsOf(at);
