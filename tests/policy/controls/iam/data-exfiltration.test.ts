import { describe, expect, it } from "vitest";
import { iamDataExfiltration } from "../../../../policy/controls/iam/data-exfiltration.ts";
import { DATA_ACTIONS } from "../../../../policy/iam/sensitive-actions.ts";
import { holding, itJudgesDocuments, keysIn } from "../../support/document-contract.ts";
import { allow, document, OBJECTS, QUEUE, TABLE, when } from "../../support/documents/row.ts";
import { proveControl } from "../../support/proof.ts";
import { judge } from "../../support/subject.ts";

const keys = (...statement: Parameters<typeof allow>) =>
  keysIn(iamDataExfiltration, "identity", allow(...statement));

describe("IAM-010 iam-data-exfiltration", () => {
  itJudgesDocuments(iamDataExfiltration, "identity", allow("s3:GetObject", "*"));

  it.each(DATA_ACTIONS)("reports %s on *", (action) => {
    expect(keys(action, "*")).toEqual([`Action::${action}`]);
  });

  it.each([
    ["objects of one bucket", "s3:GetObject", OBJECTS],
    ["one table", "dynamodb:GetItem", TABLE],
    ["one queue", "sqs:ReceiveMessage", QUEUE],
    ["actions that write", "s3:PutObject", "*"],
  ])("accepts %s", (_, action, arn) => {
    expect(keys(action, arn)).toEqual([]);
  });

  it("reports every bucket in several spellings", () => {
    expect(keys("s3:GetObject", "arn:aws:s3:::*")).toEqual(["Action::s3:GetObject"]);
    expect(keys("s3:GetObject", "arn:aws:s3:::*/*")).toEqual(["Action::s3:GetObject"]);
  });

  it("accepts * when a condition on a tag limits the resources", () => {
    const tagged = when("StringEquals", "secretsmanager:ResourceTag/Team", "images");
    expect(keys("secretsmanager:GetSecretValue", "*", tagged)).toEqual([]);
  });

  it("says which actions give access to data", () => {
    const { findings } = judge(
      iamDataExfiltration,
      holding("identity", document(allow("ssm:GetParameter*", "*"))),
    );
    expect(findings).toMatchObject([
      {
        key: "Action::ssm:GetParameter*",
        message:
          "Statement S of `policy` must name the resources of `ssm:GetParameter` and 3 similar actions, to limit access to data.",
      },
    ]);
  });

  proveControl(iamDataExfiltration);
});
