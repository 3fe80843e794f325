import type { AssetView, Journey } from "../../model.ts";
import { imageAddress } from "../place.ts";
import { renditionUrl } from "../server.ts";
import { countText, durationText, savingText, sizeText } from "../text.ts";
import { Icon } from "./icon.tsx";
import { JourneyTrack } from "./stations.tsx";

/** The smallest picture that a list can show. */
const smallestOf = ({ renditions }: AssetView) =>
  renditions
    .filter(({ format }) => format !== "tiff")
    .toSorted((a, b) => a.width * a.height - b.width * b.height || a.sizeBytes - b.sizeBytes)[0];

/** A small picture of an asset, its placeholder until it is there, or a sign that there is none. */
export const Thumbnail = ({ asset }: { readonly asset: AssetView | undefined }) => {
  const smallest = asset?.state === "PROCESSED" ? smallestOf(asset) : undefined;
  if (asset === undefined || smallest === undefined) {
    return (
      <span class={`thumbnail ${asset?.state === "FAILED" ? "is-failed" : "is-empty"}`}>
        <Icon name={asset?.state === "FAILED" ? "failed" : "image"} />
      </span>
    );
  }
  return (
    <span class="thumbnail">
      {asset.placeholder !== undefined && <img class="behind" src={asset.placeholder} alt="" />}
      <img src={renditionUrl(smallest.key, asset.versionId)} alt="" loading="lazy" />
    </span>
  );
};

const Processed = ({ asset }: { readonly asset: AssetView }) => {
  const { renditions, sizeBytes, durationMs = 0 } = asset;
  const largest = Math.max(...renditions.map((rendition) => rendition.sizeBytes));
  return (
    <p class="journey-outcome">
      {countText(renditions.length, "rendition")} in {durationText(durationMs)}; {sizeText(sizeBytes)} became
      at most {sizeText(largest)}, {savingText(sizeBytes, largest)}.
    </p>
  );
};

export const Outcome = ({ outcome, asset, tries }: Journey) => {
  const last = tries.at(-1);
  if (outcome === "processed" && asset !== undefined) {
    return <Processed asset={asset} />;
  }
  if (outcome === "failed") {
    return (
      <p class="journey-outcome problem">
        <strong>{asset?.reasonCode}</strong> {asset?.reason}
      </p>
    );
  }
  if (outcome === "dead") {
    return (
      <p class="journey-outcome problem">
        Given up after {countText(tries.length, "try", "tries")}; its message waits in the dead-letter queue.{" "}
        {last?.reason}
      </p>
    );
  }
  if (outcome === "replaced") {
    return <p class="journey-outcome">Replaced or deleted before it was processed.</p>;
  }
  if (last === undefined && asset?.lastErrorCode !== undefined) {
    return (
      <p class="journey-outcome problem">
        The last of {countText(asset.attempts, "try", "tries")} failed: <strong>{asset.lastErrorCode}</strong>{" "}
        {asset.lastError}
      </p>
    );
  }
  return last === undefined ? null : (
    <p class="journey-outcome problem">
      Try {last.number} of {last.of} failed
      {last.againInMs === undefined ? "" : `, the next comes in ${durationText(last.againInMs)}`}.{" "}
      {last.reason}
    </p>
  );
};

/** One upload: its picture, its way, what became of it. */
export const JourneyCard = ({ journey }: { readonly journey: Journey }) => (
  <li class={`journey ${journey.outcome.replace(" ", "-")}`}>
    <Thumbnail asset={journey.asset} />
    <div class="journey-text">
      <h3 class="key">
        <a href={imageAddress(journey.key)}>{journey.key}</a>
      </h3>
      <JourneyTrack {...journey} />
      <Outcome {...journey} />
    </div>
  </li>
);
