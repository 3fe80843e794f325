import { DYNAMODB_TABLE, DYNAMODB_TABLE_REPLICA } from "../../aws/resource-types.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const dynamodbTablePointInTimeRecovery = defineResourceControl({
  id: "DYNAMODB-002",
  name: "dynamodb-table-point-in-time-recovery",
  title: "DynamoDB tables have point-in-time recovery.",
  severity: "medium",
  level: "mandatory",
  why: "Without it, data that a faulty deployment or a stolen credential overwrites or deletes is lost.",
  remediation: "Set pointInTimeRecovery with enabled true.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html#dynamodb-2",
  mappings: {
    fsbp: ["DynamoDB.2"],
    cis: [],
    nist: ["CP-6", "CP-9", "CP-10", "SC-5", "SI-12", "SI-13"],
  },
  services: ["dynamodb"],
  types: [...DYNAMODB_TABLE, ...DYNAMODB_TABLE_REPLICA],
  parameters: noParameters,
  *check({ type, props }) {
    const enabled = DYNAMODB_TABLE.some((table) => table === type)
      ? props.child("pointInTimeRecovery")?.boolean("enabled")
      : props.boolean("pointInTimeRecovery");
    if (enabled === true) return;
    yield violation({
      key: "PointInTimeRecovery::disabled",
      message: "`pointInTimeRecovery` must be enabled.",
    });
  },
  remediate({ type, props }) {
    if (DYNAMODB_TABLE_REPLICA.some((replica) => replica === type)) return { pointInTimeRecovery: true };
    const days = props.child("pointInTimeRecovery")?.number("recoveryPeriodInDays");
    return {
      pointInTimeRecovery: { enabled: true, ...(days === undefined ? {} : { recoveryPeriodInDays: days }) },
    };
  },
});
