import { z } from "zod";
import { OperatorError } from "../errors.ts";
import type { Position } from "./library.ts";

const positionText = z.object({
  criteria: z.string(),
  positions: z.record(
    z.string(),
    z.object({ ImageKey: z.string(), sort: z.union([z.string(), z.number()]) }),
  ),
});

type Positions = Readonly<Record<string, Position>>;

/** Where a search goes on, as text that survives a URL. */
export const positionsText = (positions: Positions, criteria: string): string =>
  Buffer.from(JSON.stringify({ criteria, positions })).toString("base64url");

/** @throws {OperatorError} when the text is no such position, or one of a search for something else */
export const positionsOf = (text: string, criteria: string): Positions => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    parsed = undefined;
  }
  const found = positionText.safeParse(parsed).data;
  if (found?.criteria !== criteria) {
    throw new OperatorError(
      "Expected --after to be what the same search printed before: search from the start again.",
    );
  }
  return found.positions;
};
