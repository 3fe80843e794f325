import { describe, expect, it } from "vitest";
import { dynamodbTablePointInTimeRecovery } from "../../../../policy/controls/dynamodb/table-point-in-time-recovery.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const TABLE = "aws:dynamodb/table:Table";
const REPLICA = "aws:dynamodb/tableReplica:TableReplica";
const of = (pointInTimeRecovery: unknown, type = TABLE) => resource({ type, props: { pointInTimeRecovery } });
const judgeRecovery = (recovery: unknown, type = TABLE) =>
  judge(dynamodbTablePointInTimeRecovery, of(recovery, type));

describe("DYNAMODB-002 dynamodb-table-point-in-time-recovery", () => {
  it("accepts a table and a replica with point-in-time recovery", () => {
    expect(judgeRecovery({ enabled: true }).outcome).toBe("compliant");
    expect(judgeRecovery(true, REPLICA).outcome).toBe("compliant");
  });

  it.each([
    [TABLE, { enabled: false }],
    [TABLE, undefined],
    [REPLICA, false],
    [REPLICA, undefined],
  ])("reports a %s with recovery %o", (type, recovery) => {
    expect(findingsOf(judgeRecovery(recovery, type))).toEqual(["subject PointInTimeRecovery::disabled"]);
  });

  it("does not judge an unknown setting", () => {
    expect(judgeRecovery(UNKNOWN).outcome).toBe("not judged");
    expect(judgeRecovery({ enabled: UNKNOWN })).toMatchObject({
      notJudged: [{ path: "pointInTimeRecovery[0].enabled" }],
    });
  });

  it("does not apply to other types", () => {
    expect(judgeRecovery(false, "aws:dynamodb/tableItem:TableItem").outcome).toBe("not applicable");
  });

  it("enables recovery and keeps the recovery period when it remediates", () => {
    expect(remedy(dynamodbTablePointInTimeRecovery, of({ enabled: false, recoveryPeriodInDays: 7 }))).toEqual(
      {
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 7 },
      },
    );
    for (const type of [TABLE, REPLICA]) {
      const props = remedy(dynamodbTablePointInTimeRecovery, of(undefined, type));
      const remedied = resource({ type, props });
      expect(judge(dynamodbTablePointInTimeRecovery, remedied).outcome).toBe("compliant");
    }
  });

  proveControl(dynamodbTablePointInTimeRecovery);
});
