import { describe, expect, it } from "vitest";
import { dynamodbTableEncryption } from "../../../../policy/controls/dynamodb/table-encryption.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11";
const AWS_KEY = "arn:aws:kms:eu-west-1:111122223333:alias/aws/dynamodb";
const ENCRYPTION = { enabled: true, kmsKeyArn: KEY };
const table = (props: object) => resource({ type: "aws:dynamodb/table:Table", props });
const replica = (props: object) => resource({ type: "aws:dynamodb/tableReplica:TableReplica", props });
const judgeTable = (serverSideEncryption: unknown, props = {}) =>
  judge(dynamodbTableEncryption, table({ serverSideEncryption, ...props }));
const FINDING = ["subject Encryption::serverSideEncryption.kmsKeyArn"];

describe("DYNAMODB-001 dynamodb-table-encryption", () => {
  it("accepts a customer-managed key for the table and each replica", () => {
    expect(judgeTable(ENCRYPTION).outcome).toBe("compliant");
    expect(judgeTable(ENCRYPTION, { replicas: [{ kmsKeyArn: KEY }] }).outcome).toBe("compliant");
    expect(judge(dynamodbTableEncryption, replica({ kmsKeyArn: KEY })).outcome).toBe("compliant");
  });

  it.each([
    ["DynamoDB's own key", undefined],
    ["disabled encryption", { enabled: false }],
    ["a key with disabled encryption", { enabled: false, kmsKeyArn: KEY }],
    ["the AWS-managed key", { enabled: true }],
    ["the ARN of the AWS-managed key", { enabled: true, kmsKeyArn: AWS_KEY }],
  ])("reports %s", (_, encryption) => {
    expect(findingsOf(judgeTable(encryption))).toEqual(FINDING);
  });

  it("reports a replica without a key", () => {
    const replicas = [{ kmsKeyArn: KEY }, { regionName: "us-east-1" }];
    expect(findingsOf(judgeTable(ENCRYPTION, { replicas }))).toEqual([
      "subject Encryption::replicas[1].kmsKeyArn",
    ]);
    expect(findingsOf(judge(dynamodbTableEncryption, replica({})))).toEqual([
      "subject Encryption::kmsKeyArn",
    ]);
  });

  it("judges the replicas when the table's key is unknown", () => {
    const unknown = { enabled: true, kmsKeyArn: UNKNOWN };
    expect(judgeTable(unknown)).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "serverSideEncryption[0].kmsKeyArn" }],
    });
    expect(findingsOf(judgeTable(unknown, { replicas: [{}] }))).toEqual([
      "subject Encryption::replicas[0].kmsKeyArn",
    ]);
  });

  it("does not apply to other types", () => {
    const type = "aws:dynamodb/tableItem:TableItem";
    expect(judge(dynamodbTableEncryption, resource({ type })).outcome).toBe("not applicable");
  });

  it("sets the key from the config when it remediates", () => {
    const parameters = { remediationKey: KEY };
    for (const props of [{}, { serverSideEncryption: { enabled: true } }]) {
      expect(remedy(dynamodbTableEncryption, table(props), { parameters })).toEqual({
        serverSideEncryption: ENCRYPTION,
      });
    }
    expect(remedy(dynamodbTableEncryption, table({}))).toEqual({});
    const keyed = table({ serverSideEncryption: { enabled: true, kmsKeyArn: UNKNOWN } });
    expect(remedy(dynamodbTableEncryption, keyed, { parameters })).toEqual({});
    expect(remedy(dynamodbTableEncryption, replica({}), { parameters })).toEqual({});
  });

  proveControl(dynamodbTableEncryption);
});
