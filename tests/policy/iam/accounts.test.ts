import { describe, expect, it } from "vitest";
import type { StackResource } from "../../../policy/engine/resource.ts";
import { StackView } from "../../../policy/engine/stack.ts";
import { accountsOfStack } from "../../../policy/iam/accounts.ts";
import { ACCOUNT, document, grant, QUEUE, STRANGER } from "../support/documents/row.ts";
import { resource, UNKNOWN } from "../support/subject.ts";

const accounts = (...resources: readonly StackResource[]) => [...accountsOfStack(new StackView(resources))];
const withArn = (arn: unknown) => resource({ type: "aws:sqs/queue:Queue", name: "queue", props: { arn } });
const queuePolicy = (body: unknown) =>
  resource({ type: "aws:sqs/queuePolicy:QueuePolicy", name: "policy", props: { policy: body } });
const keyPolicy = (...statements: readonly object[]) =>
  resource({
    type: "aws:kms/key:Key",
    name: "key",
    props: { policy: JSON.stringify(document(...statements.map((each) => ({ ...each })))) },
  });
const send = (Resource: unknown) => document(grant("*", "sqs:SendMessage", Resource));
const administer = (account: string, others: object = {}) => ({
  ...grant({ AWS: `arn:aws:iam::${account}:root` }, "kms:*", "*"),
  ...others,
});

describe("accountsOfStack", () => {
  it("reads each account from the ARNs once", () => {
    const bucket = "arn:aws:s3:::images";
    const other = QUEUE.replace(ACCOUNT, STRANGER);
    expect(accounts(withArn(QUEUE), withArn(bucket), withArn(other), withArn(QUEUE))).toEqual([
      ACCOUNT,
      STRANGER,
    ]);
  });

  it("does not read documents when an ARN contains the account", () => {
    expect(accounts(withArn(QUEUE), keyPolicy(administer(STRANGER)))).toEqual([ACCOUNT]);
  });

  it("reads the resource in a resource policy while the ARNs are unknown", () => {
    expect(accounts(withArn(UNKNOWN), queuePolicy(send([QUEUE, "*"])))).toEqual([ACCOUNT]);
  });

  it("reads who may administer a key in its policy while the ARNs are unknown", () => {
    expect(accounts(keyPolicy(administer(ACCOUNT)))).toEqual([ACCOUNT]);
  });

  it.each([
    ["may not administer the key", administer(STRANGER, { Action: "kms:Decrypt" })],
    ["is denied the administration", administer(STRANGER, { Effect: "Deny" })],
  ])("ignores an account in a key policy that %s", (_, statement) => {
    expect(accounts(keyPolicy(statement))).toEqual([]);
    expect(accounts(keyPolicy(statement, { ...administer(ACCOUNT), Sid: "T" }))).toEqual([ACCOUNT]);
  });

  it("is empty for a stack without known ARNs and readable documents", () => {
    expect(accounts()).toEqual([]);
    expect(accounts(withArn(UNKNOWN), withArn(1), queuePolicy(UNKNOWN), queuePolicy("{"))).toEqual([]);
    expect(accounts(queuePolicy(document({ ...grant("*", "sqs:SendMessage", undefined) })))).toEqual([]);
  });

  it("returns the same set for the same stack", () => {
    const stack = new StackView([withArn(QUEUE)]);
    expect(accountsOfStack(stack)).toBe(accountsOfStack(stack));
  });
});
