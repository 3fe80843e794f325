import { describe, expect, it } from "vitest";
import { renditionStorage } from "../../../handler/app/rendition-storage.ts";
import type { RenditionFile } from "../../../handler/ports/renditions.ts";

const file = (name: string, length = 10): RenditionFile => ({
  name,
  key: `a.jpg/${name}.webp`,
  format: "webp",
  width: 4,
  height: 3,
  cacheControl: "no-cache",
  bytes: new Uint8Array(length),
});

/** A bucket whose writes end when told. */
const slowBucket = () => {
  const writes = new Map<string, PromiseWithResolvers<void>>();
  return {
    begun: writes,
    write: ({ name }: RenditionFile) => {
      const end = Promise.withResolvers<void>();
      writes.set(name, end);
      return end.promise;
    },
  };
};

const hasEnded = async (work: Promise<unknown>): Promise<boolean> => {
  let ended = false;
  const end = () => {
    ended = true;
  };
  work.then(end, end);
  await new Promise((resolve) => setImmediate(resolve));
  return ended;
};

const digest = (bytes: Uint8Array): string => `digest of ${bytes.length} bytes`;

describe("renditionStorage", () => {
  it("takes the next file while earlier ones are written, and tells what was stored when all are", async () => {
    const bucket = slowBucket();
    const storage = renditionStorage(bucket.write, digest);
    await storage.accept(file("a"));
    await storage.accept(file("b", 20));
    expect([...bucket.begun.keys()]).toEqual(["a", "b"]);
    const stored = storage.stored();
    bucket.begun.get("b")?.resolve();
    expect(await hasEnded(stored)).toBe(false);
    bucket.begun.get("a")?.resolve();
    expect((await stored).map(({ key, sizeBytes, sha256 }) => [key, sizeBytes, sha256])).toEqual([
      ["a.jpg/b.webp", 20, "digest of 20 bytes"],
      ["a.jpg/a.webp", 10, "digest of 10 bytes"],
    ]);
  });

  it("waits with the next file while too many bytes are unstored", async () => {
    const bucket = slowBucket();
    const storage = renditionStorage(bucket.write, digest, 25);
    await storage.accept(file("a"));
    await storage.accept(file("b"));
    const third = storage.accept(file("c"));
    expect(await hasEnded(third)).toBe(false);
    expect([...bucket.begun.keys()]).toEqual(["a", "b", "c"]);
    bucket.begun.get("b")?.resolve();
    expect(await hasEnded(third)).toBe(true);
  });

  it("lets a single file be larger than all that may wait", async () => {
    const bucket = slowBucket();
    const storage = renditionStorage(bucket.write, digest, 25);
    const accepted = storage.accept(file("huge", 100));
    expect(await hasEnded(accepted)).toBe(false);
    bucket.begun.get("huge")?.resolve();
    await accepted;
    expect(await storage.stored()).toHaveLength(1);
  });

  it("takes no more files once a write has failed, and throws the failure when no write goes on", async () => {
    const bucket = slowBucket();
    const storage = renditionStorage(bucket.write, digest);
    const failure = new Error("full");
    await storage.accept(file("a"));
    await storage.accept(file("b"));
    bucket.begun.get("a")?.reject(failure);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(storage.accept(file("c"))).rejects.toBe(failure);
    expect(bucket.begun.has("c")).toBe(false);
    const stored = storage.stored();
    const idle = storage.idle();
    stored.catch(() => {});
    expect([await hasEnded(stored), await hasEnded(idle)]).toEqual([false, false]);
    bucket.begun.get("b")?.resolve();
    await idle;
    await expect(stored).rejects.toBe(failure);
  });
});
