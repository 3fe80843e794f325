import * as z from "zod";
import { PipelineError } from "../errors.ts";
import { urlEncodedKey } from "../object-key.ts";
import { OWN_SEQUENCER, S3_SEQUENCER_DIGITS, SEQUENCER_DIGITS } from "./sequencer.ts";

/** One fact: this original arrived. */
export type Upload = {
  readonly bucket: string;
  /** The object's true key, decoded. */
  readonly key: string;
  readonly sizeBytes: number;
  readonly eTag: string | undefined;
  /** Absent in a bucket without versioning. */
  readonly versionId: string | undefined;
  /**
   * S3's order of the events of one key: upper-case hexadecimal, padded with zeros on the right to 32 digits, so
   * that string order is event order
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html). Others than S3's are
   * from `sequencer.ts`.
   */
  readonly sequencer: string;
  /** When S3 stored the object, ISO 8601. */
  readonly uploadTime: string;
  /** Nobody is to be told of its outcome. @default false */
  readonly isQuiet?: true;
  /** When S3 brought it back from an archive storage class, ISO 8601; absent when it was in none. */
  readonly restoredAt?: string;
};

/** One fact: an original, or one version of it, was taken away. What is left under its key is not told. */
export type Removal = {
  readonly bucket: string;
  readonly key: string;
  /** Of the same order as an upload's. */
  readonly sequencer: string;
  /** When S3 took it away, ISO 8601. */
  readonly removedAt: string;
};

/** One fact: an original that lay in an archive storage class can be read again. S3 does not tell when in the order of events. */
export type Restore = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
  readonly eTag: string | undefined;
  /** When S3 had it ready, ISO 8601. */
  readonly restoredAt: string;
};

/** One wish: the order of events of this key begins anew, with what lies under it now. */
export type Reset = {
  readonly bucket: string;
  readonly key: string;
  /** When it was wished for, ISO 8601: all that came before comes before. */
  readonly resetAt: string;
  /** Nobody is to be told of its outcome. @default false */
  readonly isQuiet?: true;
};

/** An event that needs no work, and why. */
export type IgnoredEvent = {
  readonly eventName: string;
  readonly reason: string;
  readonly key: string | undefined;
};

export type UploadEvents = {
  readonly uploads: readonly Upload[];
  /** Uploads to process once more, whatever their record says: `REPROCESS_EVENT`. */
  readonly reprocesses: readonly Upload[];
  readonly removals: readonly Removal[];
  readonly restores: readonly Restore[];
  /** Keys whose order begins anew: `RESET_EVENT`. */
  readonly resets: readonly Reset[];
  readonly ignored: readonly IgnoredEvent[];
};

/**
 * An event of our own, in the form of S3's: what the object's arrival would say, its sequencer from
 * `reprocessSequencer`.
 */
export const REPROCESS_EVENT = "ObjectCreated:Reprocess";

/** Another: its time is its place in the order. */
export const RESET_EVENT = "ObjectCreated:Reset";

const testEvent = z.object({ Service: z.literal("Amazon S3"), Event: z.literal("s3:TestEvent") });

const bucket = z.object({ name: z.string().min(1) });

/** S3's own: one that is longer would come after all that S3 tells of the key for ever. */
const sequencer = z
  .string()
  .regex(
    new RegExp(`^[0-9A-Fa-f]{1,${S3_SEQUENCER_DIGITS}}$`),
    `expected 1 to ${S3_SEQUENCER_DIGITS} hexadecimal digits`,
  )
  .transform((digits) => digits.toUpperCase().padEnd(SEQUENCER_DIGITS, "0"));

const ownSequencer = z.string().regex(OWN_SEQUENCER, "expected the sequencer of a reprocess");

const eventTime = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());

const createdObject = {
  key: urlEncodedKey,
  size: z.int().min(0),
  eTag: z.string().min(1).optional(),
  versionId: z.string().min(1).optional(),
};

const created = z.object({
  eventTime,
  s3: z.object({ bucket, object: z.object({ ...createdObject, sequencer }) }),
});

/** Of our own events alone. */
const quiet = z.literal(true).optional();

const reprocessed = z.object({
  eventTime,
  quiet,
  s3: z.object({ bucket, object: z.object({ ...createdObject, sequencer: ownSequencer }) }),
});

const wished = z.object({
  eventTime,
  quiet,
  s3: z.object({ bucket, object: z.object({ key: urlEncodedKey }) }),
});

const removed = z.object({
  eventTime,
  s3: z.object({ bucket, object: z.object({ key: urlEncodedKey, sequencer }) }),
});

const restored = z.object({
  eventTime,
  s3: z.object({
    bucket,
    object: z.object({
      key: urlEncodedKey,
      versionId: z.string().min(1).optional(),
      eTag: z.string().min(1).optional(),
    }),
  }),
});

