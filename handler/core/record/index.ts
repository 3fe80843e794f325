import { fingerprint } from "../fingerprint.ts";
import { KNOWN_FORMATS, type SourceFormat } from "../source/image-format.ts";

/** What can be the state of an asset record. */
export const ASSET_STATES = ["RECEIVED", "PROCESSED", "FAILED", "DELETED"] as const;
export type AssetState = (typeof ASSET_STATES)[number];

/**
 * Parts that the records of one index value are spread over. DynamoDB takes 1,000 writes a second for one partition
 * key (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html) and an image
 * makes three in its state's part, so eight carry some 2,600 images a second; a search asks all of them.
 */
export const INDEX_SHARDS = 8;

export type AssetIndex = {
  readonly name: string;
  /** The attribute whose value, with the shard, is one part of the index. */
  readonly partition: string;
  /** The attribute that orders a part. */
  readonly sort: "ImageKey" | "UploadTime" | "SizeBytes";
  readonly sortType: "S" | "N";
  /** Attributes that the index holds besides keys. */
  readonly also: readonly string[];
};

/** The table's indexes. Each is written for every record that has its attributes, and is paid for in writes: keys, and little else. */
export const ASSET_INDEXES = {
  byKey: { name: "ByKey", partition: "KeyShard", sort: "ImageKey", sortType: "S", also: [] },
  byState: {
    name: "ByState",
    partition: "StateShard",
    sort: "UploadTime",
    sortType: "S",
    also: ["ReasonCode", "SizeBytes", "SpecsFingerprint"],
  },
  byFormat: { name: "ByFormat", partition: "FormatShard", sort: "SizeBytes", sortType: "N", also: [] },
} as const satisfies Record<string, AssetIndex>;

/** What the index by format says of an image whose format could not be told. */
export const UNKNOWN_FORMAT = "unknown";

/** Every value of the index by format. */
export const INDEXED_FORMATS = [...KNOWN_FORMATS, UNKNOWN_FORMAT] as const;

const shardOf = (imageKey: string): number =>
  Number(BigInt(`0x${fingerprint(imageKey)}`) % BigInt(INDEX_SHARDS));

const part = (value: string, shard: number): string => `${value}#${shard}`;

/** The part of an index that holds what is said of an original with a value. */
export const partOf = (value: string, imageKey: string): string => part(value, shardOf(imageKey));

/** All parts of an index that hold records with a value. */
export const partsOf = (value: string): readonly string[] =>
  Array.from({ length: INDEX_SHARDS }, (_, shard) => part(value, shard));

/** All parts of the index by key, which has no other value. */
export const KEY_PARTS: readonly string[] = partsOf("key");

/** Index attributes of a record whatever becomes of it. */
export const keyIndexAttributes = (imageKey: string) => ({ KeyShard: part("key", shardOf(imageKey)) });

/** The state of a record, with its index attribute. */
export const stateAttributes = (imageKey: string, state: AssetState) => ({
  State: state,
  StateShard: part(state, shardOf(imageKey)),
});

/** Index attributes of a record with an outcome. */
export const formatIndexAttributes = (imageKey: string, format: SourceFormat | undefined) => ({
  FormatShard: part(format ?? UNKNOWN_FORMAT, shardOf(imageKey)),
});
