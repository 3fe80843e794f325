/** Digits of a sequencer, padded as it is compared; S3 gives fewer. */
export const SEQUENCER_DIGITS = 32;

/** S3's sequencers have 16 or 18 digits today; what is left of the 32 orders what S3 knows nothing of. */
export const S3_SEQUENCER_DIGITS = 20;

const TIME_DIGITS = SEQUENCER_DIGITS - S3_SEQUENCER_DIGITS;

const NO_PLACE = "0".repeat(S3_SEQUENCER_DIGITS);

/**
 * Stands before a sequencer once the order of its key was reset, with the time of that: after every digit, so that all
 * events since come after all before, whatever those claim.
 */
const RESET_MARK = "R";

const digitsOf = (at: Date): string => at.getTime().toString(16).toUpperCase().padStart(TIME_DIGITS, "0");

const timeOf = (digits: string): Date => new Date(Number.parseInt(digits, 16));

/** The form of a sequencer that comes from this file and from no event of S3's. */
export const OWN_SEQUENCER = new RegExp(
  `^(${RESET_MARK}[0-9A-F]{${TIME_DIGITS}})?[0-9A-F]{${SEQUENCER_DIGITS}}$`,
);

/** What of a sequencer S3's event gave, with the reset before it; the time of a reprocess, which stands behind, is none of it. */
export const placeOf = (sequencer: string): string => sequencer.slice(0, -TIME_DIGITS);

/**
 * A sequencer after that of an object's record and before that of whatever S3 will tell of its key next.
 * @param recorded the sequencer of the record; `undefined` when there is none
 * @param at the later of two reprocesses wins
 */
export const reprocessSequencer = (recorded: string | undefined, at: Date): string =>
  (recorded === undefined ? NO_PLACE : placeOf(recorded)) + digitsOf(at);

/** Whether `reprocessSequencer` gave it for this time, whatever the record said then. */
export const isReprocessedAt = (sequencer: string, at: Date): boolean =>
  sequencer.slice(-TIME_DIGITS) === digitsOf(at);

/** The time for which `reprocessSequencer` gave it. */
export const reprocessedAt = (sequencer: string): Date => timeOf(sequencer.slice(-TIME_DIGITS));

/** Where the order of a key begins anew: after every sequencer of before, whatever gave it, and before what S3 tells since. */
export const resetSequencer = (at: Date): string => RESET_MARK + digitsOf(at) + "0".repeat(SEQUENCER_DIGITS);

/**
 * The sequencer of what a reset finds under the key: after what is restored or reprocessed before the reset has looked,
 * at the place where the order begins, and before what S3 tells since.
 */
export const foundAtReset = (at: Date): string =>
  `${RESET_MARK}${digitsOf(at)}${"1".padStart(S3_SEQUENCER_DIGITS, "0")}${digitsOf(at)}`;

/** The reset that a sequencer comes after, as a text in the order of time; empty when there was none. */
export const resetOf = (sequencer: string): string => sequencer.slice(0, -SEQUENCER_DIGITS);

/** The sequencer of an event of S3's in the order since a reset. */
export const sinceReset = (sequencer: string, reset: string): string =>
  reset + sequencer.slice(-SEQUENCER_DIGITS);

/**
 * Whether a record is at the place in the order that something which comes again names: by no such message does the key
 * get beyond what S3 will tell of it next.
 */
export const mayComeAgain = (recorded: string | undefined, again: string): boolean =>
  recorded === undefined ? placeOf(again) === NO_PLACE : recorded.startsWith(placeOf(again));
