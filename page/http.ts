import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import { OperatorError } from "../operator/errors.ts";

/** A request that is refused, with a status of HTTP and a sentence for the person at the page. */
export class Refusal extends OperatorError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** Aborted when the browser has gone. */
  readonly signal: AbortSignal;
};

export type Route = (exchange: Exchange) => Promise<void> | void;

/** Most bytes of a body of JSON: a list of rendition specs has at most a few thousand. */
const MAX_JSON_BYTES = 64 * 1024;

export const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify(body));
};

const problemsOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join(".") || "the request"}: ${message}`).join("; ");

const parsed = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> => {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new Refusal(400, problemsOf(result.error));
  }
  return result.data;
};

/** The query of an address; a parameter that is empty counts as left out. @throws {Refusal} 400 */
export const queryOf = <Schema extends z.ZodType>({ url }: Exchange, schema: Schema): z.output<Schema> =>
  parsed(schema, Object.fromEntries([...url.searchParams].filter(([, value]) => value !== "")));

const bytesOf = async (request: IncomingMessage, limit: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limit) {
      throw new Refusal(413, `The request has more than ${limit} bytes.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

/** The body of a request as JSON. @throws {Refusal} 400, 413 or 415 */
export const bodyOf = async <Schema extends z.ZodType>(
  { request }: Exchange,
  schema: Schema,
): Promise<z.output<Schema>> => {
  // Forms of other sites cannot send this type without asking first, which is answered with no.
  if (request.headers["content-type"] !== "application/json") {
    throw new Refusal(415, "Expected a body of the type application/json.");
  }
  const text = (await bytesOf(request, MAX_JSON_BYTES)).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, "Expected a body of JSON.");
  }
  return parsed(schema, value);
};
