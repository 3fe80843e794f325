import { describe, expect, it } from "vitest";
import { policyWildcardAction } from "../../../../policy/controls/policy/wildcard-action.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { ACCOUNT, document, grant, QUEUE, ROLE } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const queue = (principal: unknown, action: unknown) =>
  keysIn(policyWildcardAction, "resource", grant(principal, action, QUEUE));
const key = (principal: unknown, action: unknown) =>
  keysIn(policyWildcardAction, "key", grant(principal, action, "*"));

describe("POL-006 policy-wildcard-action", () => {
  itJudgesDocuments(policyWildcardAction, "resource", grant({ AWS: ROLE }, "sqs:*", QUEUE));
  itJudgesDocuments(policyWildcardAction, "key", grant({ AWS: ROLE }, "kms:*", "*"));

  it("accepts actions by name and by prefix", () => {
    expect(queue({ AWS: ROLE }, ["sqs:SendMessage", "sqs:Get*"])).toEqual([]);
  });

  it.each(["sqs:*", "SQS:*", "*", "*:*"])("reports %s for any principal", (action) => {
    expect(queue({ AWS: ROLE }, action)).toEqual([`Action::S/${action}`]);
    expect(queue({ Service: "sns.amazonaws.com" }, action)).toHaveLength(1);
    expect(queue({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, action)).toHaveLength(1);
  });

  it("accepts kms:* for accounts, which delegates to their IAM policies", () => {
    expect(key({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "kms:*")).toEqual([]);
    expect(key({ AWS: ACCOUNT }, "kms:*")).toEqual([]);
  });

  it("reports kms:* for a role, for a role and the account, and for everyone", () => {
    expect(key({ AWS: ROLE }, "kms:*")).toEqual(["Action::S/kms:*"]);
    expect(key({ AWS: [ACCOUNT, ROLE] }, "kms:*")).toHaveLength(1);
    expect(key("*", "kms:*")).toHaveLength(1);
    expect(key({ AWS: ACCOUNT, Service: "s3.amazonaws.com" }, "kms:*")).toHaveLength(1);
  });

  it("names the statement and the action in its message", () => {
    const body = document(grant({ AWS: ROLE }, "sqs:*", QUEUE));
    expect(judge(policyWildcardAction, holding("resource", body)).findings[0]?.message).toBe(
      "Statement S of `policy` must name its actions instead of `sqs:*`.",
    );
  });

  proveControl(policyWildcardAction);
});
