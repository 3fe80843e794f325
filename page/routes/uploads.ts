import { z } from "zod";
import type { UploadedObject } from "../../operator/uploads/upload-object.ts";
import { bodyOf, sendJson } from "../http.ts";
import type { PageTarget } from "../ports.ts";
import { uploadAgain } from "../retry.ts";
import { SAMPLES, sampleOf } from "../samples.ts";
import { receiveUpload } from "../uploads.ts";
import { changing, keyShape, type Routes } from "./route.ts";

const sampleShape = z.object({ kind: z.enum(SAMPLES) });

/** Whatever brings an original on its way. */
export const uploadRoutes = (target: PageTarget): Routes => {
  const { pipeline, journeys, onUploaded } = target;
  const begin = (uploaded: UploadedObject) => {
    const { id } = journeys.begin(uploaded);
    onUploaded(uploaded);
    return { id };
  };
  return {
    "POST /api/uploads": changing(async (exchange) => {
      sendJson(exchange.response, begin(await receiveUpload(target, exchange)), 201);
    }),
    "POST /api/samples": changing(async (exchange) => {
      const { kind } = await bodyOf(exchange, sampleShape);
      const { bytes, key } = await sampleOf(kind, new Date());
      sendJson(exchange.response, begin(await pipeline.upload(bytes, key)), 201);
    }),
    "POST /api/retry": changing(async (exchange) => {
      const { key } = await bodyOf(exchange, keyShape);
      const record = await pipeline.record(key);
      sendJson(exchange.response, begin(await uploadAgain(pipeline, key, record?.VersionId)), 201);
    }),
  };
};
