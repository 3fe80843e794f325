import { queryOf } from "../http.ts";
import { sendObject } from "../objects.ts";
import type { PageTarget } from "../ports.ts";
import { keyShape, looking, type Routes } from "./route.ts";

/** Renditions tell their format by their ending, for the pipeline has named them. */
const FORMATS: Readonly<Record<string, string>> = {
  webp: "webp",
  jpg: "jpeg",
  png: "png",
  avif: "avif",
  gif: "gif",
  tiff: "tiff",
};

/** Originals and renditions as files. */
export const fileRoutes = ({ pipeline }: PageTarget): Routes => {
  const { aws, outputs } = pipeline;
  return {
    "GET /files/original": looking(async (exchange) => {
      const { key } = queryOf(exchange, keyShape);
      const record = await pipeline.record(key);
      const original = {
        bucket: outputs.sourceBucket,
        key,
        versionId: record?.VersionId,
        // An image that failed is one that its format's decoder has refused: it is no use to a browser.
        format: record?.State === "PROCESSED" ? record.Format : undefined,
      };
      await sendObject(aws, original, exchange);
    }),
    "GET /files/rendition": looking(async (exchange) => {
      const { key } = queryOf(exchange, keyShape);
      const format = FORMATS[key.split(".").at(-1) ?? ""];
      await sendObject(aws, { bucket: outputs.destinationBucket, key, format }, exchange);
    }),
  };
};
