import { readFileSync, writeFileSync } from "node:fs";
import { serveImaging } from "../../handler/adapters/imaging-process/serving.ts";
import type { Imaging } from "../../handler/ports/imaging.ts";
import { gifOf } from "./gif.ts";

/**
 * A decoder that does what a fault in libvips would do, when its file says so: `hang`, `crash`, `be killed`, or
 * `crash once`, for which a file named in the options remembers the first time; `take 2 s` takes that long, and
 * `print` prints what a library might.
 */
const [options = "{}"] = process.argv.slice(2);
const { markerFile }: { readonly markerFile?: string } = JSON.parse(options);

const isFirstTime = (): boolean => {
  if (markerFile === undefined) return false;
  try {
    readFileSync(markerFile);
    return false;
  } catch {
    return true;
  }
};

const act = async (bytes: Uint8Array): Promise<void> => {
  const command = Buffer.from(bytes).toString();
  if (command === "hang") for (;;) Math.sqrt(2);
  if (command === "take 2 s") await new Promise((resolve) => setTimeout(resolve, 2000));
  if (command === "print") {
    writeFileSync(1, "libheif: a stray line\n");
    writeFileSync(2, "libheif: another one\n");
  }
  if (command === "crash" || (command === "crash once" && isFirstTime())) {
    if (markerFile !== undefined) writeFileSync(markerFile, "");
    process.stderr.write("munmap_chunk(): invalid pointer");
    process.kill(process.pid, "SIGSEGV");
    await new Promise(() => undefined);
  }
  if (command === "be killed") process.kill(process.pid, "SIGKILL");
};

const imaging: Imaging = {
  inspect: async (bytes) => {
    await act(bytes);
    return { format: "jpeg", width: bytes.length + 1, height: process.pid, pages: 1, hasAlpha: false };
  },
  transform: async (bytes, plans, deliver) => {
    for (const { name, size, renditions } of plans) {
      for (const { key, format, cacheControl } of renditions) {
        await deliver({ name, key, format, ...size, cacheControl, bytes: gifOf(size, bytes) });
        await act(bytes);
      }
    }
    return { dominantColour: "#000000", placeholder: "data:image/webp;base64,AAAA", thumbHash: "AAAA" };
  },
};

await serveImaging(imaging);
