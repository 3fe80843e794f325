import type { Settings } from "../core/settings/settings.ts";
import type { Ports } from "../ports/pipeline.ts";
import type { InTurn } from "./in-turn.ts";
import type { InRoom } from "./room.ts";
import type { TimeLeft } from "./time-left.ts";

export type Pipeline = {
  readonly ports: Ports;
  readonly settings: Pick<
    Settings,
    | "region"
    | "sourceBucket"
    | "destinationBucket"
    | "renditions"
    | "limits"
    | "maxReceiveCount"
    | "input"
    | "links"
    | "notices"
    | "onDelete"
    | "recordTags"
  >;
  /** Shared by uploads in work at once: one image is decoded at a time, since its pixels are most of the memory. */
  readonly inTurn: InTurn;
  /** Shared too, in bytes: originals that are held at once. */
  readonly inRoom: InRoom;
  readonly time: TimeLeft;
  /** What fails now is not delivered again. */
  readonly isLastTry: boolean;
};

/** One step of the story, shown in the trace, and not begun when the run is about to end. */
export const step = <Result>(
  { ports: { trace }, time }: Pipeline,
  name: string,
  run: () => Promise<Result>,
): Promise<Result> => {
  time.check();
  return trace.stage(name, run);
};
