import { describe, expect, it } from "vitest";
import { sqsRedriveAllowPolicy } from "../../../../policy/controls/sqs/redrive-allow-policy.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;
const queue = (name: string, props: object = {}) =>
  resource({
    type: "aws:sqs/queue:Queue",
    name,
    props: { name, arn: arnOf(name), url: `https://sqs/${name}`, ...props },
  });
const source = queue("ingest", {
  redrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 5 }),
});
const BY_QUEUE = JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [arnOf("ingest")] });
const allow = (redriveAllowPolicy: string) =>
  resource({
    type: "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    name: "allow",
    props: { queueUrl: "https://sqs/dead", redriveAllowPolicy },
  });

describe("SQS-005 sqs-redrive-allow-policy", () => {
  it("accepts a dead-letter queue that names its source queue, in a separate or inline policy", () => {
    expect(judge(sqsRedriveAllowPolicy, [source, queue("dead"), allow(BY_QUEUE)]).outcome).toBe("compliant");
    const inline = queue("dead", { redriveAllowPolicy: BY_QUEUE });
    expect(judge(sqsRedriveAllowPolicy, [source, inline]).outcome).toBe("compliant");
  });

  it("does not require a redrive allow policy of a queue that is not a dead-letter queue", () => {
    expect(judge(sqsRedriveAllowPolicy, [queue("ingest"), queue("dead")]).outcome).toBe("compliant");
  });

  it("reports a dead-letter queue without a redrive allow policy, even if AWS will fill in the property", () => {
    for (const props of [{}, { redriveAllowPolicy: UNKNOWN }]) {
      expect(judge(sqsRedriveAllowPolicy, [source, queue("dead", props)])).toMatchObject({
        findings: [{ key: "RedriveAllowPolicy::missing", resource: { name: "dead" } }],
        notJudged: [],
      });
    }
  });

  it.each([
    ["any queue", { redrivePermission: "allowAll" }],
    ["no queue, although one uses it", { redrivePermission: "denyAll" }],
    ["queues without naming one", { redrivePermission: "byQueue", sourceQueueArns: [] }],
  ])("reports a policy that allows %s", (_, policy) => {
    const verdict = judge(sqsRedriveAllowPolicy, [source, queue("dead"), allow(JSON.stringify(policy))]);
    expect(findingsOf(verdict)).toEqual(["dead RedriveAllowPolicy::not-by-queue"]);
  });

  it("does not judge an unknown policy", () => {
    expect(judge(sqsRedriveAllowPolicy, [source, queue("dead"), allow(UNKNOWN)])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "allow.redriveAllowPolicy", resource: { name: "dead" } }],
    });
  });

  it("does not apply to a stack without queues", () => {
    expect(judge(sqsRedriveAllowPolicy, [allow(BY_QUEUE)]).outcome).toBe("not applicable");
  });

  proveControl(sqsRedriveAllowPolicy);
});
