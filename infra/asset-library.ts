import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PhysicalResource } from "./naming.ts";
import type { Statement } from "./permissions.ts";

/** A second order of the records, by a partition key and a sort key. */
export interface TableIndex {
  readonly name: string;
  readonly partition: string;
  readonly sort: string;
  readonly sortType: "S" | "N";
  /** Attributes that it holds besides keys. */
  readonly also: readonly string[];
}

export interface AssetLibraryArgs {
  /** A change of its name replaces the table. */
  readonly table: PhysicalResource;
  /** What the records are found by, besides their key. */
  readonly indexes: readonly TableIndex[];
  readonly keyArn: pulumi.Input<string>;
  /** Refuse to delete the table. */
  readonly protectData: boolean;
}

/** Every key attribute once; records without one are left out of its index. */
const keyAttributes = (indexes: readonly TableIndex[]) =>
  [
    ...new Map([
      ["ImageKey", "S"],
      ...indexes.flatMap(({ partition, sort, sortType }): [string, string][] => [
        [partition, "S"],
        [sort, sortType],
      ]),
    ]),
  ].map(([name, type]) => ({ name, type }));

/** The table of asset records: one for each original, by its key in the source bucket. */
export class AssetLibrary extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly #arn: string;

  constructor(name: string, args: AssetLibraryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:AssetLibrary", name, {}, opts);
    this.#arn = args.table.arn;

    const table = new aws.dynamodb.Table(
      `${name}-table`,
      {
        name: args.table.name,
        billingMode: "PAY_PER_REQUEST",
        hashKey: "ImageKey",
        attributes: keyAttributes(args.indexes),
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
        serverSideEncryption: { enabled: true, kmsKeyArn: args.keyArn },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: args.protectData,
      },
      { parent: this, protect: args.protectData },
    );

    this.tableName = table.name;
    this.registerOutputs({ tableName: this.tableName });
  }

  /** Reading records one by one. */
  readRecords(): Statement {
    return { sid: "ReadRecords", actions: ["dynamodb:GetItem"], resources: [this.#arn] };
  }

  /** Creating and changing records one by one. */
  updateRecords(): Statement {
    return { sid: "UpdateRecords", actions: ["dynamodb:UpdateItem"], resources: [this.#arn] };
  }
}
