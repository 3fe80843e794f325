import { describe, expect, test } from "vitest";
import { runProgram } from "./support/program.ts";

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
    dashboardUrl:
      "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/image-pipeline-dev",
  });
});

describe("at the first preview", () => {
  const documents = preview.resources.flatMap(({ name, inputs }) =>
    Object.entries(inputs)
      .filter(([property]) => /^(assumeRole|redrive(Allow)?)?policy$/i.test(property))
      .map(([property, value]) => [`${name}.${property}`, typeof value === "string" ? "known" : "unknown"]),
  );

  test("every policy document but the key's grant is known, for the policy pack to judge", () => {
    expect(Object.fromEntries(documents.sort())).toEqual({
      "destination-policy.policy": "known",
      "encryption-key.policy": "known",
      "ingest-dead-letters-policy.policy": "known",
      "ingest-policy.policy": "known",
      "ingest-queue.redrivePolicy": "known",
      "ingest-redrive-allow-policy.redriveAllowPolicy": "known",
      "notices-policy.policy": "known",
      "processor-key-permissions.policy": "unknown",
      "processor-permissions.policy": "known",
      "processor-role.assumeRolePolicy": "known",
      "source-policy.policy": "known",
    });
  });
});
