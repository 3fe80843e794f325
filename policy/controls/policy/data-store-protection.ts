import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

/** Resources that hold data, or the keys to it: gone with them for good. */
const DATA_STORES = [
  "aws:docdb/cluster:Cluster",
  "aws:dynamodb/table:Table",
  "aws:ebs/volume:Volume",
  "aws:efs/fileSystem:FileSystem",
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/key:Key",
  "aws:neptune/cluster:Cluster",
  "aws:opensearch/domain:Domain",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:redshift/cluster:Cluster",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:secretsmanager/secret:Secret",
];

export const policyDataStoreProtection = defineResourceControl({
  id: "POL-008",
  name: "policy-data-store-protection",
  title: "Resources that hold data are protected from deletion.",
  severity: "low",
  level: "advisory",
  why: "A changed name or a removed line deletes the resource with all that it holds, and a deleted key all that it encrypted.",
  remediation: "Set the resource option protect to true.",
  url: "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_protect_data_rest_access_control.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["s3", "dynamodb", "kms"],
  types: DATA_STORES,
  parameters: noParameters,
  *check({ options }) {
    if (options.protect) return;
    yield violation({ key: "Protect::off", message: "The resource option `protect` must be true." });
  },
});
