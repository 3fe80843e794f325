import { describe, expect, it } from "vitest";
import { cloudwatchLogGroupRetention } from "../../../../policy/controls/cloudwatch/log-group-retention.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeGroup = (props: object, parameters = {}, type = "aws:cloudwatch/logGroup:LogGroup") =>
  judge(cloudwatchLogGroupRetention, resource({ type, props }), { parameters });

describe("CLOUDWATCH-002 cloudwatch-log-group-retention", () => {
  it.each([1, 30, 3653])("accepts a retention of %d days", (retentionInDays) => {
    expect(judgeGroup({ retentionInDays }).outcome).toBe("compliant");
  });

  it.each([undefined, 0])("reports %s, which means forever", (retentionInDays) => {
    expect(findingsOf(judgeGroup({ retentionInDays }))).toEqual(["subject Retention::endless"]);
  });

  it("reads the shortest and the longest retention from the config", () => {
    const parameters = { minimumDays: 365, maximumDays: 731 };
    expect(judgeGroup({ retentionInDays: 365 }, parameters).outcome).toBe("compliant");
    expect(judgeGroup({ retentionInDays: 731 }, parameters).outcome).toBe("compliant");
    expect(findingsOf(judgeGroup({ retentionInDays: 180 }, parameters))).toEqual([
      "subject Retention::short",
    ]);
    expect(findingsOf(judgeGroup({ retentionInDays: 1096 }, parameters))).toEqual([
      "subject Retention::long",
    ]);
  });

  it("does not judge an unknown retention", () => {
    expect(judgeGroup({ retentionInDays: UNKNOWN }).outcome).toBe("not judged");
  });

  it("does not apply to log groups of the class DELIVERY or to other types", () => {
    expect(judgeGroup({ logGroupClass: "DELIVERY" }).outcome).toBe("not applicable");
    expect(judgeGroup({}, {}, "aws:cloudwatch/logStream:LogStream").outcome).toBe("not applicable");
  });

  proveControl(cloudwatchLogGroupRetention);
});
