import { serveImaging } from "../adapters/imaging-process/serving.ts";
import { sharpImaging } from "../adapters/sharp.ts";

/** The process in which images are decoded and encoded, started by `imagingProcess` with the options of `sharpImaging`. */
const [options = "{}"] = process.argv.slice(2);
await serveImaging(sharpImaging(JSON.parse(options)));
