import type { Journey, MailView, PageEvents, TargetView } from "../model.ts";
import { type Place, placeOf } from "./place.ts";

/** A file on its way from the browser to the source bucket. */
export type Sending = {
  readonly number: number;
  readonly key: string;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  /** Why it did not arrive. */
  readonly problem?: string | undefined;
};

export type State = {
  readonly connection: "connecting" | "open" | "lost";
  readonly target?: TargetView | undefined;
  /** The newest last. */
  readonly journeys: ReadonlyMap<string, Journey>;
  readonly sendings: readonly Sending[];
  readonly mails: readonly MailView[];
  readonly mailsSeen: number;
  readonly place: Place;
  /** What a screen reader is told. */
  readonly said: string;
};

let state: State = {
  connection: "connecting",
  journeys: new Map(),
  sendings: [],
  mails: [],
  mailsSeen: 0,
  place: placeOf(location.hash),
  said: "",
};
const listeners = new Set<() => void>();
let isTelling = false;

export const currentState = (): State => state;

/** Changes the state; whoever shows it is told once for all changes of a moment. */
export const change = (changes: (state: State) => Partial<State>): void => {
  state = { ...state, ...changes(state) };
  if (!isTelling) {
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
      for (const listener of listeners) {
        listener();
      }
    });
  }
};

export const listen = (listener: () => void): void => {
  listeners.add(listener);
};

const OUTCOMES = {
  processed: "is processed",
  failed: "could not be processed",
  dead: "was given up",
  replaced: "was replaced",
} as const;

const saidOf = (before: Journey | undefined, journey: Journey): string | undefined =>
  journey.outcome === "under way" || before?.outcome === journey.outcome
    ? undefined
    : `${journey.key} ${OUTCOMES[journey.outcome]}`;

export const changes = {
  hello: ({ target, journeys, mails }: PageEvents["hello"]) => ({
    connection: "open" as const,
    target,
    mails,
    journeys: new Map(journeys.map((journey) => [journey.id, journey])),
  }),
  journey: (journey: Journey) => (before: State) => ({
    journeys: new Map(before.journeys).set(journey.id, journey),
    said: saidOf(before.journeys.get(journey.id), journey) ?? before.said,
  }),
  mail: (mail: MailView) => (before: State) => ({ mails: [...before.mails, mail] }),
  sending: (sending: Sending) => (before: State) => ({
    sendings: [...before.sendings.filter(({ number }) => number !== sending.number), sending],
  }),
  sent: (number: number) => (before: State) => ({
    sendings: before.sendings.filter((sending) => sending.number !== number),
  }),
};
