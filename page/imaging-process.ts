import { serveImaging } from "../handler/adapters/imaging-process/serving.ts";
import { type ImagingOptions, sharpImaging } from "../handler/adapters/sharp.ts";
import { metadataOf } from "./metadata.ts";

/** The function's imaging process, which also describes what a file tells besides its pixels. */
const [given = "{}"] = process.argv.slice(2);
const options: ImagingOptions = JSON.parse(given);
await serveImaging(sharpImaging(options), (bytes) => metadataOf(bytes, options.input));
