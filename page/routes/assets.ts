import { compareMetadata, readAsset, readAssetDetail, readLogs } from "../asset-detail.ts";
import { readFunctionSettings } from "../function-settings.ts";
import { queryOf, sendJson } from "../http.ts";
import type { Imaging } from "../imaging.ts";
import type { PageTarget } from "../ports.ts";
import { keyShape, looking, type Routes } from "./route.ts";

/** Everything about one original. */
export const assetRoutes = ({ pipeline, journeys }: PageTarget, imaging: Imaging): Routes => ({
  "GET /api/asset": looking(async (exchange) => {
    const { key } = queryOf(exchange, keyShape);
    const settings = () => readFunctionSettings(pipeline);
    sendJson(exchange.response, await readAssetDetail(pipeline, journeys, settings, key));
  }),
  "GET /api/asset/metadata": looking(async (exchange) => {
    const { key } = queryOf(exchange, keyShape);
    const settings = await readFunctionSettings(pipeline);
    sendJson(exchange.response, await compareMetadata(pipeline, imaging, settings, key));
  }),
  "GET /api/asset/logs": looking(async (exchange) => {
    const { key } = queryOf(exchange, keyShape);
    const { asset } = await readAsset(pipeline, key);
    sendJson(exchange.response, await readLogs(pipeline, asset));
  }),
});
