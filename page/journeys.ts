import type { Progress } from "../operator/uploads/follow.ts";
import type { UploadedObject } from "../operator/uploads/upload-object.ts";
import { advancedJourney, begunJourney, journeyId } from "./journey.ts";
import type { Journey } from "./model.ts";

/** Journeys that a page which is opened late still sees. */
const KEPT = 200;

/** The newest journeys, and whoever wants to hear of them. */
export class Journeys {
  readonly #journeys = new Map<string, Journey>();
  readonly #listeners = new Set<(journey: Journey) => void>();

  /** The oldest first. */
  get all(): readonly Journey[] {
    return [...this.#journeys.values()];
  }

  get(id: string): Journey | undefined {
    return this.#journeys.get(id);
  }

  /** Starts the journey of an upload, unless it is known already. */
  begin(uploaded: UploadedObject): Journey {
    return this.#journeys.get(journeyId(uploaded)) ?? this.#set(begunJourney(uploaded, new Date()));
  }

  advance(uploaded: UploadedObject, progress: Progress): void {
    this.#set(advancedJourney(this.begin(uploaded), progress, new Date()));
  }

  /** Takes a journey as it is. */
  put(journey: Journey): void {
    this.#set(journey);
  }

  /** @returns how to stop listening */
  listen(listener: (journey: Journey) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(journey: Journey): Journey {
    this.#journeys.set(journey.id, journey);
    for (const id of this.#journeys.keys()) {
      if (this.#journeys.size <= KEPT) {
        break;
      }
      this.#journeys.delete(id);
    }
    for (const listener of this.#listeners) {
      listener(journey);
    }
    return journey;
  }
}
