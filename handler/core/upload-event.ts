import * as z from "zod";
import { PipelineError } from "./errors.ts";
import { keyFromEvent } from "./object-key.ts";

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
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
   */
  readonly sequencer: string;
  /** When S3 stored the object, ISO 8601. */
  readonly uploadTime: string;
};

/** An event that needs no work, and why. */
export type IgnoredEvent = {
  readonly eventName: string;
  readonly reason: string;
  readonly key: string | undefined;
};

export type UploadEvents = {
  readonly uploads: readonly Upload[];
  readonly ignored: readonly IgnoredEvent[];
};

const SEQUENCER_DIGITS = 32;

const eventKey = z
  .string()
  .min(1)
  .transform((encoded, context) => {
    try {
      return keyFromEvent(encoded);
    } catch {
      context.addIssue({ code: "custom", message: "expected a URL-encoded key" });
      return z.NEVER;
    }
  });

const testEvent = z.object({ Service: z.literal("Amazon S3"), Event: z.literal("s3:TestEvent") });

const created = z.object({
  eventName: z.string().startsWith("ObjectCreated:"),
  eventTime: z.iso.datetime({ offset: true }),
  s3: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      key: eventKey,
      size: z.int().min(0),
      eTag: z.string().min(1).optional(),
      versionId: z.string().min(1).optional(),
      sequencer: z
        .string()
        .regex(/^[0-9A-Fa-f]{1,32}$/, "expected 1 to 32 hexadecimal digits")
        .transform((digits) => digits.toUpperCase().padEnd(SEQUENCER_DIGITS, "0")),
    }),
  }),
});

const other = z.object({
  eventName: z.string().refine((name) => !name.startsWith("ObjectCreated:")),
  s3: z.object({ object: z.object({ key: eventKey.optional() }).optional() }).optional(),
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

const upload = ({ eventTime, s3 }: z.output<typeof created>): Upload => ({
  bucket: s3.bucket.name,
  key: s3.object.key,
  sizeBytes: s3.object.size,
  eTag: s3.object.eTag,
  versionId: s3.object.versionId,
  sequencer: s3.object.sequencer,
  uploadTime: new Date(eventTime).toISOString(),
});

/** The console's "Create folder" stores an empty object whose key ends with a slash; nobody uploaded an image. */
const isFolder = ({ key, sizeBytes }: Upload): boolean => sizeBytes === 0 && key.endsWith("/");

/**
 * Reads the body of a message from the ingest queue: an S3 event notification.
 * @throws PipelineError MALFORMED_MESSAGE when it is anything else. It names no image to record, so it is
 * retryable: SQS moves it to the dead-letter queue, where a person can read it.
 */
export const parseUploadEvents = (body: string): UploadEvents => {
  const message = json(body);
  if (testEvent.safeParse(message).success) {
    return {
      uploads: [],
      ignored: [
        { eventName: "s3:TestEvent", reason: "S3 checks that it can reach the queue", key: undefined },
      ],
    };
  }
  const uploads: Upload[] = [];
  const ignored: IgnoredEvent[] = [];
  for (const record of parse(notification, message).Records) {
    if (!record.eventName.startsWith("ObjectCreated:")) {
      const { eventName, s3 } = parse(other, record);
      ignored.push({ eventName, reason: "only created objects are processed", key: s3?.object?.key });
      continue;
    }
    const arrived = upload(parse(created, record));
    if (isFolder(arrived)) {
      ignored.push({ eventName: record.eventName, reason: "the object marks a folder", key: arrived.key });
    } else {
      uploads.push(arrived);
    }
  }
  return { uploads, ignored };
};
