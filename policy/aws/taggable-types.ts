import { readFileSync } from "node:fs";
import { z } from "zod";

export const TAGGABLE_TYPES_FILE = new URL("taggable-types.json", import.meta.url);

/** Type tokens of the AWS provider's resources that take tags, sorted. Written by `generate-taggable-types.ts`. */
export const taggableTypes = (): readonly string[] =>
  z.array(z.string()).parse(JSON.parse(readFileSync(TAGGABLE_TYPES_FILE, "utf8")));
