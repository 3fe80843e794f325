/** Answers every call of the function at once and with success, on this machine: what is left is the function's own time. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { marshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import type { AssetAttributes } from "../../../handler/core/record/asset.ts";

const PUBLISHED =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></PublishResponse>';

/** A part of a file, as `Range: bytes=0-65535` asks for it. */
const sendPart = (response: ServerResponse, original: Uint8Array, range: string | undefined): void => {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  const from = Number(first ?? 0);
  const part = original.subarray(from, last ? Number(last) + 1 : undefined);
  response.writeHead(first === undefined ? 200 : 206, {
    "content-length": part.length,
    etag: '"0123456789abcdef0123456789abcdef"',
    ...(first !== undefined && {
      "content-range": `bytes ${from}-${from + part.length - 1}/${original.length}`,
    }),
  });
  response.end(part);
};

const answer =
  (original: Uint8Array, item: string) => (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    request.on("end", () => {
      if (request.method === "GET") sendPart(response, original, request.headers.range);
      else if (request.method === "PUT") response.writeHead(200, { etag: '"stored"' }).end();
      else if (request.headers["x-amz-target"] !== undefined) {
        response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(item);
      } else response.writeHead(200, { "content-type": "text/xml" }).end(PUBLISHED);
    });
  };

/**
 * @param original what every read of S3 brings
 * @param record what every update of DynamoDB finds
 */
export const startAwsStandIn = async (original: Uint8Array, record: AssetAttributes) => {
  const item = JSON.stringify({ Attributes: marshall(record, { removeUndefinedValues: true }) });
  const server = createServer(answer(original, item));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example",
      AWS_REGION: "eu-central-1",
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
