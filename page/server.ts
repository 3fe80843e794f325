import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import { OperatorError } from "../operator/errors.ts";
import { sayError } from "../operator/output.ts";
import { Access, setSecurityHeaders } from "./access.ts";
import { buildClientFiles, type ClientFile } from "./client-files.ts";
import { EventStreams } from "./events.ts";
import { bodyOf, type Exchange, Refusal, type Route, sendJson } from "./http.ts";
import { Imaging } from "./imaging.ts";
import type { MailView } from "./model.ts";
import type { PageTarget } from "./ports.ts";
import { requestedUrl } from "./request-target.ts";
import { routesOf } from "./routes/index.ts";

/** A page that is served. */
export type Page = {
  /** Where, with the pass that opens it once; another one after that. */
  readonly address: string;
  close(): Promise<void>;
};

export type PageOptions = {
  readonly target: PageTarget;
  /** @default a free one */
  readonly port?: number | undefined;
  /** Told when a browser was let in, with the address that opens the page in another. */
  readonly onEntry?: ((address: string) => void) | undefined;
  /** Told of what is a fault of the page, not of its user. */
  readonly onFault?: ((error: unknown) => void) | undefined;
};

/** What the command says once a browser was let in. */
export const openedText = (address: string): string =>
  `The page was opened in a browser. To open it in another:\n  ${address}`;

/** Mails that a page which is opened late still sees. */
const MAILS_KEPT = 200;

const passShape = z.object({ pass: z.string() });

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
  } else if (error instanceof OperatorError) {
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
 * @throws {OperatorError} when the port is taken
 */
export const servePage = async ({
  target,
  port = 0,
  onEntry = () => {},
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

  const enter: Route = async (exchange) => {
    const { request, response } = exchange;
    if (!access.isIn(request.headers)) {
      const { pass } = await bodyOf(exchange, passShape);
      response.setHeader("set-cookie", access.takePass(pass));
      onEntry(access.address);
    }
    response.writeHead(204, { "cache-control": "no-store" });
    response.end();
  };

  const routeOf = (method: string, path: string, isIn: boolean): Route => {
    const file =
      method === "GET" ? ((isIn ? files.page.get(path) : undefined) ?? files.entry.get(path)) : undefined;
    if (file !== undefined) {
      return ({ response }) => sendClientFile(response, file);
    }
    if (method === "POST" && path === "/enter") {
      return enter;
    }
    if (!isIn) {
      throw new Refusal(
        401,
        "This page opens with the address that the command has printed: its end lets you in.",
      );
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
    const { method = "GET", headers } = request;
    setSecurityHeaders(response);
    const url = requestedUrl(request.url ?? "");
    const path = url === undefined ? undefined : access.pathWithin(url);
    if (url === undefined || path === undefined) {
      // Whoever does not know the path learns nothing here.
      response.writeHead(url === undefined ? 400 : 404, { connection: "close", "content-length": 0 });
      response.end();
      return;
    }
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    try {
      access.requireSameSite(method, headers);
      const exchange: Exchange = { request, response, url, signal: gone.signal };
      await routeOf(method, path, access.isIn(headers))(exchange);
    } catch (error) {
      if (!gone.signal.aborted) {
        answerError(response, error, onFault);
      }
    }
  };

  const server = createServer((request, response) => void answer(request, response).catch(onFault));
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((error: unknown) => {
    throw new OperatorError(`The page can't be served on port ${port}: ${error}`);
  });
  const bound = server.address();
  const access = new Access(typeof bound === "object" && bound !== null ? bound.port : port);

  return {
    get address() {
      return access.address;
    },
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
