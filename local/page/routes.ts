import { z } from "zod";
import type { UploadedObject } from "../upload-object.ts";
import { bodyOf, queryOf, type Route, sendJson } from "./http.ts";
import { sendObject } from "./objects.ts";
import type { PageTarget } from "./ports.ts";
import { SAMPLES, sampleOf } from "./samples.ts";
import { receiveUpload } from "./uploads.ts";

/** A route; one that changes something is closed on a page that only looks. */
export interface PageRoute {
  readonly run: Route;
  readonly changes: boolean;
}

const sampleBody = z.object({ kind: z.enum(SAMPLES) });
const keyQuery = z.object({ key: z.string() });

const looking = (run: Route): PageRoute => ({ run, changes: false });
const changing = (run: Route): PageRoute => ({ run, changes: true });

/** Renditions tell their format by their ending, for the pipeline has named them. */
const FORMATS: Readonly<Record<string, string>> = {
  webp: "webp",
  jpg: "jpeg",
  png: "png",
  avif: "avif",
  gif: "gif",
  tiff: "tiff",
};

/** Everything that the page asks for, by method and path. */
export const routesOf = (target: PageTarget, listen: Route): ReadonlyMap<string, PageRoute> => {
  const { pipeline } = target;
  const { aws, outputs } = pipeline;
  const begin = (uploaded: UploadedObject) => {
    const { id } = target.journeys.begin(uploaded);
    target.onUploaded(uploaded);
    return { id };
  };
  return new Map<string, PageRoute>([
    ["GET /api/events", looking(listen)],
    [
      "POST /api/uploads",
      changing(async (exchange) => {
        sendJson(exchange.response, begin(await receiveUpload(target, exchange)), 201);
      }),
    ],
    [
      "POST /api/samples",
      changing(async (exchange) => {
        const { kind } = await bodyOf(exchange, sampleBody);
        const { bytes, key } = await sampleOf(kind, new Date());
        sendJson(exchange.response, begin(await pipeline.upload(bytes, key)), 201);
      }),
    ],
    [
      "GET /files/original",
      looking(async (exchange) => {
        const { key } = queryOf(exchange, keyQuery);
        const record = await pipeline.record(key);
        await sendObject(
          aws,
          {
            bucket: outputs.sourceBucket,
            key,
            versionId: record?.VersionId,
            // An image that failed is one that its format's decoder has refused: it is no use to a browser.
            format: record?.State === "PROCESSED" ? record.Format : undefined,
          },
          exchange,
        );
      }),
    ],
    [
      "GET /files/rendition",
      looking(async (exchange) => {
        const { key } = queryOf(exchange, keyQuery);
        const format = FORMATS[key.split(".").at(-1) ?? ""];
        await sendObject(aws, { bucket: outputs.destinationBucket, key, format }, exchange);
      }),
    ],
  ]);
};
