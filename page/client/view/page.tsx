import type { JSX } from "preact";
import { VIEWS, type View } from "../place.ts";
import type { State } from "../store.ts";
import { currentTheme, turnTheme } from "../theme.ts";
import { FailuresView } from "./failures.tsx";
import { Icon } from "./icon.tsx";
import { ImageView } from "./image.tsx";
import { LibraryView } from "./library.tsx";
import { MailboxView } from "./mailbox.tsx";
import { PipelineView } from "./pipeline.tsx";
import { RenditionsView } from "./renditions.tsx";
import { StackPage } from "./stack.tsx";

const badgeOf = (view: View, { journeys, mails, mailsSeen }: State): number => {
  if (view === "mailbox") {
    return Math.max(0, mails.length - mailsSeen);
  }
  return view === "failures"
    ? [...journeys.values()].filter(({ outcome }) => outcome === "failed" || outcome === "dead").length
    : 0;
};

const Navigation = (state: State) => (
  <nav aria-label="Views">
    {VIEWS.map(({ view, title }) => {
      const badge = badgeOf(view, state);
      const isHere = state.place.view === view || (view === "library" && state.place.view === "image");
      return (
        <a key={view} href={`#/${view}`} aria-current={isHere ? "page" : undefined}>
          {title}
          {badge > 0 && <span class={`badge badge-${view}`}>{badge}</span>}
        </a>
      );
    })}
  </nav>
);

const Header = (state: State) => {
  const { target, connection } = state;
  return (
    <header class="top">
      <div class="top-line">
        <a class="brand" href="#/pipeline">
          <img src="icon.svg" alt="" width="28" height="28" />
          <span>Image pipeline</span>
        </a>
        <span class="target">
          <span class={`light light-${connection}`} aria-hidden="true" />
          {target === undefined
            ? "connecting"
            : target.kind === "local"
              ? "on this machine"
              : `stack ${target.name}, ${target.region}`}
          {connection === "lost" && ", connection lost"}
        </span>
        {target?.isReadOnly === true && (
          <span class="tag">
            <Icon name="lock" /> read-only
          </span>
        )}
        <button
          type="button"
          class="quiet"
          onClick={turnTheme}
          aria-label={`Colours: ${currentTheme()}; turn them over`}
        >
          <Icon name="theme" />
        </button>
      </div>
      <Navigation {...state} />
    </header>
  );
};

const viewOf = (state: State): JSX.Element => {
  const { place } = state;
  switch (place.view) {
    case "image":
      return <ImageView key={place.key} imageKey={place.key} state={state} />;
    case "library":
      return <LibraryView />;
    case "failures":
      return <FailuresView {...state} />;
    case "mailbox":
      return <MailboxView {...state} />;
    case "renditions":
      return <RenditionsView />;
    case "stack":
      return <StackPage {...state} />;
    case "pipeline":
      return <PipelineView {...state} />;
    default:
      return place satisfies never;
  }
};

export const Page = (state: State) => (
  <>
    <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
      To the content
    </button>
    <Header {...state} />
    <main id="content" tabIndex={-1}>
      {viewOf(state)}
    </main>
    <div class="unseen" role="status">
      {state.said}
    </div>
  </>
);
