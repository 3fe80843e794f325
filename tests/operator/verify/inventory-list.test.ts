import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { type InventoryList, latestList, listedObjects } from "../../../operator/verify/inventory-list.ts";
import { type Answer, AwsService, s3Error } from "../../handler/adapters/aws-service.ts";
import { SOME_OUTPUTS } from "../support.ts";

const INVENTORY = { bucket: "inventory", functionArn: "arn:function", roleArn: "arn:role" };

const placesOf = (service: AwsService) => ({
  s3: new S3Client({ ...service.config, maxAttempts: 1 }),
  outputs: { ...SOME_OUTPUTS, inventory: INVENTORY },
});

const xml = (body: string): Answer => ({ headers: { "content-type": "application/xml" }, body });

/** What S3 answers to a list of folders. */
const folders = (...prefixes: readonly string[]): Answer =>
  xml(
    `<ListBucketResult><IsTruncated>false</IsTruncated>${prefixes
      .map((prefix) => `<CommonPrefixes><Prefix>${prefix}</Prefix></CommonPrefixes>`)
      .join("")}</ListBucketResult>`,
  );

/** A manifest as S3 documents it. */
const MANIFEST = {
  sourceBucket: "source",
  destinationBucket: "arn:aws:s3:::inventory",
  version: "2016-11-30",
  creationTimestamp: "1795564800000",
  fileFormat: "CSV",
  fileSchema: "Bucket, Key, Size, LastModifiedDate, ETag",
  files: [
    { key: "lists/source/all/data/one.csv.gz", size: 2, MD5checksum: "f11166069f1990abeb9c97ace9cdfabc" },
    { key: "lists/source/all/data/two.csv.gz", size: 2, MD5checksum: "f11166069f1990abeb9c97ace9cdfabc" },
  ],
};

const manifest = (overrides: object = {}): Answer => ({
  headers: { etag: '"6f3e"', "x-amz-version-id": "v7" },
  body: JSON.stringify({ ...MANIFEST, ...overrides }),
});

describe("the newest list", () => {
  test("is that of the last delivery whose manifest is there", async () => {
    const service = new AwsService(
      folders(
        "lists/source/all/2026-11-23T01-00Z/",
        "lists/source/all/2026-11-25T01-00Z/",
        "lists/source/all/2026-11-24T01-00Z/",
        "lists/source/all/data/",
        "lists/source/all/hive/",
      ),
      s3Error(404, "NoSuchKey"),
      manifest(),
    );
    expect(await latestList(placesOf(service), "source")).toEqual({
      bucket: "source",
      madeAt: new Date(1_795_564_800_000),
      manifest: {
        key: "lists/source/all/2026-11-24T01-00Z/manifest.json",
        eTag: "6f3e",
        versionId: "v7",
      },
      files: ["lists/source/all/data/one.csv.gz", "lists/source/all/data/two.csv.gz"],
      columns: ["Bucket", "Key", "Size", "LastModifiedDate", "ETag"],
    });
    expect(service.requests.map(({ path }) => path).slice(1)).toEqual([
      "/lists/source/all/2026-11-25T01-00Z/manifest.json",
      "/lists/source/all/2026-11-24T01-00Z/manifest.json",
    ]);
    expect(service.requests[0]?.query).toMatchObject({ prefix: "lists/source/all/", delimiter: "/" });
  });

  test("is waited for, in a sentence, before the first delivery", async () => {
    await expect(latestList(placesOf(new AwsService(folders())), "source")).rejects.toThrow(
      "S3 has delivered no list of source yet: the first comes within 48 hours after the inventory was set up.",
    );
  });

  test.each(["off", undefined] as const)(
    "can't be had where the inventory is %s, and how is told",
    async (inventory) => {
      const { s3, outputs } = placesOf(new AwsService());
      await expect(latestList({ s3, outputs: { ...outputs, inventory } }, "source")).rejects.toThrow(
        /^This stack has no inventory: `pulumi config set inventory daily` and `pulumi up` have S3 list its buckets/,
      );
    },
  );
});

const LIST: InventoryList = {
  bucket: "source",
  madeAt: new Date(1_795_564_800_000),
  manifest: { key: "manifest.json", eTag: "6f3e", versionId: "v7" },
  files: ["one.csv.gz", "two.csv.gz"],
  columns: ["Bucket", "Key", "Size", "LastModifiedDate", "ETag"],
};

const file = (...lines: readonly string[]): Answer => ({
  body: Readable.from(
    // In pieces, as a network delivers it.
    Array.from(gzipSync(lines.map((line) => `${line}\n`).join("")), (byte) => Buffer.from([byte])),
  ),
});

const collected = async (service: AwsService, list = LIST, prefix = "") => {
  const found = [];
  for await (const each of listedObjects(placesOf(service), list, prefix)) found.push(each);
  return found;
};

describe("the objects of a list", () => {
  test("are read from all of its files, their keys decoded", async () => {
    const service = new AwsService(
      file(
        '"source","b/%E6%97%A5%2C%22+%2B.jpg","1048576","2026-11-20T10:00:00.000Z","0123abcd"',
        '"source","a.jpg","0","2026-11-21T10:00:00.000Z","ffff-2"',
      ),
      file('"source","b/c.jpg","7","2026-11-22T10:00:00.000Z","eeee"'),
    );
    expect(await collected(service)).toEqual([
      {
        key: 'b/日," +.jpg',
        item: { sizeBytes: 1_048_576, eTag: "0123abcd", modifiedAt: new Date("2026-11-20T10:00:00.000Z") },
      },
      {
        key: "a.jpg",
        item: { sizeBytes: 0, eTag: "ffff-2", modifiedAt: new Date("2026-11-21T10:00:00.000Z") },
      },
      {
        key: "b/c.jpg",
        item: { sizeBytes: 7, eTag: "eeee", modifiedAt: new Date("2026-11-22T10:00:00.000Z") },
      },
    ]);
    expect(service.requests.map(({ path }) => path)).toEqual(["/one.csv.gz", "/two.csv.gz"]);
  });

  test("may be those of a prefix alone", async () => {
    const service = new AwsService(
      file(
        '"source","b%2Fc.jpg","7","2026-11-22T10:00:00.000Z","eeee"',
        '"source","a.jpg","7","2026-11-22T10:00:00.000Z","eeee"',
      ),
    );
    expect(
      (await collected(service, { ...LIST, files: ["one.csv.gz"] }, "b/")).map(({ key }) => key),
    ).toEqual(["b/c.jpg"]);
  });

  test("of a file that is something else are refused with its name", async () => {
    const service = new AwsService(file('"source","a.jpg","7"'));
    await expect(collected(service)).rejects.toThrow(
      "one.csv.gz in inventory is no list of Bucket, Key, Size, LastModifiedDate, ETag: wait for the next delivery.",
    );
  });

  test("of a file that was cut off are not taken for all there are", async () => {
    const whole = gzipSync('"source","a.jpg","7","2026-11-22T10:00:00.000Z","eeee"\n');
    const service = new AwsService({ body: whole.subarray(0, whole.length - 12) });
    await expect(collected(service)).rejects.toThrow(/unexpected end of file/);
  });
});
