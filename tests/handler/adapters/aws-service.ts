import { Readable } from "node:stream";
import type { HttpRequest, HttpResponse } from "@smithy/types";
import { judgeRequest } from "../../support/request-judge.ts";

/** One request as it would go over the wire. */
export type SentRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
};

const bytesOf = (body: unknown): Buffer =>
  ArrayBuffer.isView(body)
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : Buffer.from(String(body ?? ""));

const streamOf = (body: Answer["body"]): Readable =>
  body instanceof Readable ? body : Readable.from(body === undefined ? [] : [Buffer.from(body)]);

/**
 * An AWS service inside this process, given to an SDK client as its `requestHandler`: the client serialises, signs,
 * retries and parses as ever. Answers come in order; the last one again and again. A request that AWS's own model of the
 * service does not allow fails its test.
 */
export class AwsService {
  readonly requests: SentRequest[] = [];
  readonly #answers: (Answer | Error)[];

  constructor(...answers: readonly (Answer | Error)[]) {
    this.#answers = [...answers];
  }

  /** What every client needs to reach this service and nothing else. */
  get config() {
    return {
      region: "eu-central-1",
      credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" },
      requestHandler: { handle: (request: HttpRequest) => this.#handle(request) },
    };
  }

  get lastRequest(): SentRequest {
    const request = this.requests.at(-1);
    if (request === undefined) throw new Error("Expected a request.");
    return request;
  }

  async #handle({
    method,
    path,
    query = {},
    headers,
    body,
  }: HttpRequest): Promise<{ response: HttpResponse }> {
    const bytes = bytesOf(body);
    this.requests.push({ method, path, query, headers, body: bytes.toString() });
    judgeRequest({ method, path, query, headers, body: bytes });
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("Expected an answer.");
    return {
      response: {
        statusCode: answer.status ?? 200,
        headers: { ...answer.headers },
        body: streamOf(answer.body),
      },
    };
  }
}

/** An error as S3 sends it. */
export const s3Error = (status: number, code: string, message = "Said by S3."): Answer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});

/** An error as services with JSON protocols send it. */
export const jsonError = (status: number, type: string, fields: object = {}): Answer => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify({ __type: type, message: "Said by the service.", ...fields }),
});

/** What a promise rejects with. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
