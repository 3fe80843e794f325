import type { MadeWith } from "../core/record/provenance.ts";
import type { Imaging } from "./imaging.ts";
import type { AssetLibrary } from "./library.ts";
import type { Ledger, Notifier } from "./notices.ts";
import type { RenditionWriter, WatermarkReader } from "./renditions.ts";
import type { SourceReader } from "./source.ts";
import type { ImageMetrics, Log, Trace } from "./telemetry.ts";

/** SHA-256 of bytes, in hexadecimal. */
export type Sha256 = (bytes: Uint8Array) => string;

export type Clock = { readonly now: () => Date };

export type Ports = {
  readonly source: SourceReader;
  readonly watermarks: WatermarkReader;
  readonly renditions: RenditionWriter;
  readonly imaging: Imaging;
  readonly library: AssetLibrary;
  readonly notifier: Notifier;
  /** There when people are told by digests. */
  readonly ledger?: Ledger | undefined;
  readonly log: Log;
  readonly metrics: ImageMetrics;
  readonly trace: Trace;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly madeWith: MadeWith;
};
