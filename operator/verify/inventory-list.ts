import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { z } from "zod";
import { keyFromEvent } from "../../handler/core/object-key.ts";
import { OperatorError } from "../errors.ts";
import type { Keyed } from "../library/key-order.ts";
import type { Target } from "../target.ts";
import type { StoredObject } from "./stored-objects.ts";

/** A list of a bucket's objects, as S3 Inventory has delivered it. */
export type InventoryList = {
  /** The bucket that is listed. */
  readonly bucket: string;
  /** When S3 began to look; what came or went later, or shortly before, may be missing. */
  readonly madeAt: Date;
  /** Where its manifest lies, for S3 Batch Operations to read it. */
  readonly manifest: { readonly key: string; readonly eTag: string; readonly versionId: string | undefined };
  /** Keys of its files, gzipped CSV. */
  readonly files: readonly string[];
  readonly columns: readonly string[];
};

type Places = Pick<Target, "s3" | "outputs">;

/** What the stack has for work with lists. @throws {OperatorError} when it has none, saying how to get it */
export const inventoryOf = ({ outputs }: Pick<Places, "outputs">) => {
  const { inventory = "off" } = outputs;
  if (inventory === "off") {
    throw new OperatorError(
      "This stack has no inventory: `pulumi config set inventory daily` and `pulumi up` have S3 list its buckets, for the first time within 48 hours.",
    );
  }
  return inventory;
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html */
const manifestSchema = z.object({
  sourceBucket: z.string(),
  creationTimestamp: z.coerce.number<unknown>().transform((milliseconds) => new Date(milliseconds)),
  fileFormat: z.literal("CSV"),
  fileSchema: z.string().transform((columns) => columns.split(",").map((column) => column.trim())),
  files: z.array(z.object({ key: z.string() })),
});

const LISTS = "lists";
const DELIVERY = /\/\d{4}-\d{2}-\d{2}T\d{2}-\d{2}Z\/$/;

/** Where deliveries lie, the newest first; beside them lie the lists' files. */
const deliveries = async ({ s3 }: Places, Bucket: string, bucket: string): Promise<readonly string[]> => {
  const found: string[] = [];
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket, Prefix: `${LISTS}/${bucket}/all/`, Delimiter: "/" },
  );
  for await (const { CommonPrefixes = [] } of pages) {
    found.push(...CommonPrefixes.flatMap(({ Prefix = "" }) => (DELIVERY.test(Prefix) ? [Prefix] : [])));
  }
  return found.toSorted().toReversed();
};

/** A delivery's list, or `undefined` while S3 still writes it. */
const listOf = async (
  { s3 }: Places,
  Bucket: string,
  delivery: string,
): Promise<InventoryList | undefined> => {
  const key = `${delivery}manifest.json`;
  try {
    const { Body, ETag = "", VersionId } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
    const manifest = manifestSchema.parse(JSON.parse((await Body?.transformToString()) ?? ""));
    return {
      bucket: manifest.sourceBucket,
      madeAt: manifest.creationTimestamp,
      manifest: { key, eTag: ETag.replaceAll('"', ""), versionId: VersionId },
      files: manifest.files.map((file) => file.key),
      columns: manifest.fileSchema,
    };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
};

/**
 * The newest list that S3 has of a bucket.
 *
 * @throws {OperatorError} when the stack has no inventory, or S3 has delivered none yet
 */
export const latestList = async (places: Places, bucket: string): Promise<InventoryList> => {
  const { bucket: lists } = inventoryOf(places);
  for (const delivery of await deliveries(places, lists, bucket)) {
    const list = await listOf(places, lists, delivery);
    if (list !== undefined) return list;
  }
  throw new OperatorError(
    `S3 has delivered no list of ${bucket} yet: the first comes within 48 hours after the inventory was set up.`,
  );
};

async function* linesOf(body: Readable): AsyncGenerator<string> {
  // Errors of the body come out of the iteration, too.
  const text = pipeline(body, createGunzip(), () => {}).setEncoding("utf8");
  let rest = "";
  for await (const chunk of text) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Each value stands in quotes; none holds one, since keys are URL-encoded. */
const valuesOf = (line: string): readonly string[] =>
  line.trim() === "" ? [] : line.trim().replace(/^"|"$/g, "").split('","');

/** Every object of a list that begins so, in no particular order. @throws {OperatorError} when a file is no list */
export async function* listedObjects(
  places: Places,
  list: InventoryList,
  prefix: string,
): AsyncGenerator<Keyed<StoredObject>> {
  const { bucket: Bucket } = inventoryOf(places);
  const [keyAt, sizeAt, timeAt, eTagAt] = ["Key", "Size", "LastModifiedDate", "ETag"].map((column) =>
    list.columns.indexOf(column),
  );
  for (const file of list.files) {
    const { Body } = await places.s3.send(new GetObjectCommand({ Bucket, Key: file }));
    if (!(Body instanceof Readable)) throw new TypeError("Expected an object's body as a stream.");
    for await (const line of linesOf(Body)) {
      const values = valuesOf(line);
      if (values.length === 0) continue;
      const at = (column = -1): string => values[column] ?? "";
      const modifiedAt = new Date(at(timeAt));
      if (values.length !== list.columns.length || Number.isNaN(modifiedAt.getTime())) {
        throw new OperatorError(
          `${file} in ${Bucket} is no list of ${list.columns.join(", ")}: wait for the next delivery.`,
        );
      }
      const key = keyFromEvent(at(keyAt));
      if (!key.startsWith(prefix)) continue;
      yield { key, item: { sizeBytes: Number(at(sizeAt)), eTag: at(eTagAt), modifiedAt } };
    }
  }
}
