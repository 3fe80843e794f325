import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { OperatorError } from "../../operator/errors.ts";
import { sayError } from "../../operator/output.ts";
import { LocalError } from "../errors.ts";
import { Access, setSecurityHeaders } from "./access.ts";
import { buildClientFiles, type ClientFile } from "./client-files.ts";
import { EventStreams } from "./events.ts";
import { type Exchange, Refusal, type Route, sendJson } from "./http.ts";
import { Imaging } from "./imaging.ts";
import type { MailView } from "./model.ts";
import type { PageTarget } from "./ports.ts";
import { routesOf } from "./routes/index.ts";

/** A page that is served. */
export interface Page {
  /** Where, with the pass that opens it. */
  readonly address: string;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly target: PageTarget;
  /** @default a free one */
  readonly port?: number | undefined;
  /** Told of what is a fault of the page, not of its user. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** Mails that a page which is opened late still sees. */
const MAILS_KEPT = 200;

/** Errors of AWS's SDK are named and worded for people who know AWS; the user of this page has asked for the call. */
const isAwsError = (error: unknown): error is Error =>
  error instanceof Error && ("$metadata" in error || error.name === "CredentialsProviderError");

const answerError = (response: ServerResponse, error: unknown, onFault: (error: unknown) => void): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What is left of a body that is refused would be taken for the next request.
  response.setHeader("connection", "close");
  if (error instanceof Refusal) {
    sendJson(response, { error: error.message }, error.status);
  } else if (error instanceof LocalError || error instanceof OperatorError) {
    sendJson(response, { error: error.message }, 409);
  } else if (isAwsError(error)) {
    sendJson(response, { error: `AWS answers ${error.name}: ${error.message}` }, 502);
  } else {
    onFault(error);
    sendJson(response, { error: "This is a fault of the page; its window in the terminal tells more." }, 500);
  }
};

const sendClientFile = (response: ServerResponse, { type, text }: ClientFile): void => {
  response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
  response.end(text);
};

/**
 * Serves the page of a pipeline on 127.0.0.1.
 *
 * @throws {LocalError} when the port is taken
 */
export const servePage = async ({
  target,
  port = 0,
  onFault = (error) => sayError(error, false),
}: PageOptions): Promise<Page> => {
  const files = await buildClientFiles();
  const streams = new EventStreams();
  const mails: MailView[] = [];
  const closing = new AbortController();
  const imaging = new Imaging();
  const routes = routesOf(target, imaging, ({ response }) =>
    streams.connect(response, { target: target.view, journeys: target.journeys.all, mails }),
  );
  const stopListening = target.journeys.listen((journey) => streams.send("journey", journey));
  const telling = (async () => {
    for await (const mail of target.mails(closing.signal)) {
      mails.push(mail);
      mails.splice(0, mails.length - MAILS_KEPT);
      streams.send("mail", mail);
    }
  })().catch(onFault);

  const watching = target.watch?.(closing.signal, () => streams.count > 0).catch(onFault);

  const routeOf = (method: string, path: string): Route => {
    const file = method === "GET" ? files.get(path) : undefined;
    if (file !== undefined) {
      return ({ response }) => sendClientFile(response, file);
    }
    const route = routes.get(`${method} ${path}`);
    if (route === undefined) {
      throw new Refusal(404, "There is nothing here.");
    }
    if (route.changes && target.view.isReadOnly) {
      throw new Refusal(403, "This page only looks. Start it with --write to let it change the stack.");
    }
    return route.run;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url: path = "/" } = request;
    setSecurityHeaders(response);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    try {
      access.requireSameSite(method, request.headers);
      const url = new URL(path, "http://127.0.0.1");
      if (access.letIn(url, response)) {
        return;
      }
      access.requirePass(request.headers);
      const exchange: Exchange = { request, response, url, signal: gone.signal };
      await routeOf(method, url.pathname)(exchange);
    } catch (error) {
      if (!gone.signal.aborted) {
        answerError(response, error, onFault);
      }
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((error: unknown) => {
    throw new LocalError(`The page can't be served on port ${port}: ${error}`);
  });
  const bound = server.address();
  const access = new Access(typeof bound === "object" && bound !== null ? bound.port : port);

  return {
    address: access.address,
    close: async () => {
      closing.abort();
      stopListening();
      imaging.close();
      streams.close();
      server.close();
      server.closeAllConnections();
      await Promise.all([telling, watching]);
    },
  };
};
