import { keyAsUrlComponent } from "./object-key.ts";
import { REPROCESS_EVENT, type Upload } from "./upload-event.ts";

/**
 * The body of a message that has an upload processed once more, as `parseUploadEvents` reads it.
 * @param upload its sequencer from `reprocessSequencer`
 */
export const reprocessMessage = ({
  bucket: name,
  key,
  sizeBytes,
  eTag,
  versionId,
  sequencer,
  uploadTime,
  isQuiet,
}: Upload): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        eventName: REPROCESS_EVENT,
        eventTime: uploadTime,
        quiet: isQuiet,
        s3: {
          bucket: { name },
          object: { key: keyAsUrlComponent(key), size: sizeBytes, eTag, versionId, sequencer },
        },
      },
    ],
  });
