import { once } from "node:events";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import * as timers from "node:timers/promises";
import type { Emulator } from "../../../../local/emulator/emulator.ts";

/** What can go wrong with one call. */
export const FAULTS = [
  "error",
  "throttle",
  "latency",
  "half a response",
  "reset before",
  "reset after",
  "clock skew",
  "kill before",
  "kill after",
] as const;
export type Fault = (typeof FAULTS)[number];

/** One call of the function, in the words of the AWS API, with the key of the original that it is about. */
export type Call = { readonly operation: string; readonly key: string };

/** Longer than any call of these tests takes, shorter than the clients wait. */
const LATENCY_MS = 1_200;

type Buffered = {
  readonly status: number;
  readonly headers: http.IncomingMessage["headers"];
  readonly body: Buffer;
};

const bodyOf = async (message: http.IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

const S3_OPERATIONS: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
};

/** DynamoDB has one operation here, which the function uses for several steps. */
const updateOf = (body: string): string => {
  if (body.includes('"DELETED"') && body.includes(":DeletedAt")) return "UpdateItem (deleted)";
  if (body.includes(":NotifiedAt")) return "UpdateItem (notified)";
  if (body.includes(":LastErrorCode")) return "UpdateItem (failed try)";
  if (body.includes(":ProcessedAt")) return "UpdateItem (outcome)";
  return "UpdateItem (received)";
};

/** The original of a rendition's key is all but its last part. */
const originalOf = (key: string): string => key.slice(0, key.lastIndexOf("/"));

/** Which call a request is; `destination` is the bucket of renditions. */
const callOf = (
  { method = "", url = "", headers }: http.IncomingMessage,
  body: Buffer,
  destination: string,
): Call => {
  const text = body.toString();
  const target = headers["x-amz-target"];
  if (target !== undefined) {
    const key = /"ImageKey":\{"S":"([^"]*)"/.exec(text)?.[1] ?? "";
    return { operation: target === "DynamoDB_20120810.PutItem" ? "PutItem" : updateOf(text), key };
  }
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  if (pathname === "/") {
    const form = new URLSearchParams(text);
    const names = [...form].filter(([, value]) => value === "imageKey").map(([name]) => name);
    const key = form.get(`${names[0]?.replace(/Name$/, "")}Value.StringValue`) ?? "";
    return { operation: "Publish", key };
  }
  const [, bucket = "", ...rest] = pathname.split("/");
  const key = decodeURIComponent(rest.join("/"));
  if (key === "") {
    return { operation: "ListObjectsV2", key: (searchParams.get("prefix") ?? "").replace(/\/$/, "") };
  }
  if (searchParams.has("tagging")) return { operation: "GetObjectTagging", key };
  const operation = S3_OPERATIONS[method] ?? method;
  if (bucket !== destination)
    return { operation: operation === "HeadObject" ? "HeadObject (original)" : operation, key };
  return { operation, key: originalOf(key) };
};

const isOfDynamoDB = ({ operation }: Call): boolean => /^(Update|Put)Item/.test(operation);

const errorBody = (call: Call, code: string): { readonly type: string; readonly body: string } => {
  if (isOfDynamoDB(call)) {
    return {
      type: "application/x-amz-json-1.0",
      body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: "Injected." }),
    };
  }
  return {
    type: "application/xml",
    body:
      call.operation === "Publish"
        ? `<ErrorResponse><Error><Code>${code}</Code><Message>Injected.</Message></Error></ErrorResponse>`
        : `<Error><Code>${code}</Code><Message>Injected.</Message></Error>`,
  };
};

const answerError = (response: http.ServerResponse, call: Call, status: number, code: string): void => {
  const { type, body } = errorBody(call, code);
  response.writeHead(status, { "content-type": type, date: new Date().toUTCString() });
  response.end(call.operation.startsWith("HeadObject") ? undefined : body);
};

/** By how much the clock of a request may be off, in milliseconds; S3 allows 15 minutes, others less (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html). */
const MOST_SKEW_MS = 5 * 60_000;

