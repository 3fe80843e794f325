import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { imagingProcess } from "../adapters/imaging-process.ts";
import type {
  DigestEnvironment,
  HandlerEnvironment,
  ReprocessorEnvironment,
} from "../core/settings/environment.ts";
import type { Architecture } from "./elf.ts";
import type { BundleFile } from "./package-files.ts";

const run = promisify(execFile);

/** Values of the right form: nothing is called with them, the entry only has to load. */
export const LOADING_ENVIRONMENT = {
  SOURCE_BUCKET: "source",
  DESTINATION_BUCKET: "destination",
  ASSET_TABLE: "assets",
  NOTICE_TOPIC_ARN: "arn:aws:sns:eu-central-1:123456789012:notices",
  ENCRYPTION_KEY_ARN: "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555",
  RENDITIONS: JSON.stringify([{ name: "thumbnail", width: 200, formats: ["webp"] }]),
  MAX_IMAGE_BYTES: "1000000",
  MAX_IMAGE_PIXELS: "1000000",
  MAX_IMAGE_SECONDS: "30",
  MAX_RECEIVE_COUNT: "5",
  SVG: "refuse",
  HEIC_PREVIEW_SIDE: "1000",
  RECORD_TAGS: "",
  KEEP_POSITION: "false",
  RENDITION_LINKS: "none",
  ON_DELETE: "keep",
  NOTICES: "every",
  CODE_SHA256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  POWERTOOLS_SERVICE_NAME: "processor",
  POWERTOOLS_METRICS_NAMESPACE: "ImagePipeline",
  POWERTOOLS_LOG_LEVEL: "INFO",
  QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/123456789012/ingest",
} as const satisfies HandlerEnvironment & ReprocessorEnvironment;

/** The same for the function that sends digests. */
const DIGEST_ENVIRONMENT = {
  SOURCE_BUCKET: "source",
  DESTINATION_BUCKET: "destination",
  NOTICE_TOPIC_ARN: LOADING_ENVIRONMENT.NOTICE_TOPIC_ARN,
  RENDITION_LINKS: "none",
  DIGEST_TABLE: "digest",
  DIGEST_TIME_ZONE: "UTC",
  POWERTOOLS_SERVICE_NAME: "digest",
  POWERTOOLS_LOG_LEVEL: "INFO",
} as const satisfies DigestEnvironment;

const IMAGING_OPTIONS = { maxPixels: 1_000_000, threads: 1 };

/** One pixel, for libvips to be loaded. */
const SMALLEST_GIF = Buffer.from("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==", "base64");

/** Whether this machine can run the function's binaries. */
export const runsHere = (architecture: Architecture): boolean =>
  process.platform === "linux" && process.arch === (architecture === "arm64" ? "arm64" : "x64");

/**
 * Loads every entry from the files alone, in a folder of their own, as Lambda will.
 *
 * @throws {Error} with what Node said, when an entry does not load or exports no `handler`.
 */
export const assertLoads = async (files: readonly BundleFile[]): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "image-pipeline-bundle-"));
  try {
    for (const { path, bytes } of files) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    for (const [file, environment] of [
      ["index.mjs", LOADING_ENVIRONMENT],
      ["digest.mjs", DIGEST_ENVIRONMENT],
      ["reprocessor.mjs", LOADING_ENVIRONMENT],
    ] as const) {
      const entry = JSON.stringify(pathToFileURL(join(folder, file)).href);
      const script = `if (typeof (await import(${entry})).handler !== "function") throw new Error("${file} exports no handler");`;
      await run(process.execPath, ["--input-type=module", "--eval", script], {
        cwd: folder,
        env: { ...environment, AWS_REGION: "eu-central-1", PATH: process.env["PATH"] },
      });
    }
    const imaging = imagingProcess({
      entry: join(folder, "imaging-process.mjs"),
      options: IMAGING_OPTIONS,
      environment: { PATH: process.env["PATH"] },
      maxSeconds: 60,
    });
    await imaging.inspect(SMALLEST_GIF).finally(imaging.close);
  } catch (cause) {
    throw new Error("The function's entry does not load from its zip.", { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
