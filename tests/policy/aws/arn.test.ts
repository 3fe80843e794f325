import { describe, expect, it } from "vitest";
import { accountOf, arnsOverlap, completeArn, parseArn } from "../../../policy/aws/arn.ts";

describe("parseArn", () => {
  it("splits an ARN with colons in its last part", () => {
    expect(parseArn("arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/f:*")).toEqual({
      partition: "aws",
      service: "logs",
      region: "eu-central-1",
      account: "111122223333",
      resource: "log-group:/aws/lambda/f:*",
    });
  });

  it.each(["*", "arn:*", "arn:aws:s3", "images", "urn:aws:s3:::images", ""])(
    "does not parse %j as an ARN",
    (text) => {
      expect(parseArn(text)).toBeUndefined();
    },
  );
});

describe("completeArn", () => {
  it.each([
    ["arn:aws:sqs", "arn:aws:sqs:*:*:*"],
    ["arn:aws:sqs:*", "arn:aws:sqs:*:*:*"],
    ["arn", "arn:*:*:*:*:*"],
    ["arn:aws:dynamodb:eu-central-1:111122223333", "arn:aws:dynamodb:eu-central-1:111122223333:*"],
    ["arn:aws:s3:::images", "arn:aws:s3:::images"],
    [
      "arn:aws:logs:eu-central-1:111122223333:log-group:a:*",
      "arn:aws:logs:eu-central-1:111122223333:log-group:a:*",
    ],
    ["*", "*"],
    ["images", "images"],
  ])("%s: %s", (pattern, whole) => {
    expect(completeArn(pattern)).toBe(whole);
  });
});

describe("accountOf", () => {
  it.each([
    ["arn:aws:sqs:eu-central-1:111122223333:ingest", "111122223333"],
    ["arn:aws:s3:::images", undefined],
    ["arn:aws:iam::aws:policy/ReadOnlyAccess", undefined],
    ["arn:aws:iam::1111*:role/a", undefined],
    ["111122223333", undefined],
  ])("%s: %s", (arn, account) => {
    expect(accountOf(arn)).toBe(account);
  });
});

describe("arnsOverlap", () => {
  it.each([
    ["arn:aws:s3:::images/*", "arn:aws:s3:::images/a:b", true],
    ["arn:*:iam::*:role/*", "arn:aws:iam::111122223333:role/a", true],
    ["*", "arn:aws:iam::111122223333:role/a", true],
    ["arn:aws:*", "arn:aws:iam::111122223333:role/a", true],
    ["arn:aws:*:*:*:a", "arn:aws:sqs:eu-central-1:111122223333:a", true],
  ])("%s and %s: %s", (a, b, expected) => {
    expect(arnsOverlap(a, b)).toBe(expected);
    expect(arnsOverlap(b, a)).toBe(expected);
  });

  it("does not let a wildcard match across parts", () => {
    expect(arnsOverlap("arn:aws:s3:::images/*", "arn:*:iam::*:role/*")).toBe(false);
  });
});
