import { z } from "zod";
import type { Route } from "../http.ts";

/** A route; one that changes something is closed on a page that only looks. */
export type PageRoute = {
  readonly run: Route;
  readonly changes: boolean;
};

/** Routes by method and path: `GET /api/asset`. */
export type Routes = Readonly<Record<string, PageRoute>>;

export const looking = (run: Route): PageRoute => ({ run, changes: false });
export const changing = (run: Route): PageRoute => ({ run, changes: true });

/** What names an original. */
export const keyShape = z.object({ key: z.string().min(1) });
