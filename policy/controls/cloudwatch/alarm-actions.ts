import { CLOUDWATCH_ALARM, CLOUDWATCH_COMPOSITE_ALARM } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { judgePart, violation } from "../../engine/judgement.ts";
import type { StackResource } from "../../engine/resource.ts";
import { judgeEach, type StackView } from "../../engine/stack.ts";

export const cloudwatchAlarmActions = defineStackControl({
  id: "CLOUDWATCH-003",
  name: "cloudwatch-alarm-actions",
  title: "CloudWatch alarms have an enabled action.",
  severity: "high",
  level: "mandatory",
  why: "An alarm without an enabled action notifies nobody; it only changes color in the console.",
  remediation: "Set alarmActions, for example to an SNS topic, and keep actionsEnabled true.",
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
  mappings: { fsbp: [], cis: [], nist: ["AU-6", "CA-7", "IR-4", "SI-2", "SI-4", "SI-20"] },
  services: ["cloudwatch"],
  types: [...CLOUDWATCH_ALARM, ...CLOUDWATCH_COMPOSITE_ALARM],
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType([...CLOUDWATCH_ALARM, ...CLOUDWATCH_COMPOSITE_ALARM]), function* (alarm) {
      // A composite alarm can notify for the alarms that it combines.
      if (feedsComposite(stack, alarm)) return;
      yield* judgePart(alarm, function* () {
        if (alarm.props.boolean("actionsEnabled") === false) {
          yield violation({ key: "Actions::disabled", message: "`actionsEnabled` must not be false." });
        }
      });
      yield* judgePart(alarm, function* () {
        if (hasAction(alarm)) return;
        yield violation({ key: "Actions::missing", message: "`alarmActions` must name an action." });
      });
    }),
});

/** An unknown action counts as an action. */
const hasAction = ({ props }: StackResource): boolean => {
  const actions = props.value("alarmActions");
  return Array.isArray(actions) ? actions.length > 0 : props.has("alarmActions");
};

const feedsComposite = (stack: StackView, alarm: StackResource): boolean =>
  stack.ofType(CLOUDWATCH_COMPOSITE_ALARM).some((composite) => {
    if (composite === alarm) return false;
    if (composite.props.isUnknown("alarmRule")) {
      return (composite.propertyDependencies["alarmRule"] ?? []).includes(alarm.urn);
    }
    const rule = composite.props.string("alarmRule") ?? "";
    return [alarm.props.value("name"), alarm.props.value("alarmName"), alarm.props.value("arn")].some(
      (name) => typeof name === "string" && namesAlarm(rule, name),
    );
  });

/** In `ALARM(name)` the name may be in quotes. */
const namesAlarm = (rule: string, name: string): boolean =>
  [name, `"${name}"`, `'${name}'`].some((form) => rule.includes(`(${form})`));
