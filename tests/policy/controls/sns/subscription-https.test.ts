import { describe, expect, it } from "vitest";
import { snsSubscriptionHttps } from "../../../../policy/controls/sns/subscription-https.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeProtocol = (protocol: unknown) =>
  judge(
    snsSubscriptionHttps,
    resource({ type: "aws:sns/topicSubscription:TopicSubscription", props: { protocol } }),
  );

describe("SNS-003 sns-subscription-https", () => {
  it.each(["https", "email", "sqs", "lambda"])("accepts %s", (protocol) => {
    expect(judgeProtocol(protocol).outcome).toBe("compliant");
  });

  it.each(["http", "HTTP"])("reports %s", (protocol) => {
    expect(findingsOf(judgeProtocol(protocol))).toEqual(["subject Protocol::http"]);
  });

  it("does not judge an unknown protocol", () => {
    expect(judgeProtocol(UNKNOWN).outcome).toBe("not judged");
  });

  it("does not apply to topics", () => {
    expect(judge(snsSubscriptionHttps, resource({ type: "aws:sns/topic:Topic" })).outcome).toBe(
      "not applicable",
    );
  });

  proveControl(snsSubscriptionHttps);
});
