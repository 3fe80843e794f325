import {
  HeadObjectCommand,
  type ListObjectsV2CommandInput,
  paginateListObjectsV2,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Keyed } from "../library/key-order.ts";
import type { Target } from "../target.ts";

/** What is known of an object without reading it. */
export type StoredObject = { readonly sizeBytes: number; readonly eTag: string; readonly modifiedAt: Date };

type Storage = Pick<Target, "s3">;

const stored = (Size = 0, ETag = "", LastModified = new Date(0)): StoredObject => ({
  sizeBytes: Size,
  eTag: ETag.replaceAll('"', ""),
  modifiedAt: LastModified,
});

/** What a bucket holds now, by key. */
export async function* objects(
  { s3 }: Storage,
  input: ListObjectsV2CommandInput,
): AsyncGenerator<Keyed<StoredObject>> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, input)) {
    for (const { Key = "", Size, ETag, LastModified } of Contents) {
      yield { key: Key, item: stored(Size, ETag, LastModified) };
    }
  }
}

/** What lies under a key now. */
export const lookAt = async (
  { s3 }: Storage,
  Bucket: string,
  Key: string,
): Promise<StoredObject | undefined> => {
  try {
    const { ContentLength, ETag, LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
    return stored(ContentLength, ETag, LastModified);
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    if (error.name === "NotFound") return undefined;
    // S3 tells nothing of an object to whoever looks without the key that it was uploaded with (SSE-C).
    if (error.$metadata.httpStatusCode !== 400) throw error;
    for await (const found of objects({ s3 }, { Bucket, Prefix: Key, MaxKeys: 1 })) {
      return found.key === Key ? found.item : undefined;
    }
    return undefined;
  }
};

/** The console's folders are no images. */
export async function* withoutFolders(
  found: AsyncIterable<Keyed<StoredObject>>,
): AsyncGenerator<Keyed<StoredObject>> {
  for await (const each of found) {
    if (!(each.item.sizeBytes === 0 && each.key.endsWith("/"))) yield each;
  }
}
