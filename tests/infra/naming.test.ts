import { RunError } from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Deployment, MAX_PREFIX_LENGTH, physicalResources } from "../../infra/naming.ts";

const deployment: Deployment = {
  project: "image-pipeline",
  stack: "dev",
  partition: "aws",
  region: "eu-central-1",
  accountId: "123456789012",
};

describe("physical resources", () => {
  test("are known from the deployment alone", () => {
    const { alarm, ...names } = physicalResources(deployment);
    expect(alarm("errors")).toEqual({
      name: "image-pipeline-dev-errors",
      arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:image-pipeline-dev-errors",
    });
    expect(names).toEqual({
      logsBucket: {
        name: "image-pipeline-dev-logs-4e7c35c07b",
        arn: "arn:aws:s3:::image-pipeline-dev-logs-4e7c35c07b",
      },
      inventoryBucket: {
        name: "image-pipeline-dev-inventory-4e7c35c07b",
        arn: "arn:aws:s3:::image-pipeline-dev-inventory-4e7c35c07b",
      },
      reprocessor: {
        name: "image-pipeline-dev-reprocessor",
        arn: "arn:aws:lambda:eu-central-1:123456789012:function:image-pipeline-dev-reprocessor",
      },
      reprocessorRole: {
        name: "image-pipeline-dev-reprocessor-4e7c35c07b",
        arn: "arn:aws:iam::123456789012:role/image-pipeline-dev-reprocessor-4e7c35c07b",
      },
      reprocessorLogGroup: {
        name: "/aws/lambda/image-pipeline-dev-reprocessor",
        arn: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/image-pipeline-dev-reprocessor",
      },
      batchRole: {
        name: "image-pipeline-dev-batch-4e7c35c07b",
        arn: "arn:aws:iam::123456789012:role/image-pipeline-dev-batch-4e7c35c07b",
      },
      deliverySource: {
        name: "image-pipeline-dev-delivery",
        arn: "arn:aws:logs:us-east-1:123456789012:delivery-source:image-pipeline-dev-delivery",
      },
      deliverySources: { name: "*", arn: "arn:aws:logs:us-east-1:123456789012:delivery-source:*" },
      distributions: { name: "*", arn: "arn:aws:cloudfront::123456789012:distribution/*" },
      sourceBucket: {
        name: "image-pipeline-dev-source-4e7c35c07b",
        arn: "arn:aws:s3:::image-pipeline-dev-source-4e7c35c07b",
      },
      destinationBucket: {
        name: "image-pipeline-dev-destination-4e7c35c07b",
        arn: "arn:aws:s3:::image-pipeline-dev-destination-4e7c35c07b",
      },
      keyAlias: {
        name: "alias/image-pipeline-dev",
        arn: "arn:aws:kms:eu-central-1:123456789012:alias/image-pipeline-dev",
      },
      ingestQueue: {
        name: "image-pipeline-dev-ingest",
        arn: "arn:aws:sqs:eu-central-1:123456789012:image-pipeline-dev-ingest",
      },
      deadLetterQueue: {
        name: "image-pipeline-dev-ingest-dead-letters",
        arn: "arn:aws:sqs:eu-central-1:123456789012:image-pipeline-dev-ingest-dead-letters",
      },
      assetTable: {
        name: "image-pipeline-dev-assets",
        arn: "arn:aws:dynamodb:eu-central-1:123456789012:table/image-pipeline-dev-assets",
      },
      noticeTopic: {
        name: "image-pipeline-dev-notices",
        arn: "arn:aws:sns:eu-central-1:123456789012:image-pipeline-dev-notices",
      },
      digest: {
        name: "image-pipeline-dev-digest",
        arn: "arn:aws:lambda:eu-central-1:123456789012:function:image-pipeline-dev-digest",
      },
      digestRole: {
        name: "image-pipeline-dev-digest-4e7c35c07b",
        arn: "arn:aws:iam::123456789012:role/image-pipeline-dev-digest-4e7c35c07b",
      },
      digestLogGroup: {
        name: "/aws/lambda/image-pipeline-dev-digest",
        arn: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/image-pipeline-dev-digest",
      },
      digestTable: {
        name: "image-pipeline-dev-digest",
        arn: "arn:aws:dynamodb:eu-central-1:123456789012:table/image-pipeline-dev-digest",
      },
      digestDeadLetterQueue: {
        name: "image-pipeline-dev-digest-dead-letters",
        arn: "arn:aws:sqs:eu-central-1:123456789012:image-pipeline-dev-digest-dead-letters",
      },
      scheduleGroup: {
        name: "image-pipeline-dev",
        arn: "arn:aws:scheduler:eu-central-1:123456789012:schedule-group/image-pipeline-dev",
      },
      digestSchedule: {
        name: "image-pipeline-dev-digest",
        arn: "arn:aws:scheduler:eu-central-1:123456789012:schedule/image-pipeline-dev/image-pipeline-dev-digest",
      },
      schedulerRole: {
        name: "image-pipeline-dev-scheduler-4e7c35c07b",
        arn: "arn:aws:iam::123456789012:role/image-pipeline-dev-scheduler-4e7c35c07b",
      },
      processor: {
        name: "image-pipeline-dev-processor",
        arn: "arn:aws:lambda:eu-central-1:123456789012:function:image-pipeline-dev-processor",
      },
      processorRole: {
        name: "image-pipeline-dev-processor-4e7c35c07b",
        arn: "arn:aws:iam::123456789012:role/image-pipeline-dev-processor-4e7c35c07b",
      },
      logGroup: {
        name: "/aws/lambda/image-pipeline-dev-processor",
        arn: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/image-pipeline-dev-processor",
      },
      dashboard: {
        name: "image-pipeline-dev",
        arn: "arn:aws:cloudwatch::123456789012:dashboard/image-pipeline-dev",
      },
    });
  });

  test("carry the partition into every ARN", () => {
    const { alarm, ...names } = physicalResources({
      ...deployment,
      partition: "aws-cn",
      region: "cn-north-1",
    });
    for (const { arn } of [...Object.values(names), alarm("errors")]) {
      expect(arn).toMatch(/^arn:aws-cn:/);
    }
  });

  test.each([
    ["another account", { accountId: "210987654321" }],
    ["another region", { region: "us-east-1" }],
    ["a stack that only punctuation tells apart", { stack: "d-e-v" }],
  ])("of %s share no bucket and no role", (_, change) => {
    const [one, two] = [
      physicalResources({ ...deployment, stack: "d.e.v" }),
      physicalResources({ ...deployment, stack: "d.e.v", ...change }),
    ];
    expect(two.sourceBucket.name).not.toBe(one.sourceBucket.name);
    expect(two.destinationBucket.name).not.toBe(one.destinationBucket.name);
    expect(two.processorRole.name).not.toBe(one.processorRole.name);
  });

  test("keep to AWS's rules for every project and stack that they accept", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,30}$/);
    fc.assert(
      fc.property(word, word, (project, stack) => {
        let names: ReturnType<typeof physicalResources>;
        try {
          names = physicalResources({ ...deployment, project, stack });
        } catch (error) {
          expect(RunError.isInstance(error)).toBe(true);
          return;
        }
        for (const { name } of [names.sourceBucket, names.destinationBucket, names.inventoryBucket]) {
          expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
        }
        for (const { name } of [names.processorRole, names.reprocessorRole, names.batchRole]) {
          expect(name.length).toBeLessThanOrEqual(64);
        }
        expect(names.processor.name.length).toBeLessThanOrEqual(64);
        expect(names.reprocessor.name.length).toBeLessThanOrEqual(64);
        expect(names.sourceBucket.name).not.toBe(names.destinationBucket.name);
      }),
    );
  });

  test("refuse a prefix that is too long, with the limit and what to do", () => {
    const stack = "s".repeat(MAX_PREFIX_LENGTH);
    expect(() => physicalResources({ ...deployment, stack })).toThrow(
      `The project and stack names make the prefix "image-pipeline-${stack}" of every resource name: expected 3 to 40 letters, digits and hyphens, got 55. Choose a shorter stack name.`,
    );
  });
});