const other = z.object({
  eventName: z.string(),
  s3: z.object({ object: z.object({ key: urlEncodedKey.optional() }).optional() }).optional(),
});

/** S3 says to compare the major version only: a minor one adds fields (same page as above). */
const envelope = z.object({
  eventSource: z.literal("aws:s3"),
  eventVersion: z.string().regex(/^2\.\d+$/, "expected version 2.x"),
  eventName: z.string(),
});

const notification = z.object({ Records: z.array(envelope.loose()).min(1) });

const problems = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`).join("; ");

const malformed = (detail: string, cause: unknown): PipelineError =>
  new PipelineError("MALFORMED_MESSAGE", `The message is not an S3 event notification: ${detail}.`, {
    cause,
  });

const json = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw malformed("its body is not JSON", cause);
  }
};

const parse = <Output>(schema: z.ZodType<Output>, value: unknown): Output => {
  const result = schema.safeParse(value);
  if (!result.success) throw malformed(problems(result.error), result.error);
  return result.data;
};

const silence = (quiet: true | undefined): { readonly isQuiet?: true } =>
  quiet === undefined ? {} : { isQuiet: quiet };

const upload = ({ eventTime, s3 }: z.output<typeof created>): Upload => ({
  bucket: s3.bucket.name,
  key: s3.object.key,
  sizeBytes: s3.object.size,
  eTag: s3.object.eTag,
  versionId: s3.object.versionId,
  sequencer: s3.object.sequencer,
  uploadTime: eventTime,
});

const reprocess = ({ quiet, ...event }: z.output<typeof reprocessed>): Upload => ({
  ...upload(event),
  ...silence(quiet),
});

const reset = ({ eventTime, quiet, s3 }: z.output<typeof wished>): Reset => ({
  bucket: s3.bucket.name,
  key: s3.object.key,
  resetAt: eventTime,
  ...silence(quiet),
});

const removal = ({ eventTime, s3 }: z.output<typeof removed>): Removal => ({
  bucket: s3.bucket.name,
  key: s3.object.key,
  sequencer: s3.object.sequencer,
  removedAt: eventTime,
});

const restore = ({ eventTime, s3 }: z.output<typeof restored>): Restore => ({
  bucket: s3.bucket.name,
  key: s3.object.key,
  versionId: s3.object.versionId,
  eTag: s3.object.eTag,
  restoredAt: eventTime,
});

/**
 * What takes objects away: people and lifecycle rules, by a delete marker or for good
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html).
 */
const isRemoval = (eventName: string): boolean => /^(ObjectRemoved|LifecycleExpiration):/.test(eventName);

/** The console's "Create folder" stores an empty object whose key ends with a slash; nobody uploaded an image. */
export const isFolder = ({ key, sizeBytes }: Pick<Upload, "key" | "sizeBytes">): boolean =>
  sizeBytes === 0 && key.endsWith("/");

/**
 * Reads the body of a message from the ingest queue: an S3 event notification.
 * @throws PipelineError MALFORMED_MESSAGE when it is anything else. It names no image to record, so it is
 * retryable: SQS moves it to the dead-letter queue, where a person can read it.
 */
export const parseUploadEvents = (body: string): UploadEvents => {
  const message = json(body);
  const uploads: Upload[] = [];
  const reprocesses: Upload[] = [];
  const removals: Removal[] = [];
  const restores: Restore[] = [];
  const resets: Reset[] = [];
  const ignored: IgnoredEvent[] = [];
  const events = { uploads, reprocesses, removals, restores, resets, ignored };
  if (testEvent.safeParse(message).success) {
    const reason = "S3 checks that it can reach the queue";
    ignored.push({ eventName: "s3:TestEvent", reason, key: undefined });
    return events;
  }
  for (const record of parse(notification, message).Records) {
    const { eventName } = record;
    if (eventName === REPROCESS_EVENT) {
      reprocesses.push(reprocess(parse(reprocessed, record)));
    } else if (eventName === RESET_EVENT) {
      resets.push(reset(parse(wished, record)));
    } else if (eventName.startsWith("ObjectCreated:")) {
      const arrived = upload(parse(created, record));
      if (isFolder(arrived)) {
        ignored.push({ eventName, reason: "the object marks a folder", key: arrived.key });
      } else {
        uploads.push(arrived);
      }
    } else if (isRemoval(eventName)) {
      removals.push(removal(parse(removed, record)));
    } else if (eventName === "ObjectRestore:Completed") {
      restores.push(restore(parse(restored, record)));
    } else {
      const { s3 } = parse(other, record);
      const reason = "neither an object that came nor one that went";
      ignored.push({ eventName, reason, key: s3?.object?.key });
    }
  }
  return events;
};
