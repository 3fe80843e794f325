import { describe, expect, test } from "vitest";
import { EMAIL, runProgram } from "./support/program.ts";

const program = await runProgram();
const preview = await runProgram({ preview: true });

test("every resource stands below a component, and every component below the stack", () => {
  const components = new Map(
    program.resources.filter(({ custom }) => !custom).map((each) => [each.urn, each]),
  );
  expect([...components.values()].map(({ name }) => name).sort()).toEqual([
    "assets",
    "destination",
    "encryption",
    "ingest",
    "notices",
    "observability",
    "processor",
    "source",
  ]);
  for (const { custom, parent, name } of program.resources) {
    if (custom) {
      expect([name, components.get(parent)?.name]).toEqual([name, name.split("-")[0]]);
    } else {
      expect(parent).toBe("urn:pulumi:dev::image-pipeline::pulumi:pulumi:Stack::image-pipeline-dev");
    }
  }
});

test("its outputs name what an operator needs", () => {
  expect(program.outputs).toEqual({
    sourceBucket: "image-pipeline-dev-source-4e7c35c07b",
    destinationBucket: "image-pipeline-dev-destination-4e7c35c07b",
    topicArn: "arn:aws:mock:eu-central-1:123456789012:notices-topic",
    queueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/image-pipeline-dev-ingest",
    deadLetterQueueUrl:
      "https://sqs.eu-central-1.amazonaws.com/123456789012/image-pipeline-dev-ingest-dead-letters",
    tableName: "image-pipeline-dev-assets",
    functionName: "image-pipeline-dev-processor",
    logGroupName: "/aws/lambda/image-pipeline-dev-processor",
    delivery: "off",
    inventory: "off",
    recordTags: [],
    digestFunctionName: "none",
    dashboardUrl:
      "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/image-pipeline-dev",
  });
});

test("digests add what they need, and change nothing but how outcomes are told", async () => {
  const digested = await runProgram({ config: { email: EMAIL, notices: "digest" } });
  const inputs = ({ resources }: typeof program) =>
    new Map(resources.map((each) => [`${each.type} ${each.name}`, JSON.stringify(each.inputs)]));
  const [before, after] = [inputs(program), inputs(digested)];
  expect([...before.keys()].filter((name) => !after.has(name))).toEqual([]);
  expect([...after.keys()].filter((name) => !before.has(name)).sort()).toEqual([
    "aws:cloudwatch/logGroup:LogGroup digest-logs",
    "aws:cloudwatch/metricAlarm:MetricAlarm observability-digest",
    "aws:dynamodb/table:Table digest-ledger",
    "aws:iam/role:Role digest-role",
    "aws:iam/role:Role digest-schedule-role",
    "aws:iam/rolePolicy:RolePolicy digest-key-permissions",
    "aws:iam/rolePolicy:RolePolicy digest-permissions",
    "aws:iam/rolePolicy:RolePolicy digest-schedule-key-permissions",
    "aws:iam/rolePolicy:RolePolicy digest-schedule-permissions",
    "aws:lambda/function:Function digest-function",
    "aws:scheduler/schedule:Schedule digest-schedule",
    "aws:scheduler/scheduleGroup:ScheduleGroup digest-schedule-group",
    "aws:sqs/queue:Queue digest-dead-letters",
    "aws:sqs/queuePolicy:QueuePolicy digest-dead-letters-policy",
    "image-pipeline:index:Digest digest",
  ]);
  expect([...before].flatMap(([name, value]) => (after.get(name) === value ? [] : [name])).sort()).toEqual([
    "aws:iam/rolePolicy:RolePolicy processor-key-permissions",
    "aws:iam/rolePolicy:RolePolicy processor-permissions",
    "aws:kms/key:Key encryption-key",
    "aws:lambda/function:Function processor-function",
  ]);
  expect(digested.outputs["digestFunctionName"]).toBe("image-pipeline-dev-digest");
});

describe("at the first preview", () => {
  const documents = preview.resources.flatMap(({ name, inputs }) =>
    Object.entries(inputs)
      .filter(([property]) => /^(assumeRole|redrive(Allow)?)?policy$/i.test(property))
      .map(([property, value]) => [`${name}.${property}`, typeof value === "string" ? "known" : "unknown"]),
  );

  test("every policy document that does not name the key is known, for the policy pack to judge", () => {
    expect(Object.fromEntries(documents.sort())).toEqual({
      "destination-policy.policy": "unknown",
      "encryption-key.policy": "known",
      "ingest-dead-letters-policy.policy": "known",
      "ingest-policy.policy": "known",
      "ingest-queue.redrivePolicy": "known",
      "ingest-redrive-allow-policy.redriveAllowPolicy": "known",
      "notices-policy.policy": "known",
      "processor-key-permissions.policy": "unknown",
      "processor-permissions.policy": "known",
      "processor-role.assumeRolePolicy": "known",
      "source-policy.policy": "unknown",
    });
  });
});
