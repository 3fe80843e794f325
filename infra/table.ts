import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PhysicalResource } from "./naming.ts";

/** A second order of a table's items, by a partition key and a sort key. */
export type TableIndex = {
  readonly name: string;
  readonly partition: string;
  readonly sort: string;
  readonly sortType: "S" | "N";
  /** Attributes that it holds besides keys. */
  readonly also: readonly string[];
};

export type TableArgs = {
  /** A change of its name replaces the table. */
  readonly table: PhysicalResource;
  /** Attribute that is the key of an item, a string. */
  readonly hashKey: string;
  readonly indexes: readonly TableIndex[];
  readonly keyArn: pulumi.Input<string>;
  /** Refuse to delete the table. */
  readonly protectData: boolean;
  /**
   * Attribute with the time, in seconds since 1970, from which on DynamoDB deletes an item.
   * @default items stay
   */
  readonly expiry?: string;
};

/** Every key attribute once; items without one are left out of its index. */
const keyAttributes = ({ hashKey, indexes }: TableArgs) =>
  [
    ...new Map([
      [hashKey, "S"],
      ...indexes.flatMap(({ partition, sort, sortType }): [string, string][] => [
        [partition, "S"],
        [sort, sortType],
      ]),
    ]),
  ].map(([name, type]) => ({ name, type }));

/** A table that is paid for by the request, encrypted with the stack's key and recoverable to any second. */
export const createTable = (
  name: string,
  args: TableArgs,
  parent: pulumi.ComponentResource,
): aws.dynamodb.Table =>
  new aws.dynamodb.Table(
    name,
    {
      name: args.table.name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: args.hashKey,
      attributes: keyAttributes(args),
      globalSecondaryIndexes: args.indexes.map(({ name: indexName, partition, sort, also }) => ({
        name: indexName,
        keySchemas: [
          { attributeName: partition, keyType: "HASH" },
          { attributeName: sort, keyType: "RANGE" },
        ],
        ...(also.length === 0
          ? { projectionType: "KEYS_ONLY" }
          : { projectionType: "INCLUDE", nonKeyAttributes: [...also] }),
      })),
      ...(args.expiry === undefined ? {} : { ttl: { attributeName: args.expiry, enabled: true } }),
      serverSideEncryption: { enabled: true, kmsKeyArn: args.keyArn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: args.protectData,
    },
    { parent, protect: args.protectData },
  );
