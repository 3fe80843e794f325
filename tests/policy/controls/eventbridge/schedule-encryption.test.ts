import { describe, expect, it } from "vitest";
import { eventbridgeScheduleEncryption } from "../../../../policy/controls/eventbridge/schedule-encryption.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11";
const target = { arn: "arn:aws:lambda:eu-west-1:111122223333:function:digest", input: '{"what":"a digest"}' };
const schedule = (props: object) => resource({ type: "aws:scheduler/schedule:Schedule", props });
const judgeSchedule = (props: object) => judge(eventbridgeScheduleEncryption, schedule(props));

describe("EVENTBRIDGE-004 eventbridge-schedule-encryption", () => {
  it("accepts a schedule with a customer-managed key", () => {
    expect(judgeSchedule({ kmsKeyArn: KEY, target }).outcome).toBe("compliant");
  });

  it.each([{ target }, { target, kmsKeyArn: "" }, { target: { ...target, input: UNKNOWN } }])(
    "reports a schedule with an input and no key: %o",
    (props) => {
      expect(findingsOf(judgeSchedule(props))).toEqual(["subject Encryption::missing"]);
    },
  );

  it("does not apply to a schedule without an input or to other types", () => {
    expect(judgeSchedule({ target: { arn: target.arn } }).outcome).toBe("not applicable");
    expect(
      judge(eventbridgeScheduleEncryption, resource({ type: "aws:cloudwatch/eventTarget:EventTarget" }))
        .outcome,
    ).toBe("not applicable");
  });

  it.each([{ target, kmsKeyArn: UNKNOWN }, { target: UNKNOWN }])(
    "does not judge unknown values: %o",
    (props) => {
      expect(judgeSchedule(props).outcome).toBe("not judged");
    },
  );

  it("sets the key from the config when it remediates, and keeps an existing key", () => {
    const parameters = { remediationKey: KEY };
    const remedied = (props: object) =>
      remedy(eventbridgeScheduleEncryption, schedule(props), { parameters });
    expect(remedied({ target })).toEqual({ kmsKeyArn: KEY });
    expect(remedied({ target, kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/own" })).toEqual({});
    expect(remedied({ target: { arn: target.arn } })).toEqual({});
    expect(remedy(eventbridgeScheduleEncryption, schedule({ target }))).toEqual({});
  });

  proveControl(eventbridgeScheduleEncryption);
});
