import { describe, expect, test } from "vitest";
import { z } from "zod";
import { consoleLink } from "../../handler/core/record/link.ts";
import { consoleUrl, partitionProblems } from "../../infra/partitions.ts";
import { EMAIL, type RecordedProgram, runProgram } from "../support/program.ts";

const PLACES = [
  {
    partition: "aws",
    region: "eu-central-1",
    dnsSuffix: "amazonaws.com",
    console: "https://eu-central-1.console.aws.amazon.com",
  },
  {
    partition: "aws-cn",
    region: "cn-north-1",
    dnsSuffix: "amazonaws.com.cn",
    console: "https://cn-north-1.console.amazonaws.cn",
  },
  {
    partition: "aws-us-gov",
    region: "us-gov-west-1",
    dnsSuffix: "amazonaws.com",
    console: "https://us-gov-west-1.console.amazonaws-us-gov.com",
  },
] as const;

const oneOrMore = z.union([z.string().transform((value) => [value]), z.array(z.string())]);
const statements = z.object({
  Statement: z.array(
    z.object({
      Principal: z.union([z.literal("*"), z.record(z.string(), oneOrMore)]).optional(),
      Resource: oneOrMore.optional(),
      Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
    }),
  ),
});

/** Every statement of every policy document of the program. */
const statementsOf = ({ resources }: RecordedProgram) =>
  resources.flatMap(({ inputs }) =>
    [inputs["policy"], inputs["assumeRolePolicy"]].flatMap((text) =>
      typeof text === "string" ? statements.parse(JSON.parse(text)).Statement : [],
    ),
  );

const EVERYTHING = {
  email: EMAIL,
  inventory: "daily",
  notices: "digest",
  renditions: '[{"name":"a","width":8,"formats":["webp"],"watermark":{"image":"logo.png"}}]',
};

describe.each(PLACES)("in the partition $partition", ({ partition, region, dnsSuffix, console }) => {
  const place = {
    partition,
    region,
    callerArn: `arn:${partition}:sts::123456789012:assumed-role/Deployer/ada`,
  };

  test("every document names services, keys and resources as that partition does", async () => {
    const config = { ...EVERYTHING, ...(partition === "aws" ? { delivery: "true" } : {}) };
    const found = statementsOf(await runProgram({ config, place }));
    const services = found.flatMap(({ Principal }) =>
      Principal === undefined || Principal === "*" ? [] : (Principal["Service"] ?? []),
    );
    expect([...new Set(services)].sort()).toEqual(
      [
        "batchoperations.s3.amazonaws.com",
        "cloudwatch.amazonaws.com",
        "lambda.amazonaws.com",
        `logs.${region}.${dnsSuffix}`,
        "s3.amazonaws.com",
        "scheduler.amazonaws.com",
        ...(partition === "aws" ? ["cloudfront.amazonaws.com", "delivery.logs.amazonaws.com"] : []),
      ].sort(),
    );
    const through = found.flatMap(({ Condition }) => Condition?.["StringEquals"]?.["kms:ViaService"] ?? []);
    expect([...new Set(through)].sort()).toEqual(
      ["dynamodb", "lambda", "s3", "sns", "sqs"].map((service) => `${service}.${region}.${dnsSuffix}`),
    );
    // What AWS answers of a resource, such as the key's ARN, is the recorder's own and always of the partition aws.
    const arns = found
      .flatMap(({ Principal, Resource = [], Condition = {} }) => [
        ...Resource,
        ...(Principal === undefined || Principal === "*" ? [] : (Principal["AWS"] ?? [])),
        ...Object.values(Condition).flatMap((keys) => Object.values(keys).flat()),
      ])
      .filter((text) => text.startsWith("arn:") && !text.includes(":kms:"));
    expect(arns.length).toBeGreaterThan(50);
    expect(arns.filter((arn) => !arn.startsWith(`arn:${partition}:`))).toEqual([]);
  });

  test("the console is found, and by the function as well", async () => {
    expect(consoleUrl({ partition, region })).toBe(console);
    expect(new URL(consoleLink(region, { bucket: "images", key: "a.jpg" })).origin).toBe(console);
    expect((await runProgram({ place })).outputs["dashboardUrl"]).toBe(
      `${console}/cloudwatch/home?region=${region}#dashboards/dashboard/image-pipeline-dev`,
    );
  });
});

describe("where CloudFront can't serve", () => {
  test.each([
    [
      "aws-cn",
      "cn-north-1",
      "CloudFront in China takes certificates from IAM and domains with an ICP licence alone, and sends no logs as this program sets them up",
    ],
    ["aws-us-gov", "us-gov-west-1", "AWS GovCloud (US) has no CloudFront"],
  ])("a delivery is a problem of the configuration, in %s", (partition, region, reason) => {
    expect(partitionProblems({ partition, region }, { delivery: true })).toEqual([
      `delivery: expected false in the partition ${partition}: ${reason}`,
    ]);
    expect(partitionProblems({ partition, region }, { delivery: false })).toEqual([]);
  });

  test("elsewhere it is none", () => {
    expect(partitionProblems({ partition: "aws", region: "eu-central-1" }, { delivery: true })).toEqual([]);
  });
});

test("another partition is refused by its name", () => {
  expect(() => consoleUrl({ partition: "aws-iso", region: "us-iso-east-1" })).toThrow(
    'This program can\'t be deployed to the AWS partition "aws-iso": expected one of aws, aws-cn, aws-us-gov. Choose another region with `pulumi config set aws:region`.',
  );
});
