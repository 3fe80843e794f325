import { readFileSync } from "node:fs";
import { serveImaging } from "../../handler/adapters/imaging-process/serving.ts";
import type { Imaging } from "../../handler/ports.ts";

/**
 * A decoder that does what a fault in libvips would do, when its file says so: `hang`, `crash`, `be killed`, or
 * `crash once`, for which a file named in the options remembers the first time; `take 2 s` takes that long.
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
  if (command === "crash" || (command === "crash once" && isFirstTime())) {
    if (markerFile !== undefined) (await import("node:fs")).writeFileSync(markerFile, "");
    process.stderr.write("munmap_chunk(): invalid pointer");
    process.kill(process.pid, "SIGSEGV");
    await new Promise(() => undefined);
  }
  if (command === "be killed") process.kill(process.pid, "SIGKILL");
};

const imaging: Imaging = {
  inspect: async (bytes) => {
    await act(bytes);
    return { format: "jpeg", width: bytes.length, height: process.pid, pages: 1, hasAlpha: false };
  },
  transform: async (bytes, _plans, deliver) => {
    const file = {
      name: "card",
      format: "webp",
      width: 1,
      height: 1,
      cacheControl: "no-store",
      bytes,
    } as const;
    await deliver({ ...file, key: "first" });
    await act(bytes);
    await deliver({ ...file, key: "second" });
    const names = Object.keys(process.env).sort().join(",");
    return { dominantColour: "#000000", placeholder: names, thumbHash: "" };
  },
};

await serveImaging(imaging, process.stdin, process.stdout);
