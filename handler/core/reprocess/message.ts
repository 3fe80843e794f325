import { REPROCESS_EVENT, RESET_EVENT, type Reset, type Upload } from "../events/s3-event.ts";
import { keyAsUrlComponent } from "../object-key.ts";

/** An event of our own, in the form of S3's. */
const eventBody = (
  eventName: string,
  eventTime: string,
  isQuiet: true | undefined,
  bucket: string,
  object: Readonly<Record<string, unknown>>,
): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        eventName,
        eventTime,
        quiet: isQuiet,
        s3: { bucket: { name: bucket }, object },
      },
    ],
  });

/**
 * The body of a message that has an upload processed once more, as `parseUploadEvents` reads it.
 * @param upload its sequencer from `reprocessSequencer`
 */
export const reprocessMessage = ({
  bucket,
  key,
  sizeBytes: size,
  eTag,
  versionId,
  sequencer,
  uploadTime,
  isQuiet,
}: Upload): string =>
  eventBody(REPROCESS_EVENT, uploadTime, isQuiet, bucket, {
    key: keyAsUrlComponent(key),
    size,
    eTag,
    versionId,
    sequencer,
  });

/** The body of a message that has the order of a key begin anew. */
export const resetMessage = ({ bucket, key, resetAt, isQuiet }: Reset): string =>
  eventBody(RESET_EVENT, resetAt, isQuiet, bucket, { key: keyAsUrlComponent(key) });
