import { Readable } from "node:stream";
import * as streams from "node:stream/promises";
import { GetObjectCommand, type GetObjectCommandOutput } from "@aws-sdk/client-s3";
import type { Aws } from "../operator/aws.ts";
import { SANDBOX_POLICY } from "./access.ts";
import { type Exchange, Refusal } from "./http.ts";

/** The types that a browser is told; anything else is a download. By the format that the content has, not the name. */
const TYPES: Readonly<Record<string, string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
  tiff: "image/tiff",
};

export type ServedObject = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  /** What the content is, as the pipeline has told; unknown when it is no image. */
  readonly format: string | undefined;
};

const STATUS_OF_ERRORS: Readonly<Record<string, number>> = {
  NoSuchKey: 404,
  NoSuchVersion: 404,
  MethodNotAllowed: 404,
  InvalidRange: 416,
  NotModified: 304,
};

const open = async (
  { s3 }: Aws,
  object: ServedObject,
  { request, signal }: Exchange,
): Promise<GetObjectCommandOutput> => {
  try {
    return await s3.send(
      new GetObjectCommand({
        Bucket: object.bucket,
        Key: object.key,
        VersionId: object.versionId,
        Range: request.headers.range,
        IfNoneMatch: request.headers["if-none-match"],
      }),
      { abortSignal: signal },
    );
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    const metadata =
      typeof error === "object" && error !== null && "$metadata" in error ? error.$metadata : undefined;
    const isNotModified =
      typeof metadata === "object" &&
      metadata !== null &&
      "httpStatusCode" in metadata &&
      metadata.httpStatusCode === 304;
    const status = isNotModified ? 304 : STATUS_OF_ERRORS[name];
    if (status === undefined) {
      throw error;
    }
    throw new Refusal(status, `${object.key}: ${name}.`);
  }
};

const fileNameOf = (key: string): string => encodeURIComponent(key.split("/").at(-1) ?? "file");

/** Passes an object of S3 on, or the range that is asked for; never as anything that a browser would run. */
export const sendObject = async (aws: Aws, object: ServedObject, exchange: Exchange): Promise<void> => {
  const { response, signal } = exchange;
  const output = await open(aws, object, exchange);
  const type = object.format === undefined ? undefined : TYPES[object.format];
  response.writeHead(output.ContentRange === undefined ? 200 : 206, {
    "content-type": type ?? "application/octet-stream",
    "content-disposition": `${type === undefined ? "attachment" : "inline"}; filename*=UTF-8''${fileNameOf(object.key)}`,
    "content-security-policy": SANDBOX_POLICY,
    "accept-ranges": "bytes",
    // Renditions keep their keys when their original is replaced.
    "cache-control": "private, no-cache",
    ...(output.ContentLength === undefined ? {} : { "content-length": output.ContentLength }),
    ...(output.ContentRange === undefined ? {} : { "content-range": output.ContentRange }),
    ...(output.ETag === undefined ? {} : { etag: output.ETag }),
  });
  if (output.Body instanceof Readable) {
    await streams.pipeline(output.Body, response, { signal });
  } else {
    response.end();
  }
};
