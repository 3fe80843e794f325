import { describe, expect, it } from "vitest";
import { snsSignatureVersion } from "../../../../policy/controls/sns/signature-version.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const ARN = "arn:aws:sns:eu-west-1:111122223333:notices";
const topic = (signatureVersion: unknown) =>
  resource({ type: "aws:sns/topic:Topic", name: "topic", props: { arn: ARN, signatureVersion } });
const subscription = (protocol: unknown) =>
  resource({
    type: "aws:sns/topicSubscription:TopicSubscription",
    name: "subscription",
    props: { topic: ARN, protocol },
  });

describe("SNS-004 sns-signature-version", () => {
  it("accepts signature version 2", () => {
    expect(judge(snsSignatureVersion, [topic(2), subscription("https")]).outcome).toBe("compliant");
  });

  it.each([
    ["version 1", 1],
    ["the default", undefined],
    ["the default that AWS will fill in", UNKNOWN],
  ])("reports %s for a topic with a web endpoint", (_, version) => {
    for (const protocol of ["https", "http"]) {
      expect(findingsOf(judge(snsSignatureVersion, [topic(version), subscription(protocol)]))).toEqual([
        "topic SignatureVersion::sha-1",
      ]);
    }
  });

  it("accepts the default for a topic without web endpoints", () => {
    expect(judge(snsSignatureVersion, [topic(undefined)]).outcome).toBe("compliant");
    expect(judge(snsSignatureVersion, [topic(undefined), subscription("email")]).outcome).toBe("compliant");
  });

  it("does not judge while a subscription's protocol is unknown", () => {
    expect(judge(snsSignatureVersion, [topic(1), subscription(UNKNOWN)]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without topics", () => {
    expect(judge(snsSignatureVersion, [subscription("https")]).outcome).toBe("not applicable");
  });

  proveControl(snsSignatureVersion);
});
