import type { State } from "../store.ts";
import { DropZone, Sendings } from "./drop.tsx";
import { JourneyCard } from "./journey.tsx";
import { PipelineMap } from "./stations.tsx";

/** Journeys that are shown at once. */
const SHOWN = 50;

export const PipelineView = ({ journeys, sendings, target }: State) => {
  const all = [...journeys.values()];
  return (
    <>
      <h1 tabIndex={-1}>Drop an image, see it through</h1>
      <p class="lead">
        Every image takes the same six stations, from upload to e-mail. Whatever can't be processed is
        recorded with a reason; nothing is lost.
      </p>
      {target?.isReadOnly === false && <DropZone />}
      <PipelineMap journeys={all} />
      <h2>Uploads</h2>
      <Sendings sendings={sendings} />
      {all.length === 0 ? (
        <p class="empty">Nothing has come yet.</p>
      ) : (
        <ol class="journeys">
          {all
            .slice(-SHOWN)
            .reverse()
            .map((journey) => (
              <JourneyCard key={journey.id} journey={journey} />
            ))}
        </ol>
      )}
    </>
  );
};
