import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoDBDigestLedger, dynamoDBLedger } from "../../../../handler/adapters/dynamodb/ledger.ts";
import { dynamoDBClient } from "../../../../handler/adapters/dynamodb.ts";
import type { DatedOutcome } from "../../../../handler/core/notice/digest-ledger.ts";
import { type Answer, AwsService, jsonError, rejection } from "../aws-service.ts";

const AT = new Date("2026-11-25T07:30:00.000Z");
const DUE = new Date("2026-11-25T08:00:00.000Z");
const ENTRY = {
  key: "holiday/beach.jpg",
  sequencer: "A1",
  state: "FAILED",
  reasonCode: "EMPTY_OBJECT",
} as const;

const conditionFailed = (found?: object): Answer =>
  jsonError(400, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", {
    Item: found && marshall(found),
  });
const throttled = jsonError(400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException");
const json = (body: object): Answer => ({ body: JSON.stringify(body) });

const bodies = (service: AwsService): readonly unknown[] =>
  service.requests.map(({ body }) => JSON.parse(body));

const digestLedger = (...answers: readonly Answer[]) => {
  const service = new AwsService(...answers);
  return { service, ledger: dynamoDBDigestLedger(dynamoDBClient(service.config), "digest") };
};

describe("entering", () => {
  const enter = (...answers: readonly Answer[]) => enterAt([0], ...answers);

  /** @param delays milliseconds after its time at which the tries begin; the last for all that follow */
  const enterAt = (delays: readonly number[], ...answers: readonly Answer[]) => {
    const service = new AwsService(...answers);
    const left = [...delays];
    const now = () => AT.getTime() + ((left.length > 1 ? left.shift() : left[0]) ?? 0);
    return {
      service,
      entered: dynamoDBLedger(dynamoDBClient(service.config), "digest", now).enter(ENTRY, AT),
    };
  };

  it("puts an entry, unless it is there", async () => {
    const { service, entered } = enter(json({}));
    await entered;
    expect(bodies(service)).toEqual([
      {
        TableName: "digest",
        ConditionExpression: "attribute_not_exists(Id)",
        Item: {
          Id: { S: "upload#A1#holiday/beach.jpg" },
          Part: { S: "ledger#2" },
          At: { S: "2026-11-25T07:30:00.000Z" },
          ExpiresAt: { N: String(Date.parse("2026-12-30T07:30:00Z") / 1000) },
          ImageKey: { S: "holiday/beach.jpg" },
          State: { S: "FAILED" },
          ReasonCode: { S: "EMPTY_OBJECT" },
        },
      },
    ]);
  });

  it("is done when it was done before", async () => {
    expect(await enter(conditionFailed()).entered).toBeUndefined();
  });

  it("is not tried any more once the digest that it belongs to may be made", async () => {
    const { service, entered } = enterAt([0, 15_001], throttled);
    expect(await rejection(entered)).toMatchObject({
      code: "RECORD_FAILED",
      retryable: true,
      cause: { message: "It is too late to enter it at its time." },
    });
    expect(service.requests).toHaveLength(1);
    const inTime = enterAt([0, 15_000], throttled, json({}));
    await inTime.entered;
    expect(inTime.service.requests).toHaveLength(2);
  });

  it("fails so that it is tried again", async () => {
    expect(await rejection(enter(throttled).entered)).toMatchObject({
      code: "RECORD_FAILED",
      retryable: true,
    });
  });
});

describe("claiming", () => {
  const claim = {
    id: "run 1",
    now: new Date("2026-11-25T08:00:01.000Z"),
    until: new Date("2026-11-25T08:05:01.000Z"),
  };

  it("takes the work unless it is done, or another run has it", async () => {
    const { service, ledger } = digestLedger(
      json({ Attributes: marshall({ Id: "progress", MailedUntil: "2026-11-24T08:00:00.000Z" }) }),
    );
    expect(await ledger.claim(DUE, claim)).toEqual({
      outcome: "claimed",
      mailedUntil: new Date("2026-11-24T08:00:00.000Z"),
    });
    expect(bodies(service)).toEqual([
      {
        TableName: "digest",
        Key: { Id: { S: "progress" } },
        UpdateExpression: "SET ClaimedBy = :id, ClaimedUntil = :until",
        ConditionExpression:
          "(attribute_not_exists(MailedUntil) OR MailedUntil < :due) AND (attribute_not_exists(ClaimedUntil) OR ClaimedUntil < :now)",
        ExpressionAttributeValues: {
          ":id": { S: "run 1" },
          ":until": { S: "2026-11-25T08:05:01.000Z" },
          ":due": { S: "2026-11-25T08:00:00.000Z" },
          ":now": { S: "2026-11-25T08:00:01.000Z" },
        },
        ReturnValues: "ALL_OLD",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
  });

  it.each([
    ["the first", json({}), { outcome: "claimed", mailedUntil: undefined }],
    [
      "one that was sent",
      conditionFailed({ MailedUntil: "2026-11-25T08:00:00.000Z" }),
      { outcome: "mailed" },
    ],
    [
      "one that another run makes",
      conditionFailed({ MailedUntil: "2026-11-24T08:00:00.000Z", ClaimedUntil: "2026-11-25T08:04:00.000Z" }),
      { outcome: "taken", until: new Date("2026-11-25T08:04:00.000Z") },
    ],
  ])("tells of %s", async (_, answer, expected) => {
    expect(await digestLedger(answer).ledger.claim(DUE, claim)).toEqual(expected);
  });

  it("ends with the mail, and with a failure", async () => {
    const { service, ledger } = digestLedger(json({}));
    await ledger.markMailed(DUE, "run 1");
    await ledger.giveUp("run 1");
    expect(bodies(service)).toMatchObject([
      {
        UpdateExpression: "SET MailedUntil = :until REMOVE ClaimedBy, ClaimedUntil",
        ConditionExpression: "ClaimedBy = :id",
        ExpressionAttributeValues: { ":until": { S: "2026-11-25T08:00:00.000Z" }, ":id": { S: "run 1" } },
      },
      {
        UpdateExpression: "REMOVE ClaimedBy, ClaimedUntil",
        ConditionExpression: "ClaimedBy = :id",
        ExpressionAttributeValues: { ":id": { S: "run 1" } },
      },
    ]);
    expect(await digestLedger(conditionFailed()).ledger.giveUp("run 1")).toBeUndefined();
  });

  it("fails so that it is tried again", async () => {
    expect(await rejection(digestLedger(throttled).ledger.claim(DUE, claim))).toMatchObject({
      code: "RECORD_FAILED",
      retryable: true,
    });
  });
});

const stored = (key: string, at: string) => marshall({ ImageKey: key, At: at, State: "DELETED" });

describe("reading", () => {
  it("asks every part for its time, page after page, and no scan", async () => {
    const next = { Id: { S: "removal#A1#a.jpg" }, Part: { S: "ledger#0" }, At: { S: AT.toISOString() } };
    const { service, ledger } = digestLedger(
      json({ Items: [stored("a.jpg", AT.toISOString())], LastEvaluatedKey: next }),
      json({ Items: [stored("b.jpg", AT.toISOString())] }),
    );
    const outcomes: DatedOutcome[] = [];
    await ledger.read(AT, DUE, (page) => outcomes.push(...page));
    expect(service.requests.map(({ headers }) => headers["x-amz-target"])).toEqual(
      Array.from({ length: 9 }, () => "DynamoDB_20120810.Query"),
    );
    expect(bodies(service)).toContainEqual({
      TableName: "digest",
      IndexName: "ByTime",
      KeyConditionExpression: "#part = :part AND #at BETWEEN :from AND :last",
      ExpressionAttributeNames: { "#part": "Part", "#at": "At" },
      ExpressionAttributeValues: {
        ":part": { S: "ledger#0" },
        ":from": { S: "2026-11-25T07:30:00.000Z" },
        ":last": { S: "2026-11-25T07:59:59.999Z" },
      },
      ExclusiveStartKey: next,
    });
    expect(outcomes.map(({ key }) => key).sort()).toEqual([
      "a.jpg",
      ...Array.from({ length: 8 }, () => "b.jpg"),
    ]);
  });

  it("finds the oldest entry of all parts", async () => {
    const { service, ledger } = digestLedger(
      json({ Items: [] }),
      json({ Items: [stored("b.jpg", "2026-11-25T07:00:00.000Z")] }),
      json({ Items: [stored("a.jpg", "2026-11-24T07:00:00.000Z")] }),
      json({ Items: [] }),
    );
    expect(await ledger.oldest()).toEqual(new Date("2026-11-24T07:00:00.000Z"));
    expect(bodies(service)).toHaveLength(8);
    expect(await digestLedger(json({ Items: [] })).ledger.oldest()).toBeUndefined();
  });

  it("fails so that it is tried again", async () => {
    expect(await rejection(digestLedger(throttled).ledger.read(AT, DUE, () => {}))).toMatchObject({
      code: "READ_FAILED",
      retryable: true,
    });
  });
});
