import { expect, test } from "vitest";
import { isToRetry } from "../../infra/retries.ts";

const PASSING = "Unable to validate the following destination configurations";
const ANSWER = `creating S3 Bucket (images) Notification: operation error S3: PutBucketNotificationConfiguration, https response error StatusCode: 400, api error InvalidArgument: ${PASSING}`;

test("an answer that passes by itself is waited for, two minutes at most", () => {
  expect(isToRetry([ANSWER], PASSING)).toBe(true);
  expect(isToRetry(Array(12).fill(ANSWER), PASSING)).toBe(true);
  expect(isToRetry(Array(13).fill(ANSWER), PASSING)).toBe(false);
});

test("any other answer is not, whatever came before", () => {
  expect(isToRetry(["api error AccessDenied: Access Denied", ANSWER], PASSING)).toBe(false);
  expect(isToRetry([], PASSING)).toBe(false);
});
