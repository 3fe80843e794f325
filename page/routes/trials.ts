import { Document, parse, visit, YAMLParseError } from "yaml";
import { z } from "zod";
import { formatFacts } from "../../handler/core/spec/format.ts";
import { renditionSpecs } from "../../handler/core/spec/rendition-spec.ts";
import { readAsset, readObject } from "../asset-detail.ts";
import { readFunctionSettings } from "../function-settings.ts";
import { bodyOf, Refusal, sendJson } from "../http.ts";
import type { Imaging } from "../imaging.ts";
import type { TrialView } from "../model.ts";
import type { PageTarget } from "../ports.ts";
import { keyShape, looking, type Routes } from "./route.ts";

const trialShape = keyShape.extend({ specs: z.string() });

const CONFIG_KEY = "image-pipeline:renditions";

/** A spec a line, as README.md shows them. */
const asConfig = (specs: readonly unknown[]): string => {
  const document = new Document({ config: { [CONFIG_KEY]: specs } });
  visit(document, {
    Map: (position, spec) => {
      // Only members of a list have a number for their position.
      spec.flow = typeof position === "number";
    },
  });
  return document.toString({ lineWidth: 0 });
};

const configShape = z.object({ config: z.record(z.string(), z.unknown()) });

/** The specs in what was written: a whole `Pulumi.<stack>.yaml`, or the list alone. */
const writtenSpecs = (text: string): unknown => {
  try {
    const written: unknown = parse(text);
    const config = configShape.safeParse(written).data?.config;
    return config === undefined ? written : config[CONFIG_KEY];
  } catch (error) {
    throw new Refusal(400, error instanceof YAMLParseError ? error.message : "This is no YAML.");
  }
};

const place = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${String(part)}`),
    "renditions",
  );

/** The specs as the program itself reads them. @throws {Refusal} 400 with every problem */
const parsedSpecs = (text: string) => {
  const result = renditionSpecs.safeParse(writtenSpecs(text));
  if (!result.success) {
    throw new Refusal(
      400,
      result.error.issues.map(({ path, message }) => `${place(path)}: ${message}`).join("\n"),
    );
  }
  return result.data;
};

/** Rendition specs, tried on an image before they go to the config. */
export const trialRoutes = ({ pipeline }: PageTarget, imaging: Imaging): Routes => ({
  "GET /api/specs": looking(async ({ response }) => {
    const { renditions } = await readFunctionSettings(pipeline);
    sendJson(response, { yaml: asConfig(renditions) });
  }),
  // It writes nothing: a page that only looks may try as well.
  "POST /api/try": looking(async (exchange) => {
    const { key, specs: text } = await bodyOf(exchange, trialShape);
    const specs = parsedSpecs(text);
    const settings = await readFunctionSettings(pipeline);
    const { asset } = await readAsset(pipeline, key);
    const bytes = await readObject(pipeline, pipeline.outputs.sourceBucket, key, asset.versionId);
    const { durationMs, files } = await imaging.try(bytes, key, specs, settings);
    sendJson(exchange.response, {
      durationMs,
      originalBytes: bytes.length,
      renditions: files.map(({ name, format, width, height, bytes: made }) => ({
        name,
        format,
        width,
        height,
        sizeBytes: made.length,
        source: `data:${formatFacts(format).contentType};base64,${Buffer.from(made).toString("base64")}`,
      })),
    } satisfies TrialView);
  }),
});
