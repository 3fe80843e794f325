import type { ServerResponse } from "node:http";
import type { PageEvents } from "./model.ts";

/** Comments keep the connection from being taken for dead by anything between. Milliseconds. */
const HEARTBEAT_MS = 15_000;

/** The open pages, and what they are told as it happens (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => this.#write(": still here\n\n"), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Pages that listen. */
  get count(): number {
    return this.#open.size;
  }

  connect(response: ServerResponse, hello: PageEvents["hello"]): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    this.#open.add(response);
    response.on("close", () => this.#open.delete(response));
    response.write(`retry: 1000\n${eventText("hello", hello)}`);
  }

  send<Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]): void {
    this.#write(eventText(name, data));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#open) {
      response.end();
    }
  }

  #write(text: string): void {
    for (const response of this.#open) {
      response.write(text);
    }
  }
}

const eventText = <Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
