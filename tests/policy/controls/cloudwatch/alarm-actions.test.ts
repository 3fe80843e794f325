import { describe, expect, it } from "vitest";
import { cloudwatchAlarmActions } from "../../../../policy/controls/cloudwatch/alarm-actions.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:notices";
const alarm = (props: object) =>
  resource({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "errors",
    props: { name: "errors", ...props },
  });
const composite = (props: object, propertyDependencies = {}) =>
  resource({
    type: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
    name: "all",
    props: { alarmName: "all", ...props },
    propertyDependencies,
  });

describe("CLOUDWATCH-003 cloudwatch-alarm-actions", () => {
  it("accepts an alarm with an action, known or unknown", () => {
    for (const alarmActions of [[TOPIC], [UNKNOWN], UNKNOWN]) {
      expect(judge(cloudwatchAlarmActions, [alarm({ alarmActions })]).outcome).toBe("compliant");
    }
  });

  it.each([
    ["no actions", {}, ["errors Actions::missing"]],
    ["an empty list of actions", { alarmActions: [] }, ["errors Actions::missing"]],
    ["only an action for the OK state", { okActions: [TOPIC] }, ["errors Actions::missing"]],
    ["disabled actions", { alarmActions: [TOPIC], actionsEnabled: false }, ["errors Actions::disabled"]],
    ["both", { actionsEnabled: false }, ["errors Actions::disabled", "errors Actions::missing"]],
  ])("reports an alarm with %s", (_, props, findings) => {
    expect(findingsOf(judge(cloudwatchAlarmActions, [alarm(props)]))).toEqual(findings);
  });

  it("reports a composite alarm without actions", () => {
    expect(findingsOf(judge(cloudwatchAlarmActions, [composite({ alarmRule: "ALARM(x)" })]))).toEqual([
      "all Actions::missing",
    ]);
  });

  it.each(["ALARM(errors)", 'ALARM("errors") OR ALARM(x)', "NOT OK(errors)"])(
    "accepts an alarm without actions that is part of a composite alarm with the rule %s",
    (alarmRule) => {
      const stack = [alarm({}), composite({ alarmRule, alarmActions: [TOPIC] })];
      expect(judge(cloudwatchAlarmActions, stack).outcome).toBe("compliant");
    },
  );

  it("does not match a composite alarm of an alarm with a longer name", () => {
    const stack = [alarm({}), composite({ alarmRule: "ALARM(errors-2)", alarmActions: [TOPIC] })];
    expect(findingsOf(judge(cloudwatchAlarmActions, stack))).toEqual(["errors Actions::missing"]);
  });

  it("matches an unknown rule by its origin", () => {
    const errors = alarm({ arn: UNKNOWN });
    const all = composite({ alarmRule: UNKNOWN, alarmActions: [TOPIC] }, { alarmRule: [errors] });
    expect(judge(cloudwatchAlarmActions, [errors, all]).outcome).toBe("compliant");
  });

  it("does not judge an unknown value of actionsEnabled", () => {
    expect(
      judge(cloudwatchAlarmActions, [alarm({ alarmActions: [TOPIC], actionsEnabled: UNKNOWN })]),
    ).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "actionsEnabled", resource: { name: "errors" } }],
    });
  });

  it("does not apply to a stack without alarms", () => {
    const dashboard = resource({ type: "aws:cloudwatch/dashboard:Dashboard" });
    expect(judge(cloudwatchAlarmActions, [dashboard]).outcome).toBe("not applicable");
  });

  proveControl(cloudwatchAlarmActions);
});
