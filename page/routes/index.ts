import type { Route } from "../http.ts";
import type { Imaging } from "../imaging.ts";
import type { PageTarget } from "../ports.ts";
import { assetRoutes } from "./assets.ts";
import { fileRoutes } from "./files.ts";
import { libraryRoutes } from "./library.ts";
import { looking, type PageRoute } from "./route.ts";
import { stackRoutes } from "./stack.ts";
import { trialRoutes } from "./trials.ts";
import { uploadRoutes } from "./uploads.ts";

/** Everything that the page asks for, by method and path. */
export const routesOf = (
  target: PageTarget,
  imaging: Imaging,
  listen: Route,
): ReadonlyMap<string, PageRoute> =>
  new Map(
    Object.entries({
      "GET /api/events": looking(listen),
      ...uploadRoutes(target),
      ...assetRoutes(target, imaging),
      ...libraryRoutes(target),
      ...stackRoutes(target),
      ...trialRoutes(target, imaging),
      ...fileRoutes(target),
    }),
  );
