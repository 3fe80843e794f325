import { PutObjectCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { UploadedObject } from "../operator/uploads/upload-object.ts";
import { type Exchange, queryOf, Refusal } from "./http.ts";
import type { PageTarget } from "./ports.ts";

/** Above what the pipeline takes by default, so that its own limit can be seen at work. */
const MAX_UPLOAD_BYTES = 256 * 1024 * 1024;
/** S3's limit on a key, in bytes of UTF-8 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html). */
const MAX_KEY_BYTES = 1024;

const query = z.object({
  key: z
    .string()
    .refine((key) => Buffer.byteLength(key) <= MAX_KEY_BYTES, `expected at most ${MAX_KEY_BYTES} bytes`)
    .refine((key) => !key.endsWith("/"), "expected a file, not a folder"),
});

/** Passes the body of a request on to the source bucket, without holding it. */
export const receiveUpload = async (
  { pipeline }: PageTarget,
  exchange: Exchange,
): Promise<UploadedObject> => {
  const { request, signal } = exchange;
  const { key } = queryOf(exchange, query);
  const size = Number(request.headers["content-length"]);
  if (!Number.isSafeInteger(size)) {
    throw new Refusal(411, "Expected the length of the file.");
  }
  if (size > MAX_UPLOAD_BYTES) {
    throw new Refusal(
      413,
      `${key} has ${size} bytes; from the page, at most ${MAX_UPLOAD_BYTES} are uploaded.`,
    );
  }
  const { VersionId } = await pipeline.aws.s3.send(
    new PutObjectCommand({
      Bucket: pipeline.outputs.sourceBucket,
      Key: key,
      ContentLength: size,
      Body: size === 0 ? new Uint8Array() : request,
    }),
    { abortSignal: signal },
  );
  return { key, versionId: VersionId };
};