/** Whether a request was signed at another time than now; it is counted here, before the emulator would refuse it. */
const isSkewed = ({ headers }: http.IncomingMessage): boolean => {
  const text = String(headers["x-amz-date"] ?? "");
  const [, date = "", time = ""] = /^(\d{8})T(\d{6})Z$/.exec(text) ?? [];
  const iso = `${date.replace(/(....)(..)(..)/, "$1-$2-$3")}T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}Z`;
  return Math.abs(Date.parse(iso) - Date.now()) > MOST_SKEW_MS;
};

/** What each service says then. */
const answerSkew = (response: http.ServerResponse, call: Call): void => {
  if (isOfDynamoDB(call)) {
    answerError(response, call, 400, "InvalidSignatureException");
  } else if (call.operation === "Publish") {
    answerError(response, call, 403, "SignatureDoesNotMatch");
  } else {
    answerError(response, call, 403, "RequestTimeTooSkewed");
  }
};

/** Stands between the function and the emulator's services and does harm to the calls that it is told to. */
export class FaultProxy {
  /** Calls that AWS carried out, in order. */
  readonly carriedOut: Call[] = [];
  /** Faults that were done. */
  readonly done: (Call & { readonly fault: Fault })[] = [];
  /** Calls that were refused because they were signed at a wrong time. */
  skewed = 0;
  /** Which harm is done to a call; none when undefined. */
  harm: (call: Call) => Fault | undefined = () => undefined;
  /** Whether a call must wait, and until when; it does not when undefined. */
  hold: (call: Call) => Promise<void> | undefined = () => undefined;
  readonly #servers: http.Server[] = [];
  readonly #emulator: URL;
  readonly #ca: string | undefined;
  readonly #destination: string;

  constructor({ endpoint, authorityFile }: Emulator, destinationBucket: string) {
    this.#emulator = new URL(endpoint);
    this.#ca = authorityFile === undefined ? undefined : readFileSync(authorityFile, "utf8");
    this.#destination = destinationBucket;
  }

  /**
   * Begins to listen on a free port of this machine, for one process of the function, and gives the endpoint.
   * @param kill ends that process
   */
  async open(kill: () => void): Promise<string> {
    const server = http.createServer((request, response) => {
      void this.#serve(request, response, kill).catch(() => response.destroy());
    });
    this.#servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new TypeError("Expected a port.");
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
  }

  async #serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    kill: () => void,
  ): Promise<void> {
    const body = await bodyOf(request);
    const call = callOf(request, body, this.#destination);
    if (isSkewed(request)) {
      this.skewed += 1;
      return answerSkew(response, call);
    }
    await this.hold(call);
    const fault = this.harm(call);
    if (fault !== undefined) this.done.push({ ...call, fault });
    switch (fault) {
      case "error":
        return answerError(response, call, 500, "InternalError");
      case "throttle":
        return isOfDynamoDB(call)
          ? answerError(response, call, 400, "ProvisionedThroughputExceededException")
          : answerError(response, call, 503, call.operation === "Publish" ? "Throttled" : "SlowDown");
      case "clock skew":
        return answerError(response, call, 403, "RequestTimeTooSkewed");
      case "reset before":
        request.socket.destroy();
        return;
      case "kill before":
        kill();
        request.socket.destroy();
        return;
      case "latency":
        await timers.setTimeout(LATENCY_MS);
        break;
      default:
        break;
    }
    const answer = await this.#forward(request, body);
    if (answer.status < 300) this.carriedOut.push(call);
    if (fault === "kill after") kill();
    if (fault === "reset after" || fault === "kill after") {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    if (fault === "half a response") {
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)));
      // What is written must leave before the connection goes.
      await timers.setTimeout(20);
      request.socket.destroy();
      return;
    }
    response.end(answer.body);
  }

  async #forward({ method, url, headers }: http.IncomingMessage, body: Buffer): Promise<Buffered> {
    const send = this.#emulator.protocol === "https:" ? https.request : http.request;
    const { hostname, port } = this.#emulator;
    const forwarded = send({ hostname, port, method, path: url, headers, ca: this.#ca, agent: false });
    forwarded.end(body);
    const [answer] = await once(forwarded, "response");
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await bodyOf(answer) };
  }
}
