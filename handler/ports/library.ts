import type { Removal, Restore, Upload } from "../core/events/s3-event.ts";
import type { Asset, FailedAsset } from "../core/record/asset.ts";
import type { FailedTry } from "../core/record/failed-try.ts";
import type { Expected } from "./renditions.ts";

/** A record that stands. */
export type CurrentRecord = {
  /** Of the event that it belongs to: another one, unless the very same is done; empty when there is no record. */
  readonly bySequencer: string;
  /** Keys of the renditions that it lists. */
  readonly listedKeys: readonly string[];
};

/** The record belongs to what came of the same key later. */
export type Superseded = CurrentRecord & { readonly outcome: "superseded" };

/** All that is to be done of the upload is done, by this event or by another of the very same version. */
export type Duplicate = CurrentRecord & { readonly outcome: "duplicate" };

/**
 * Another attempt at the same event has recorded the other outcome, while this one was at work: what is made by the two
 * would be told apart by nothing, so the first outcome stands.
 */
export type Preempted = CurrentRecord & {
  readonly outcome: "preempted";
  /** The other attempt is all done. */
  readonly isNotified: boolean;
};

/** Another delivery of the same event found something else under the key; what changed it has a later event. */
export type Stale = { readonly outcome: "stale" };

/**
 * The order of the key was reset, and the event's place is one from before: events count since then by what lies under
 * the key, each with the sequencer that `sinceReset` gives it.
 */
export type BeforeReset = { readonly outcome: "reset"; readonly reset: string };

export type Receipt =
  | {
      readonly outcome: "accepted";
      /** Renditions may be there already, of an earlier upload or of an earlier attempt. */
      readonly expected: Expected;
      /** What an attempt before this one has recorded, and may not have told: nothing else is left to do. */
      readonly failure?: FailedAsset | undefined;
    }
  | Duplicate
  | Superseded
  | Stale
  | BeforeReset;

export type Recorded =
  | {
      readonly outcome: "recorded";
      /** The upload's notice was sent before. */
      readonly isNotified: boolean;
    }
  | Duplicate
  | Superseded
  | Preempted;

/**
 * One record a key; a later event's change stands, whatever the order they come in. Every method fails with
 * RECORD_FAILED (retryable).
 */
export type AssetLibrary = {
  /**
   * Begins or resumes the record of an upload, unless it is done or something later has the record.
   * @param isAgain process it although the record says that its version is done
   * @throws MALFORMED_MESSAGE (retryable) when what comes again has a place in the order that the record has not; see
   * `mayComeAgain`
   */
  readonly receive: (upload: Upload, isAgain: boolean) => Promise<Receipt>;
  /** Writes the outcome, unless something later has the record, or another attempt has recorded the other outcome. */
  readonly record: (asset: Asset) => Promise<Recorded>;
  /**
   * Remembers what a try failed on, unless there is an outcome, or something later has the record: then there is nothing
   * to tell.
   */
  readonly noteFailedTry: (
    upload: Upload,
    failedTry: FailedTry,
    at: Date,
  ) => Promise<{ readonly outcome: "noted"; readonly isGivenUp: boolean } | { readonly outcome: "nothing" }>;
  /** Remembers that people were told that every try had failed, unless something later has the record. */
  readonly markGivenUp: (upload: Upload, at: Date) => Promise<void>;
  /** Remembers that nothing is left to do, unless something later has the record. */
  readonly markNotified: (upload: Upload, at: Date) => Promise<void>;
  /**
   * Tells whether the record is of this version and done, and makes it count for the event that its upload names: an
   * event between the two is then the earlier one.
   */
  readonly confirm: (upload: Upload) => Promise<boolean>;
  /** The upload that waits for this restore: its record says SOURCE_ARCHIVED, or is not done. */
  readonly waitingFor: (
    restore: Restore,
  ) => Promise<
    | { readonly outcome: "waiting"; readonly upload: Upload }
    | ({ readonly outcome: "nothing" } & CurrentRecord)
  >;
  /**
   * Has the order of a key begin anew behind whatever its record claims; told twice, it begins once. What is told from
   * then on counts by what lies under the key, so whoever looks there after it misses nothing.
   * @param sequencer from `resetSequencer`
   */
  readonly reset: (
    key: string,
    sequencer: string,
  ) => Promise<{ readonly outcome: "begun" } | { readonly outcome: "nothing" } | Superseded>;
  /** Marks the record as that of a deleted original, unless something later has it. */
  readonly remove: (
    removal: Removal,
  ) => Promise<{ readonly outcome: "removed" } | Superseded | Stale | BeforeReset>;
};
