import type { Upload } from "../core/events/s3-event.ts";
import type { ObjectTags } from "../core/record/object-tags.ts";

/** Every method that works for the pipeline fails with a `PipelineError` and nothing else. */
export type SourceReader = {
  /**
   * Reads exactly the version of the object that the upload brought.
   * @param judge is shown the first bytes, 64 KiB or all; when it throws, the rest is not read
   * @throws SOURCE_MISSING, SOURCE_REPLACED, SOURCE_ARCHIVED, EMPTY_OBJECT; TOO_MANY_BYTES before a byte of the
   * body is read; READ_FAILED (retryable)
   */
  readonly read: (upload: Upload, maxBytes: number, judge: (arrival: Arrival) => void) => Promise<Uint8Array>;
  /**
   * The object tags of the version that the upload brought, of these names.
   * @throws SOURCE_MISSING; READ_FAILED (retryable)
   */
  readonly tags: (upload: Upload, names: readonly string[]) => Promise<ObjectTags>;
  /**
   * Looks at what lies under the key now; `undefined` when nothing does.
   * @throws READ_FAILED (retryable)
   */
  readonly current: (bucket: string, key: string) => Promise<CurrentOriginal | undefined>;
};

/** What is known of an original once its first bytes are there. */
export type Arrival = {
  readonly firstBytes: Uint8Array;
  /** As the uploader declared it. */
  readonly contentType: string | undefined;
};

/** The upload that brought an object, but for its place in the order of events, which S3 tells in events alone. */
export type CurrentOriginal = Omit<Upload, "sequencer">;
