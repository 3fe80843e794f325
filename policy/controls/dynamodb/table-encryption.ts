import { z } from "zod";
import { isAwsManagedKey, remediationKey } from "../../aws/kms.ts";
import { DYNAMODB_TABLE, DYNAMODB_TABLE_REPLICA } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";
import type { Properties } from "../../engine/properties.ts";

export const dynamodbTableEncryption = defineResourceControl({
  id: "DYNAMODB-001",
  name: "dynamodb-table-encryption",
  title: "DynamoDB tables are encrypted with a customer-managed KMS key.",
  severity: "medium",
  level: "mandatory",
  why: "With DynamoDB's own key, anyone who may read the table can decrypt it. A customer-managed key requires a second permission, leaves an audit trail, and can be revoked.",
  remediation: "Set serverSideEncryption with enabled true and a kmsKeyArn.",
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["dynamodb", "kms"],
  types: [...DYNAMODB_TABLE, ...DYNAMODB_TABLE_REPLICA],
  parameters: z.strictObject({ remediationKey }),
  *check(resource) {
    const { props } = resource;
    if (DYNAMODB_TABLE_REPLICA.some((type) => type === resource.type)) {
      if (!isCustomerManaged(props)) yield missing("kmsKeyArn");
      return;
    }
    yield* judgePart(resource, function* () {
      const encryption = props.child("serverSideEncryption");
      if (encryption?.boolean("enabled") === true && isCustomerManaged(encryption)) return;
      yield missing("serverSideEncryption.kmsKeyArn");
    });
    for (const replica of props.children("replicas")) {
      yield* judgePart(resource, function* () {
        if (!isCustomerManaged(replica)) yield missing(replica.path("kmsKeyArn"));
      });
    }
  },
  remediate(resource, { parameters }) {
    const encrypted = resource.props.child("serverSideEncryption");
    const isTable = DYNAMODB_TABLE.some((type) => type === resource.type);
    if (!isTable || parameters.remediationKey === "" || encrypted?.has("kmsKeyArn") === true) return {};
    return { serverSideEncryption: { enabled: true, kmsKeyArn: parameters.remediationKey } };
  },
});

const isCustomerManaged = (encryption: Properties): boolean => {
  const key = encryption.string("kmsKeyArn");
  return key !== undefined && !isAwsManagedKey(key, "dynamodb");
};

const missing = (path: string) =>
  violation({ key: `Encryption::${path}`, message: `\`${path}\` must name a customer-managed key.` });
