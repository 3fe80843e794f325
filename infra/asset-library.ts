import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./permissions.ts";
import { createTable, type TableArgs } from "./table.ts";

export type AssetLibraryArgs = Pick<TableArgs, "table" | "indexes" | "keyArn" | "protectData">;

/** The table of asset records: one for each original, by its key in the source bucket. */
export class AssetLibrary extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly #arn: string;

  constructor(name: string, args: AssetLibraryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:AssetLibrary", name, {}, opts);
    this.#arn = args.table.arn;
    this.tableName = createTable(`${name}-table`, { ...args, hashKey: "ImageKey" }, this).name;
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
