import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PhysicalResource } from "./naming.ts";
import type { Statement } from "./permissions.ts";

export interface AssetLibraryArgs {
  /** A change of its name replaces the table. */
  readonly table: PhysicalResource;
  readonly keyArn: pulumi.Input<string>;
  /** Refuse to delete the table. */
  readonly protectData: boolean;
}

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
        attributes: [{ name: "ImageKey", type: "S" }],
        serverSideEncryption: { enabled: true, kmsKeyArn: args.keyArn },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: args.protectData,
      },
      { parent: this, protect: args.protectData },
    );

    this.tableName = table.name;
    this.registerOutputs({ tableName: this.tableName });
  }

  /** Creating and changing records one by one. */
  updateRecords(): Statement {
    return { sid: "UpdateRecords", actions: ["dynamodb:UpdateItem"], resources: [this.#arn] };
  }
}
