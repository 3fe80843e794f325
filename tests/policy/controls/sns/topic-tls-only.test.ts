import { describe, expect, it } from "vitest";
import { snsTopicTlsOnly } from "../../../../policy/controls/sns/topic-tls-only.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ARN = "arn:aws:sns:eu-west-1:111122223333:notices";
const DENY = {
  Effect: "Deny",
  Principal: "*",
  Action: "sns:Publish",
  Resource: ARN,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const topic = (props: object = { name: "notices", arn: ARN }) =>
  resource({ type: "aws:sns/topic:Topic", name: "topic", props });
const policy = (statement: object, arn: unknown = ARN) =>
  resource({
    type: "aws:sns/topicPolicy:TopicPolicy",
    name: "policy",
    props: { arn, policy: JSON.stringify({ Statement: statement }) },
  });

describe("SNS-002 sns-topic-tls-only", () => {
  it.each(["sns:Publish", "sns:*", "SNS:publish"])(
    "accepts a policy that denies %s over plain HTTP",
    (Action) => {
      expect(judge(snsTopicTlsOnly, [topic(), policy({ ...DENY, Action })]).outcome).toBe("compliant");
    },
  );

  it.each([
    ["sns:Subscribe only", { ...DENY, Action: "sns:Subscribe" }],
    ["requests on another topic", { ...DENY, Resource: `${ARN}-2` }],
    ["nothing", { ...DENY, Effect: "Allow" }],
  ])("reports a denial of %s", (_, statement) => {
    expect(findingsOf(judge(snsTopicTlsOnly, [topic(), policy(statement)]))).toEqual([
      "topic Transport::topic",
    ]);
  });

  it("reports a topic without a policy or with AWS's default policy", () => {
    const byDefault = {
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "SNS:Publish",
      Resource: ARN,
      Condition: { StringEquals: { "AWS:SourceOwner": "111122223333" } },
    };
    const props = { name: "notices", arn: ARN, policy: JSON.stringify({ Statement: [byDefault] }) };
    expect(findingsOf(judge(snsTopicTlsOnly, [topic(props)]))).toEqual(["topic Transport::topic"]);
    expect(findingsOf(judge(snsTopicTlsOnly, [topic({ ...props, policy: UNKNOWN })]))).toEqual([
      "topic Transport::policy-missing",
    ]);
  });

  it("does not judge while a policy's topic is unknown", () => {
    expect(judge(snsTopicTlsOnly, [topic(), policy(DENY, UNKNOWN)]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without topics", () => {
    expect(judge(snsTopicTlsOnly, [policy(DENY)]).outcome).toBe("not applicable");
  });

  proveControl(snsTopicTlsOnly);
});
