import { describe, expect, it } from "vitest";
import { cloudfrontAccessLogs } from "../../../../policy/controls/cloudfront/access-logs.ts";
import { behavior, distribution } from "../../support/distribution.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const delivery = (resourceArn: unknown, propertyDependencies = {}) =>
  resource({
    type: "aws:cloudwatch/logDeliverySource:LogDeliverySource",
    name: "delivery",
    props: { resourceArn, logType: "ACCESS_LOGS" },
    propertyDependencies,
  });
const silent = { loggingConfig: undefined };
const MISSING = ["cdn Logging::missing"];

describe("CLOUDFRONT-006 cloudfront-access-logs", () => {
  it("accepts logs to a bucket, real-time logs, and logs delivered by CloudWatch", () => {
    expect(judge(cloudfrontAccessLogs, [distribution()]).outcome).toBe("compliant");
    const realtime = { ...silent, defaultCacheBehavior: behavior({ realtimeLogConfigArn: UNKNOWN }) };
    expect(judge(cloudfrontAccessLogs, [distribution(realtime)]).outcome).toBe("compliant");
    const arn = "arn:aws:cloudfront::111122223333:distribution/E1A2B3C4D5E6F7";
    expect(judge(cloudfrontAccessLogs, [distribution(silent), delivery(arn)]).outcome).toBe("compliant");
  });

  it("matches a log delivery by its origin while the distribution's ARN is unknown", () => {
    const cdn = distribution({ ...silent, arn: UNKNOWN });
    const verdict = judge(cloudfrontAccessLogs, [cdn, delivery(UNKNOWN, { resourceArn: [cdn] })]);
    expect(verdict.outcome).toBe("compliant");
  });

  it.each([
    ["nothing", silent],
    ["a setting for cookies only", { loggingConfig: { includeCookies: true } }],
  ])("reports %s", (_, props) => {
    expect(findingsOf(judge(cloudfrontAccessLogs, [distribution(props)]))).toEqual(MISSING);
  });

  it("reports real-time logs of only some behaviors", () => {
    const logged = behavior({
      realtimeLogConfigArn: "arn:aws:cloudfront::111122223333:realtime-log-config/c",
    });
    const props = { ...silent, defaultCacheBehavior: logged, orderedCacheBehaviors: [behavior()] };
    expect(findingsOf(judge(cloudfrontAccessLogs, [distribution(props)]))).toEqual(MISSING);
  });

  it("reports a distribution when only another one is logged", () => {
    const other = "arn:aws:cloudfront::111122223333:distribution/EOTHER";
    expect(findingsOf(judge(cloudfrontAccessLogs, [distribution(silent), delivery(other)]))).toEqual(MISSING);
  });

  it("does not judge while a log delivery's source is unknown", () => {
    expect(judge(cloudfrontAccessLogs, [distribution(silent), delivery(UNKNOWN)]).outcome).toBe("not judged");
  });

  it("does not apply to a stack without distributions", () => {
    expect(judge(cloudfrontAccessLogs, [delivery(UNKNOWN)]).outcome).toBe("not applicable");
  });

  proveControl(cloudfrontAccessLogs);
});
