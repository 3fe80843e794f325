import { useState } from "preact/hooks";
import type { DeadLetterView, FailureLists, FailureView, UnfinishedView } from "../../model.ts";
import { imageAddress } from "../place.ts";
import { get, post } from "../server.ts";
import type { State } from "../store.ts";
import { countText, dateText } from "../text.ts";
import { Action } from "./action.tsx";
import { Icon } from "./icon.tsx";
import { Loading, useLoaded } from "./loading.tsx";

const Failure = ({
  failure: { key, reasonCode, reason, whatToDo, uploadTime },
  mayRetry,
}: {
  readonly failure: FailureView;
  readonly mayRetry: boolean;
}) => (
  <li class="journey failed plain">
    <div class="journey-text">
      <h3 class="key">
        <a href={imageAddress(key)}>{key}</a>
      </h3>
      <p class="journey-outcome problem">
        <strong>{reasonCode}</strong> {reason}
      </p>
      <p>
        {whatToDo} <span class="quiet-text">Uploaded {dateText(uploadTime)}.</span>
      </p>
      {mayRetry && (
        <Action run={() => post("api/retry", { key })} done="On its way again.">
          <Icon name="retry" /> Try again<span class="unseen"> {key}</span>
        </Action>
      )}
    </div>
  </li>
);

const Unfinished = ({
  upload: { key, uploadTime, attempts, errorCode, error, triedAt },
}: {
  readonly upload: UnfinishedView;
}) => (
  <li class="journey plain">
    <div class="journey-text">
      <h3 class="key">
        <a href={imageAddress(key)}>{key}</a>
      </h3>
      <p class="journey-outcome problem">
        <strong>{errorCode}</strong> {error}
      </p>
      <p class="quiet-text">
        {countText(attempts, "try", "tries")}, the last {dateText(triedAt)}. Uploaded {dateText(uploadTime)}.
      </p>
    </div>
  </li>
);

const DeadLetter = ({ letter: { keys, sentAt, errors } }: { readonly letter: DeadLetterView }) => (
  <li class="journey dead plain">
    <div class="journey-text">
      <h3 class="key">
        {keys.length === 0
          ? "A message that can't be read"
          : keys.map((key) => (
              <a key={key} href={imageAddress(key)}>
                {key}
              </a>
            ))}
      </h3>
      {errors.map((error) => (
        <p key={error} class="journey-outcome problem">
          {error}
        </p>
      ))}
      {sentAt !== undefined && <p class="quiet-text">Uploaded {dateText(sentAt)}.</p>}
    </div>
  </li>
);

/** What failed, why, and what can be done about it. */
export const FailuresView = ({ journeys, target }: State) => {
  const [looks, setLooks] = useState(0);
  const news = [...journeys.values()].filter(({ outcome }) => outcome !== "under way").length;
  const failures = useLoaded(() => get<FailureLists>("api/failures"), [looks, news]);
  const mayChange = target?.isReadOnly === false;
  const redrive = async (): Promise<void> => {
    await post("api/redrive", {});
    setLooks((before) => before + 1);
  };
  return (
    <>
      <h1 tabIndex={-1}>Failures</h1>
      <p class="lead">
        What no further try could help is recorded with a reason. What failed at every try though another
        might have helped, by a throttle, an outage or a missing permission, waits as a dead letter.
      </p>
      <p>
        <button type="button" onClick={() => setLooks((before) => before + 1)}>
          <Icon name="search" /> Look again
        </button>{" "}
        <span class="quiet-text">
          An upload that was given up becomes a dead letter when its message comes up in the queue once more.
        </span>
      </p>
      <Loading of={failures}>
        {({ failed, unfinished, deadLetters }) => (
          <>
            <h2>{countText(deadLetters.length, "dead letter")}</h2>
            {deadLetters.length > 0 && (
              <>
                {mayChange && (
                  <p>
                    <Action run={redrive} done="They are back in the queue." main>
                      <Icon name="retry" /> Bring them back to the queue
                    </Action>
                  </p>
                )}
                <ul class="journeys">
                  {deadLetters.map((letter) => (
                    <DeadLetter key={letter.messageId} letter={letter} />
                  ))}
                </ul>
              </>
            )}
            {unfinished.length > 0 && (
              <>
                <h2>{countText(unfinished.length, "image")} not done yet</h2>
                <p>They are tried again, or are among the dead letters.</p>
                <ul class="journeys">
                  {unfinished.map((upload) => (
                    <Unfinished key={upload.key} upload={upload} />
                  ))}
                </ul>
              </>
            )}
            <h2>{countText(failed.length, "failed image")}</h2>
            {failed.length === 0 && <p class="empty">No image has failed.</p>}
            <ul class="journeys">
              {failed.map((failure) => (
                <Failure key={failure.key} failure={failure} mayRetry={mayChange} />
              ))}
            </ul>
          </>
        )}
      </Loading>
    </>
  );
};
