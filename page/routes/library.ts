import { z } from "zod";
import { ASSET_STATES, INDEXED_FORMATS } from "../../handler/core/record/index.ts";
import { defined } from "../../operator/cli/options.ts";
import { readFailures } from "../../operator/health/failures.ts";
import { search } from "../../operator/library/search.ts";
import { redrive } from "../../operator/queue/redrive.ts";
import { assetView } from "../asset-view.ts";
import { queryOf, sendJson } from "../http.ts";
import type { AssetPage, FailureLists } from "../model.ts";
import type { PageTarget } from "../ports.ts";
import { changing, looking, type Routes } from "./route.ts";

/** Assets of one page. */
const PAGE_SIZE = 48;

const criteria = z.object({
  prefix: z.string().optional(),
  state: z.enum(ASSET_STATES).optional(),
  format: z.enum(INDEXED_FORMATS).optional(),
  tag: z.string().optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  minBytes: z.coerce.number<unknown>().int().min(0).optional(),
  maxBytes: z.coerce.number<unknown>().int().min(0).optional(),
});
const query = criteria.extend({ after: z.string().optional() });

/** Failures of each kind that are shown at most. */
const FAILURES_SHOWN = 100;

/** The library by its indexes, what failed, and how that is put right. */
export const libraryRoutes = ({ operated }: PageTarget): Routes => ({
  "GET /api/assets": looking(async (exchange) => {
    const { after, ...wanted } = queryOf(exchange, query);
    const { records, next } = await search(operated, defined(wanted), { limit: PAGE_SIZE, after });
    sendJson(exchange.response, { assets: records.map(assetView), next } satisfies AssetPage);
  }),
  "GET /api/failures": looking(async ({ response }) => {
    sendJson(response, (await readFailures(operated, { limit: FAILURES_SHOWN })) satisfies FailureLists);
  }),
  "POST /api/redrive": changing(async ({ response }) => {
    sendJson(response, await redrive(operated, { pollMs: 200 }));
  }),
});
