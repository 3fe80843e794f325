import { describe, expect, it } from "vitest";
import { sqsDeadLetterQueue } from "../../../../policy/controls/sqs/dead-letter-queue.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;
const redriveTo = (name: string) => JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount: 5 });
const queue = (name: string, props: object = {}, propertyDependencies = {}) =>
  resource({
    type: "aws:sqs/queue:Queue",
    name,
    props: { name, arn: arnOf(name), url: `https://sqs/${name}`, ...props },
    propertyDependencies,
  });
const mapping = (eventSourceArn: unknown, propertyDependencies = {}) =>
  resource({
    type: "aws:lambda/eventSourceMapping:EventSourceMapping",
    name: "mapping",
    props: { eventSourceArn, functionName: "resize" },
    propertyDependencies,
  });
const MISSING = ["ingest Redrive::missing"];

describe("SQS-003 sqs-dead-letter-queue", () => {
  it("accepts a queue with a consumer and a redrive policy, inline or separate", () => {
    const inline = queue("ingest", { redrivePolicy: redriveTo("dead") });
    expect(judge(sqsDeadLetterQueue, [inline, mapping(arnOf("ingest"))]).outcome).toBe("compliant");
    const separate = resource({
      type: "aws:sqs/redrivePolicy:RedrivePolicy",
      props: { queueUrl: "https://sqs/ingest", redrivePolicy: redriveTo("dead") },
    });
    const stack = [queue("ingest"), separate, mapping(arnOf("ingest"))];
    expect(judge(sqsDeadLetterQueue, stack).outcome).toBe("compliant");
  });

  it("reports a queue with a function as its consumer and no redrive policy", () => {
    expect(findingsOf(judge(sqsDeadLetterQueue, [queue("ingest"), mapping(arnOf("ingest"))]))).toEqual(
      MISSING,
    );
  });

  it("reports a queue without a redrive policy even if another queue has one", () => {
    const other = queue("other", { redrivePolicy: redriveTo("dead") });
    const stack = [queue("ingest"), other, mapping(arnOf("ingest"))];
    expect(findingsOf(judge(sqsDeadLetterQueue, stack))).toEqual(MISSING);
    const unnamed = queue("ingest", { name: undefined, arn: UNKNOWN });
    const verdict = judge(sqsDeadLetterQueue, [
      unnamed,
      other,
      mapping(UNKNOWN, { eventSourceArn: [unnamed] }),
    ]);
    expect(findingsOf(verdict)).toEqual(MISSING);
  });

  it("reports a queue with a pipe as its consumer and no redrive policy", () => {
    const pipe = resource({ type: "aws:pipes/pipe:Pipe", props: { source: arnOf("ingest") } });
    expect(findingsOf(judge(sqsDeadLetterQueue, [queue("ingest"), pipe]))).toEqual(MISSING);
  });

  it("reports a queue at preview by the origin of unknown values", () => {
    const ingest = queue("ingest", { arn: UNKNOWN, redrivePolicy: UNKNOWN });
    const verdict = judge(sqsDeadLetterQueue, [ingest, mapping(UNKNOWN, { eventSourceArn: [ingest] })]);
    expect(findingsOf(verdict)).toEqual(MISSING);
  });

  it.each([
    ["its ARN", {}],
    ["its name, while its ARN is unknown", { arn: UNKNOWN }],
  ])(
    "does not require a redrive policy of a dead-letter queue with a consumer, matched by %s",
    (_, props) => {
      const ingest = queue("ingest", { redrivePolicy: redriveTo("dead") });
      const dead = queue("dead", props);
      const verdict = judge(sqsDeadLetterQueue, [ingest, dead, mapping(UNKNOWN, { eventSourceArn: [dead] })]);
      expect(verdict.outcome).toBe("compliant");
    },
  );

  it("matches a dead-letter queue by the origin of an unknown redrive policy", () => {
    const dead = queue("dead", { arn: UNKNOWN });
    const ingest = queue("ingest", { redrivePolicy: UNKNOWN }, { redrivePolicy: [dead] });
    const verdict = judge(sqsDeadLetterQueue, [ingest, dead, mapping(UNKNOWN, { eventSourceArn: [dead] })]);
    expect(verdict.outcome).toBe("compliant");
  });

  it("does not require a redrive policy of a queue without a consumer", () => {
    expect(judge(sqsDeadLetterQueue, [queue("ingest")]).outcome).toBe("compliant");
  });

  it("does not judge while a mapping's source is unknown and has an unknown origin", () => {
    expect(judge(sqsDeadLetterQueue, [queue("ingest"), mapping(UNKNOWN)])).toMatchObject({
      outcome: "not judged",
      notJudged: [{ path: "mapping.eventSourceArn", resource: { name: "ingest" } }],
    });
  });

  it("reports a redrive policy that is not JSON, without quoting it", () => {
    const ingest = queue("ingest", { redrivePolicy: "hunter2" });
    const verdict = judge(sqsDeadLetterQueue, [ingest, queue("dead"), mapping(arnOf("dead"))]);
    expect(findingsOf(verdict)).toEqual(["dead Malformed::ingest.redrivePolicy"]);
    expect(JSON.stringify(verdict.findings.map(({ message }) => message))).not.toContain("hunter2");
  });

  it("does not apply to a stack without queues", () => {
    expect(judge(sqsDeadLetterQueue, [mapping(arnOf("ingest"))]).outcome).toBe("not applicable");
  });

  proveControl(sqsDeadLetterQueue);
});
