import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

/** Resources with data, or with keys to data, that is lost for good when they are deleted. */
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
  title: "Resources with data are protected from deletion.",
  severity: "low",
  level: "advisory",
  why: "A renamed or removed resource is deleted with all its data. When a key is deleted, everything it encrypted is lost.",
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
