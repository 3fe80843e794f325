import sharp from "sharp";
import { stringify } from "yaml";
import { z } from "zod";
import { sharpImaging } from "../../handler/adapters/sharp.ts";
import { planTransforms } from "../../handler/core/plan/plan.ts";
import { RENDITION_PROPERTIES, renditionSpecs } from "../../handler/core/spec/rendition-spec.ts";
import { thresholdsOf } from "../../handler/core/spec/trim.ts";
import { WATERMARK_PROPERTIES } from "../../handler/core/spec/watermark.ts";
import { seascape } from "../../page/sample-photos.ts";

const entrySchema = z.object({
  description: z.string(),
  values: z.string(),
  default: z.string().optional(),
  example: z.record(z.string(), z.unknown()).optional(),
});

/** A property of a spec as its documentation shows it; the example is a spec without name and formats. */
type Entry = z.infer<typeof entrySchema> & { readonly property: string };

const entriesOf = (properties: Readonly<Record<string, z.ZodType>>): readonly Entry[] =>
  Object.entries(properties).map(([property, schema]) => ({
    property,
    ...entrySchema.parse(schema.meta()),
  }));

/** A table of properties in Markdown, in the order in which their schema has them. */
export const propertyTable = (properties: Readonly<Record<string, z.ZodType>>): string =>
  [
    "| property | what it is | values | default |",
    "| --- | --- | --- | --- |",
    ...entriesOf(properties).map(
      (entry) =>
        `| \`${entry.property}\` | ${entry.description} | ${entry.values} | ${entry.default ?? ""} |`,
    ),
  ].join("\n");

/** Wide enough to see what an option does, small enough to be kept beside the text. */
const WIDTH = 320;

const BOX = { width: WIDTH };

const flowing = (spec: object): string =>
  stringify(spec, { collectionStyle: "flow", flowCollectionPadding: true, lineWidth: 0 }).trim();

const section = ({ property, description, values, default: otherwise, example }: Entry): string =>
  [
    `### ${property}`,
    "",
    `${description.charAt(0).toUpperCase()}${description.slice(1)}.`.replaceAll("(docs/renditions.md#", "(#"),
    "",
    `Values: ${values}.${otherwise === undefined ? "" : ` Default: ${otherwise}.`}`,
    ...(property === "watermark" ? ["", propertyTable(WATERMARK_PROPERTIES)] : []),
    ...(example === undefined
      ? []
      : [
          "",
          "```yaml",
          flowing({ ...BOX, ...example }),
          "```",
          "",
          `![${property}: ${flowing(example).replaceAll(/[[\]]/g, "")}](pictures/${property}.webp)`,
        ]),
  ].join("\n");

/** What docs/renditions.md says of each property of a rendition spec. */
export const propertyGuide = (): string => entriesOf(RENDITION_PROPERTIES).map(section).join("\n\n");

/** The original of every picture: the demo's scene without its grain, which would take most of a file. */
const original = (): Promise<Uint8Array> => sharp(seascape(1200, 800)).png().toBuffer();

/** A picture of the documentation. */
export type Picture = {
  /** Name of its file in docs/pictures. */
  readonly file: string;
  readonly bytes: Uint8Array;
};

/** Every picture of docs/renditions.md: what the pipeline itself makes of each example. */
export const propertyPictures = async (): Promise<readonly Picture[]> => {
  // Drawn before the imaging is set up, which lets no drawing be read any more.
  const scene = await original();
  const imaging = sharpImaging({ maxPixels: 10_000_000, threads: 1 });
  const pictures: Picture[] = [];
  for (const { property, example } of entriesOf(RENDITION_PROPERTIES)) {
    if (example === undefined) continue;
    const specs = renditionSpecs.parse([
      { name: "example", formats: ["webp"], quality: 75, ...BOX, ...example },
    ]);
    const image = await imaging.inspect(scene, thresholdsOf(specs));
    const plans = planTransforms(image, "scene.png", specs, { maxBytes: 10_000_000, maxPixels: 10_000_000 });
    await imaging.transform(scene, plans, async ({ bytes }) => {
      pictures.push({ file: `${property}.webp`, bytes });
    });
  }
  return [{ file: "original.webp", bytes: await sharp(scene).resize(BOX).webp().toBuffer() }, ...pictures];
};
