import { type Journey, STATIONS, type Station, type StationState } from "../../model.ts";
import { clockText, durationText } from "../text.ts";
import { Icon, type IconName } from "./icon.tsx";

/** What each station is, for people who see it for the first time. */
const ABOUT = {
  uploaded: { title: "Uploaded", where: "S3 source bucket" },
  queued: { title: "Queued", where: "SQS ingest queue" },
  processing: { title: "Processing", where: "Lambda with sharp" },
  stored: { title: "Stored", where: "S3 destination bucket" },
  recorded: { title: "Recorded", where: "DynamoDB asset library" },
  mailed: { title: "Mailed", where: "SNS e-mail" },
} as const satisfies Record<Station, { title: string; where: string }>;

const STORY = {
  uploaded: "The original lies in a private, encrypted bucket.",
  queued: "S3 tells a queue, so that nothing is lost when much comes at once.",
  processing: "A function reads it by content, checks it, and makes every rendition.",
  stored: "The renditions go to a bucket of their own, free of metadata.",
  recorded: "A record tells what became of it, or why it failed.",
  mailed: "A notice goes to the owner, by itself or in a digest.",
} as const satisfies Record<Station, string>;

const ICONS: Partial<Record<StationState["state"], IconName>> = {
  done: "done",
  failed: "failed",
  skipped: "skipped",
};

const WORDS = {
  waiting: "not yet",
  active: "now",
  done: "done",
  failed: "failed",
  skipped: "left out",
} as const satisfies Record<StationState["state"], string>;

/** The time of day of the first station, and of the others how long after it. */
const timeText = (
  station: Station,
  { at }: StationState,
  startedAt: string | undefined,
): string | undefined => {
  if (at === undefined || startedAt === undefined) {
    return undefined;
  }
  return station === "uploaded"
    ? clockText(at)
    : `+${durationText(Math.max(0, Date.parse(at) - Date.parse(startedAt)))}`;
};

/** An upload's way, station by station. */
export const JourneyTrack = ({ stations }: Journey) => (
  <ol class="track" aria-label="Stations">
    {STATIONS.map((station) => {
      const state = stations[station];
      return (
        <li key={station} class={`station ${state.state}`} data-station={station}>
          <span class="dot">
            <Icon name={ICONS[state.state] ?? station} />
          </span>
          <span class="station-name">
            {ABOUT[station].title}
            <span class="unseen">: {WORDS[state.state]}</span>
          </span>
          <span class="station-time">{timeText(station, state, stations.uploaded.at) ?? " "}</span>
        </li>
      );
    })}
  </ol>
);

/** The pipeline itself, with how many of the journeys are at each station now. */
export const PipelineMap = ({ journeys }: { readonly journeys: readonly Journey[] }) => {
  const underWay = journeys.filter(({ outcome }) => outcome === "under way");
  return (
    <ol class="map">
      {STATIONS.map((station) => {
        const here = underWay.filter(({ stations }) => stations[station].state === "active").length;
        return (
          <li key={station} class={here > 0 ? "place busy" : "place"}>
            <span class="place-head">
              <span class="dot">
                <Icon name={station} />
              </span>
              <strong>{ABOUT[station].title}</strong>
              {here > 0 && <span class="badge">{here}</span>}
            </span>
            <span class="where">{ABOUT[station].where}</span>
            <span class="story">{STORY[station]}</span>
          </li>
        );
      })}
    </ol>
  );
};
