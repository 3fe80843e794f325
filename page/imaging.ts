import { availableParallelism } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Decoder, decoder } from "../handler/adapters/imaging-process/decoder.ts";
import { imagingBy } from "../handler/adapters/imaging-process.ts";
import type { ImagingOptions } from "../handler/adapters/sharp.ts";
import { PipelineError } from "../handler/core/errors.ts";
import { planTransforms } from "../handler/core/plan/plan.ts";
import { nameOfFile, plannedFiles } from "../handler/core/plan/planned-file.ts";
import type { Settings } from "../handler/core/settings/settings.ts";
import { type RenditionSpec, specsFor } from "../handler/core/spec/rendition-spec.ts";
import { thresholdsOf } from "../handler/core/spec/trim.ts";
import type { RenditionFile } from "../handler/ports/renditions.ts";
import { OperatorError } from "../operator/errors.ts";
import type { MetadataView } from "./model.ts";

const metadataEntries = z
  .array(
    z.object({
      group: z.enum(["camera", "place", "time", "person", "colour", "other"]),
      name: z.string().max(200),
      value: z.string().max(500),
    }),
  )
  .max(200) satisfies z.ZodType<MetadataView[]>;

/** What the function accepts, and up to what size. */
export type ImagingSettings = Pick<Settings, "limits" | "input">;

export type Trial = {
  readonly durationMs: number;
  /** In the order of the specs. */
  readonly files: readonly RenditionFile[];
};

/** A decoder that hangs, or an encoder with too much to do, is ended. */
const MAX_SECONDS = 60;

/** @throws {OperatorError} with the reason for which the function would refuse the file */
const refusing = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PipelineError ? new OperatorError(`${error.code}: ${error.message}`) : error;
  }
};

/**
 * Images decoded as the function does it, in a process like its own: without this process's environment, with the
 * loaders of the formats that are processed and no others. It is started when it is first needed.
 */
export class Imaging {
  #decoder: { readonly options: string; readonly running: Decoder } | undefined;

  /** @throws {OperatorError} when the file can't be read */
  metadata(bytes: Uint8Array, settings: ImagingSettings): Promise<readonly MetadataView[]> {
    return refusing(() =>
      this.#decoderFor(settings).request({ kind: "describe" }, [bytes], async ({ answer }) => {
        const { message } = await answer();
        const entries = metadataEntries.safeParse(
          message.kind === "described" ? message.description : undefined,
        );
        if (!entries.success) {
          throw new PipelineError("TRANSFORM_FAILED", "The decoder's process gave no description.");
        }
        return entries.data;
      }),
    );
  }

  /** Makes the renditions as the function would. @throws {OperatorError} with the reason for which it would refuse the file */
  try(
    bytes: Uint8Array,
    key: string,
    specs: readonly RenditionSpec[],
    settings: ImagingSettings,
  ): Promise<Trial> {
    return refusing(async () => {
      const imaging = imagingBy(this.#decoderFor(settings));
      const own = specsFor(specs, key);
      const image = await imaging.inspect(bytes, thresholdsOf(own));
      const { maxBytes, maxPixels } = settings.limits;
      const plans = planTransforms(image, key, own, { maxBytes, maxPixels });
      const files: RenditionFile[] = [];
      const start = performance.now();
      await imaging.transform(bytes, plans, async (file) => {
        files.push(file);
      });
      const durationMs = performance.now() - start;
      const order = [...plannedFiles(plans).keys()];
      const placeOf = (file: RenditionFile): number => order.indexOf(nameOfFile(file));
      return { durationMs, files: files.toSorted((a, b) => placeOf(a) - placeOf(b)) };
    });
  }

  close(): void {
    this.#decoder?.running.close();
  }

  /** The stack may have been given other settings since. */
  #decoderFor({ limits, input }: ImagingSettings): Decoder {
    const options: ImagingOptions = {
      maxPixels: limits.maxPixels,
      threads: availableParallelism(),
      input,
    };
    const text = JSON.stringify(options);
    if (this.#decoder?.options !== text) {
      this.close();
      const running = decoder({
        entry: join(import.meta.dirname, "imaging-process.ts"),
        options,
        environment: process.env,
        maxSeconds: MAX_SECONDS,
      });
      this.#decoder = { options: text, running };
    }
    return this.#decoder.running;
  }
}
