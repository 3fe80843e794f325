import { DYNAMODB_TABLE, DYNAMODB_TABLE_REPLICA } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const dynamodbTableDeletionProtection = defineResourceControl({
  id: "DYNAMODB-003",
  name: "dynamodb-table-deletion-protection",
  title: "DynamoDB tables are protected from deletion.",
  severity: "medium",
  level: "advisory",
  why: "A property change that replaces the table, or a stack destroyed by mistake, deletes all items.",
  remediation: "Set deletionProtectionEnabled to true.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html#dynamodb-6",
  mappings: { fsbp: ["DynamoDB.6"], cis: [], nist: ["CA-9", "CM-2", "CM-3", "SC-5"] },
  services: ["dynamodb"],
  types: [...DYNAMODB_TABLE, ...DYNAMODB_TABLE_REPLICA],
  parameters: noParameters,
  *check({ props }) {
    if (props.boolean("deletionProtectionEnabled") === true) return;
    yield violation({
      key: "DeletionProtection::disabled",
      message: "`deletionProtectionEnabled` must be true.",
    });
  },
  remediate: () => ({ deletionProtectionEnabled: true }),
});
