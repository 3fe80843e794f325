import { PipelineError } from "../../../../handler/core/errors.ts";
import type { Removal, Reset, Restore, Upload } from "../../../../handler/core/events/s3-event.ts";
import type { CurrentOriginal } from "../../../../handler/ports/source.ts";

/** The one key of the model. */
export const KEY = "beach.jpg";

/** Pictures that have other renditions than each other, and one that has none. */
export type Picture = "opaque" | "transparent" | "broken";

/** What is archived is an opaque picture that can't be read before it is restored. */
export type Change =
  | `put ${Picture}`
  | "put archived"
  | "restore"
  | "hide"
  | "end the newest"
  | "end the oldest"
  | "reprocess"
  | Forgery
  | "reset";

/** Messages that S3 never sent, with a place in the order that it will never reach. */
export type Forgery =
  | "forge an arrival"
  | "forge an arrival of nothing"
  | "forge a removal"
  | "forge a reprocess";

export type Message = { readonly isForged?: true } & (
  | { readonly kind: "upload" | "reprocess"; readonly upload: Upload }
  | { readonly kind: "removal"; readonly removal: Removal }
  | { readonly kind: "restore"; readonly restore: Restore }
  | { readonly kind: "reset"; readonly reset: Reset }
);

type Version = {
  readonly versionId: string;
  readonly picture: Picture | "none";
  readonly size: number;
  isArchived: boolean;
};
type PictureVersion = Version & { readonly picture: Picture };

const isPicture = (version: Version): version is PictureVersion => version.picture !== "none";

const pictureOf = (change: string): Picture =>
  change === "put transparent" ? "transparent" : change === "put broken" ? "broken" : "opaque";

/** One key of a versioned bucket, as S3 keeps it and tells of it. */
export class SourceBucket {
  readonly #versions: Version[] = [];
  #made = 0;
  #told = 0;
  #restored = 0;

  /** Whether any event was sent. */
  get hasTold(): boolean {
    return this.#told > 0;
  }

  /** The newest version, unless it is a delete marker. */
  get current(): PictureVersion | undefined {
    const newest = this.#versions.at(-1);
    return newest !== undefined && isPicture(newest) ? newest : undefined;
  }

  /** The same, unless it waits to be restored. */
  get readable(): PictureVersion | undefined {
    const { current } = this;
    return current?.isArchived === true ? undefined : current;
  }

  get currentUpload(): CurrentOriginal | undefined {
    const { current } = this;
    return current === undefined
      ? undefined
      : {
          bucket: "source-bucket",
          key: KEY,
          sizeBytes: current.size,
          eTag: `etag of ${current.versionId}`,
          versionId: current.versionId,
          uploadTime: "2026-11-23T10:00:00.000Z",
        };
  }

  /** @throws PipelineError SOURCE_MISSING when the version is gone, SOURCE_ARCHIVED when it waits to be restored */
  read({ versionId }: Upload): Uint8Array {
    const version = this.#versions.find((each) => each.versionId === versionId && isPicture(each));
    if (version === undefined) throw new PipelineError("SOURCE_MISSING", "The version is gone.");
    if (version.isArchived) throw new PipelineError("SOURCE_ARCHIVED", "The version is archived.");
    return new TextEncoder().encode(`${version.picture} original ${version.versionId}`);
  }

  /** Does what somebody wants, and gives the events that S3 sends of it. */
  change(change: Exclude<Change, "reprocess" | "reset" | Forgery>): readonly Message[] {
    switch (change) {
      case "hide":
        this.#add("none");
        return [this.#removal()];
      case "end the newest":
        return this.#versions.pop() === undefined ? [] : [this.#removal()];
      case "end the oldest":
        return this.#versions.shift() === undefined ? [] : [this.#removal()];
      case "restore":
        return this.#restore();
      default: {
        this.#add(pictureOf(change), change === "put archived");
        const { currentUpload } = this;
        return currentUpload === undefined
          ? []
          : [{ kind: "upload", upload: { ...currentUpload, sequencer: this.#sequencer() } }];
      }
    }
  }

  #add(picture: Version["picture"], isArchived = false): void {
    this.#made += 1;
    this.#versions.push({ versionId: `v${this.#made}`, picture, size: 4_000, isArchived });
  }

  /** Somebody restores the newest version that is archived; S3 tells when it can be read. */
  #restore(): readonly Message[] {
    const version = this.#versions.findLast((each) => each.isArchived);
    if (version === undefined) return [];
    version.isArchived = false;
    this.#restored += 1;
    return [
      {
        kind: "restore",
        restore: {
          bucket: "source-bucket",
          key: KEY,
          versionId: version.versionId,
          eTag: `etag of ${version.versionId}`,
          restoredAt: new Date(1e12 + 1_000 * this.#restored).toISOString(),
        },
      },
    ];
  }

  #sequencer(): string {
    this.#told += 1;
    return `0055AED6DCD902${String(this.#told).padStart(4, "0")}`.padEnd(32, "0");
  }

  #removal(): Message {
    return {
      kind: "removal",
      removal: {
        bucket: "source-bucket",
        key: KEY,
        sequencer: this.#sequencer(),
        removedAt: "2026-11-24T10:00:00.000Z",
      },
    };
  }
}
