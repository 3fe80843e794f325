import type { StoredRendition } from "../core/record/asset.ts";
import type { Sha256 } from "../ports/pipeline.ts";
import type { RenditionFile } from "../ports/renditions.ts";

/** Files that wait for S3 while others are encoded: many photos' renditions, and little of the least function's memory. */
export const MOST_UNSTORED_BYTES = 32 * 1024 * 1024;

/** Stores renditions while others are still made. */
export type RenditionStorage = {
  /**
   * Begins to store a file, and ends when there is room for another.
   * @throws what an earlier write failed with
   */
  readonly accept: (file: RenditionFile) => Promise<void>;
  /** Ends when no write goes on any more, whatever became of it. */
  readonly idle: () => Promise<void>;
  /**
   * Every file that was accepted, once all are stored.
   * @throws what the first failed write failed with, when no write goes on any more
   */
  readonly stored: () => Promise<readonly StoredRendition[]>;
};

const storedRendition = (
  { name, key, format, width, height, bytes }: RenditionFile,
  sha256Of: Sha256,
): StoredRendition => ({
  name,
  key,
  format,
  width,
  height,
  sizeBytes: bytes.length,
  sha256: sha256Of(bytes),
});

/** @param mostUnstoredBytes a file that brings what waits above it is the last one until some of it is stored */
export const renditionStorage = (
  write: (file: RenditionFile) => Promise<void>,
  sha256Of: Sha256,
  mostUnstoredBytes = MOST_UNSTORED_BYTES,
): RenditionStorage => {
  const writes = new Set<Promise<void>>();
  const stored: StoredRendition[] = [];
  let unstoredBytes = 0;
  let failure: { readonly reason: unknown } | undefined;

  const storing = async (file: RenditionFile): Promise<void> => {
    unstoredBytes += file.bytes.length;
    try {
      await write(file);
      stored.push(storedRendition(file, sha256Of));
    } catch (reason) {
      failure ??= { reason };
    }
    unstoredBytes -= file.bytes.length;
  };
  const refuseAfterFailure = (): void => {
    if (failure !== undefined) throw failure.reason;
  };
  const idle = async (): Promise<void> => {
    await Promise.all(writes);
  };

  return {
    accept: async (file) => {
      refuseAfterFailure();
      const end = storing(file).finally(() => writes.delete(end));
      writes.add(end);
      while (unstoredBytes > mostUnstoredBytes) await Promise.race(writes);
      refuseAfterFailure();
    },
    idle,
    stored: async () => {
      await idle();
      refuseAfterFailure();
      return stored;
    },
  };
};
