import { problemOf } from "./problem.ts";
import { change, changes, type Sending } from "./store.ts";

/** What the server says was wrong, or that it did not answer. */
export class ServerError extends Error {}

const answered = async (request: Promise<Response>): Promise<string> => {
  const response = await request.catch(() => {
    throw new ServerError("The page's server does not answer: does the command still run?");
  });
  const text = await response.text();
  if (!response.ok) {
    throw new ServerError(problemOf(text, response.status));
  }
  return text;
};

/** @throws {ServerError} */
export const get = async <Answer>(
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Answer> => JSON.parse(await answered(fetch(`${path}?${new URLSearchParams(query)}`)));

/** @throws {ServerError} */
export const post = async <Answer>(path: string, body: unknown): Promise<Answer> =>
  JSON.parse(
    await answered(
      fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    ),
  );

export const originalUrl = (key: string, version = ""): string =>
  `files/original?${new URLSearchParams({ key, version })}`;
export const renditionUrl = (key: string, version = ""): string =>
  `files/rendition?${new URLSearchParams({ key, version })}`;

let source: EventSource | undefined;

const connect = (): void => {
  source = new EventSource("api/events");
  source.addEventListener("hello", ({ data }) => change(() => changes.hello(JSON.parse(data))));
  source.addEventListener("journey", ({ data }) => change(changes.journey(JSON.parse(data))));
  source.addEventListener("mail", ({ data }) => change(changes.mail(JSON.parse(data))));
  source.addEventListener("error", () => change(() => ({ connection: "lost" })));
};

/**
 * Hears what happens while the page is seen, and again after the connection was lost: the server begins with all that
 * has happened. Browsers open six connections to one host, so a page that nobody sees holds none.
 */
export const hear = (): void => {
  connect();
  document.addEventListener("visibilitychange", () => {
    source?.close();
    if (document.visibilityState === "visible") {
      connect();
    }
  });
};

/** Files sent at once; the browser opens no more than six connections to one host, and one hears events. */
const SENT_AT_ONCE = 4;

let numbers = 0;
const waiting: (() => Promise<void>)[] = [];
let busy = 0;

const next = async (): Promise<void> => {
  const send = busy < SENT_AT_ONCE ? waiting.shift() : undefined;
  if (send === undefined) {
    return;
  }
  busy += 1;
  await send();
  busy -= 1;
  void next();
};

// fetch tells nothing of how much has been sent.
const put = (file: Blob, key: string, onSent: (bytes: number) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `api/uploads?${new URLSearchParams({ key })}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () =>
      request.status === 201
        ? resolve()
        : reject(new ServerError(problemOf(request.responseText, request.status)));
    request.onerror = () => reject(new ServerError("The file did not reach the page's server."));
    request.send(file);
  });

/** Sends a file to the source bucket, after those that wait already. */
export const upload = (file: Blob, key: string): void => {
  numbers += 1;
  const sending: Sending = { number: numbers, key, sizeBytes: file.size, sentBytes: 0 };
  change(changes.sending(sending));
  waiting.push(async () => {
    try {
      await put(file, key, (sentBytes) => change(changes.sending({ ...sending, sentBytes })));
      change(changes.sent(sending.number));
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      change(changes.sending({ ...sending, problem }));
    }
  });
  void next();
};

export const forget = ({ number }: Sending): void => change(changes.sent(number));
