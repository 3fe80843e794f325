import type * as z from "zod";

/** A spec as a user would write it; `renditionSpecs` parses it like any other. */
type WrittenSpec = Readonly<Record<string, unknown>> & { readonly name: string };

/** Lists of rendition specs for the uses that most pipelines have. */
export const RENDITION_SETS = {
  /** Round avatars for lists and comments, a square portrait for the profile, both cut where the face most likely is. */
  "profile-photos": [
    {
      name: "avatar",
      width: 64,
      height: 64,
      fit: "cover",
      position: "attention",
      cornerRadius: "circle",
      dpr: [1, 2],
      formats: ["webp", "png"],
      manifest: true,
    },
    {
      name: "portrait",
      width: 256,
      height: 256,
      fit: "cover",
      position: "attention",
      dpr: [1, 2],
      formats: ["webp", "jpeg"],
      manifest: true,
    },
  ],
  /** The whole product on white, without empty edges and all of one shape in lists; large enough to zoom into on its own page. */
  shop: [
    {
      name: "tile",
      trim: 10,
      width: 320,
      height: 320,
      fit: "contain",
      background: "#ffffff",
      sharpen: 0.5,
      dpr: [1, 2],
      formats: ["webp", "jpeg"],
      manifest: true,
    },
    {
      name: "product",
      widths: [640, 1280, 2048],
      background: "#ffffff",
      formats: ["webp", "jpeg"],
      manifest: true,
    },
  ],
  /** For a feed: a square preview, the image at a page's widths, moving if it moves, and a veiled one for what is not shown to all. */
  "user-content": [
    {
      name: "preview",
      width: 240,
      height: 240,
      fit: "cover",
      position: "attention",
      dpr: [1, 2],
      formats: ["webp", "jpeg"],
      manifest: true,
    },
    {
      name: "feed",
      widths: [480, 960, 1440],
      formats: ["webp", "jpeg"],
      animated: true,
      maxBytes: 400_000,
      manifest: true,
    },
    { name: "veiled", width: 480, height: 480, blur: 24, formats: ["jpeg"], quality: 60, manifest: true },
  ],
} as const satisfies Readonly<Record<string, readonly WrittenSpec[]>>;

export type RenditionSetName = keyof typeof RENDITION_SETS;

const SETS: ReadonlyMap<unknown, readonly WrittenSpec[]> = new Map(Object.entries(RENDITION_SETS));

const EXPECTED = `expected the name of a rendition set: ${Object.keys(RENDITION_SETS).join(", ")}`;

type Problem = (path: readonly PropertyKey[], message: string) => void;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An entry `{ set, prefix? }` as the specs that it stands for; any other entry as it is. */
const specsOfEntry = (entry: unknown, index: number, problem: Problem): readonly unknown[] => {
  if (!isRecord(entry) || !("set" in entry)) return [entry];
  const { set, prefix, ...unknown } = entry;
  for (const key of Object.keys(unknown)) {
    problem([index, key], "expected set and prefix alone: write a spec of its own to change more");
  }
  const specs = SETS.get(set);
  if (specs === undefined) problem([index, "set"], EXPECTED);
  return (specs ?? []).map((spec) => (prefix === undefined ? spec : { ...spec, prefix }));
};

/** Puts specs in the place of the names of sets: of one that is the whole configuration, or of entries in a list. */
export const withoutSets = (written: unknown, context: z.RefinementCtx): unknown => {
  const problem: Problem = (path, message) => context.addIssue({ code: "custom", path: [...path], message });
  if (typeof written === "string") {
    const specs = SETS.get(written);
    if (specs === undefined) problem([], EXPECTED);
    return specs ?? [];
  }
  return Array.isArray(written)
    ? written.flatMap((entry: unknown, index) => specsOfEntry(entry, index, problem))
    : written;
};
