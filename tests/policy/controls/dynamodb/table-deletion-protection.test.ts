import { describe, expect, it } from "vitest";
import { dynamodbTableDeletionProtection } from "../../../../policy/controls/dynamodb/table-deletion-protection.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const TABLE = "aws:dynamodb/table:Table";
const of = (deletionProtectionEnabled: unknown, type = TABLE) =>
  resource({ type, props: { deletionProtectionEnabled } });

describe("DYNAMODB-003 dynamodb-table-deletion-protection", () => {
  it.each([TABLE, "aws:dynamodb/tableReplica:TableReplica"])(
    "accepts a protected %s and reports an unprotected one",
    (type) => {
      expect(judge(dynamodbTableDeletionProtection, of(true, type)).outcome).toBe("compliant");
      for (const value of [false, undefined]) {
        expect(findingsOf(judge(dynamodbTableDeletionProtection, of(value, type)))).toEqual([
          "subject DeletionProtection::disabled",
        ]);
      }
    },
  );

  it("does not judge an unknown setting", () => {
    expect(judge(dynamodbTableDeletionProtection, of(UNKNOWN)).outcome).toBe("not judged");
  });

  it("does not apply to other types", () => {
    const item = of(false, "aws:dynamodb/tableItem:TableItem");
    expect(judge(dynamodbTableDeletionProtection, item).outcome).toBe("not applicable");
  });

  it("enables deletion protection when it remediates", () => {
    expect(remedy(dynamodbTableDeletionProtection, of(false))).toEqual({ deletionProtectionEnabled: true });
  });

  proveControl(dynamodbTableDeletionProtection);
});
