import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import { DEFAULT_RENDITIONS, renditionSpecs } from "../../handler/core/spec/rendition-spec.ts";
import { ConfigError, loadConfig } from "../../infra/config.ts";
import { settingsSchema } from "../../infra/settings.ts";

const EMAIL = "owner@example.com";
const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";

const load = (values: Readonly<Record<string, string>>) => {
  pulumi.runtime.setMocks(
    { call: () => ({}), newResource: () => ({ id: "", state: {} }) },
    "image-pipeline",
    "dev",
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`image-pipeline:${key}`, value])),
    ["image-pipeline:email"],
  );
  return loadConfig(renditionSpecs.default([...DEFAULT_RENDITIONS]));
};

const messageOf = async (values: Readonly<Record<string, string>>): Promise<string> => {
  const error = await load(values).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return error instanceof ConfigError ? error.message : "";
};

describe("the stack's configuration", () => {
  test("needs no more than an address", async () => {
    const { email, ...config } = await load({ email: EMAIL });
    expect(config).toEqual({
      architecture: "arm64",
      memoryMb: 1769,
      timeoutSeconds: 60,
      maximumConcurrency: 10,
      batchSize: 5,
      batchWindowSeconds: 0,
      maxReceiveCount: 5,
      messageRetentionDays: 4,
      tracing: true,
      logLevel: "INFO",
      logRetentionDays: 30,
      maxImageBytes: 104_857_600,
      maxImagePixels: 50_000_000,
      svg: "refuse",
      heicPreviewSide: 1000,
      inventory: "off",
      recordTags: [],
      keepPosition: false,
      renditionLinks: "console",
      delivery: false,
      deliveryPriceClass: "PriceClass_100",
      deliveryLogDays: 30,
      corsAllowedOrigins: [],
      notices: "every",
      onDelete: "keep",
      noncurrentVersionDays: 30,
      protectData: true,
      keyDeletionWindowDays: 30,
      backlogAlarmSeconds: 900,
      tags: {},
      renditions: DEFAULT_RENDITIONS,
    });
    expect(await pulumi.isSecret(email)).toBe(true);
  });

  test("takes every key from the stack's file", async () => {
    const config = await load({
      email: EMAIL,
      architecture: "x86_64",
      reservedConcurrency: "20",
      tracing: "false",
      renditionLinks: "https://images.example.com/",
      corsAllowedOrigins: '["https://www.example.com","http://localhost:3000"]',
      tags: '{"CostCentre":"1234"}',
      renditions: '[{"name":"small","width":320,"formats":["avif"]}]',
    });
    expect(config).toMatchObject({
      architecture: "x86_64",
      reservedConcurrency: 20,
      tracing: false,
      renditionLinks: "https://images.example.com/",
      corsAllowedOrigins: ["https://www.example.com", "http://localhost:3000"],
      tags: { CostCentre: "1234" },
      renditions: [{ name: "small", width: 320, fit: "inside", formats: ["avif"] }],
    });
  });

  test("lists every problem in one error, without a stack trace for people", async () => {
    expect(
      await messageOf({
        architecture: "riscv",
        memoryMb: "256",
        timeoutSeconds: "soon",
        memoryMB: "1024",
        renditions: '[{"name":"Large","width":0,"formats":["bmp"]}]',
      }),
    ).toBe(
      [
        "The configuration of this stack has 8 problems:",
        `  - image-pipeline:memoryMB: unknown key, expected one of ${["email", "renditions", ...Object.keys(settingsSchema.shape)].join(", ")}`,
        "  - image-pipeline:email: missing, expected the address that gets the notices; run `pulumi config set --secret email you@example.com`",
        '  - image-pipeline:architecture: expected one of "arm64"|"x86_64", got "riscv"',
        "  - image-pipeline:memoryMb: too small: expected number to be >=512, got 256",
        '  - image-pipeline:timeoutSeconds: expected number, got "soon"',
        '  - image-pipeline:renditions[0].name: expected 1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen, got "Large"',
        "  - image-pipeline:renditions[0].width: expected at least 1 pixel, got 0",
        '  - image-pipeline:renditions[0].formats[0]: expected one of avif, webp, tiff, gif, png, jpeg, auto, got "bmp"',
        "Set a value with `pulumi config set <key> <value>`; README.md lists every key.",
      ].join("\n"),
    );
    expect(pulumi.RunError.isInstance(new ConfigError("image-pipeline", []))).toBe(true);
  });

  test.each([
    [
      '["album","b","c","d","e","f"]',
      "recordTags: expected at most five names: each is an index of the table",
    ],
    ['["a=b"]', "recordTags[0]: expected the name of an object tag, 1 to 40 letters, digits, spaces and"],
    ['["aws:x"]', "recordTags[0]: expected the name of an object tag"],
    ['["a","b","a"]', "recordTags: expected each name once"],
  ])("refuses object tags that can't be recorded: %s", async (recordTags, problem) => {
    const message = await messageOf({ email: EMAIL, recordTags });
    expect(message).toContain("has 1 problem");
    expect(message).toContain(`image-pipeline:${problem}`);
  });

  test.each([
    [
      { keyArn: "alias/image-pipeline-dev" },
      'keyArn: expected the ARN of a key, and not of an alias, got "alias/image-pipeline-dev"',
    ],
    [
      { keyArn: "arn:aws:kms:eu-central-1:123456789012:alias/images" },
      "keyArn: expected the ARN of a key, and not of an alias, got",
    ],
    [
      { permissionsBoundary: "image-ci-dev-boundary" },
      'permissionsBoundary: expected the ARN of a managed policy, got "image-ci-dev-boundary"',
    ],
  ])("refuses a key or a boundary that is no ARN: %o", async (config, problem) => {
    expect(await messageOf({ email: EMAIL, ...config })).toContain(problem);
  });

  test.each([
    [
      { renditionLinks: "delivery" },
      'renditionLinks: expected delivery only with image-pipeline:delivery true, got "delivery"',
    ],
    [
      { delivery: "true", deliveryDomain: "images.example.com" },
      "deliveryCertificateArn: expected a certificate for deliveryDomain, got nothing",
    ],
    [
      { delivery: "true", deliveryCertificateArn: CERTIFICATE },
      "deliveryDomain: expected the domain that deliveryCertificateArn is for, got nothing",
    ],
    [
      { deliveryDomain: "images.example.com", deliveryCertificateArn: CERTIFICATE },
      "delivery: expected true, or no deliveryDomain, got nothing",
    ],
    [
      {
        delivery: "true",
        deliveryDomain: "images.example.com",
        deliveryCertificateArn: CERTIFICATE.replace("us-east-1", "eu-west-1"),
      },
      "deliveryCertificateArn: expected the ARN of a certificate in ACM in us-east-1, where CloudFront looks for it, got",
    ],
    [
      {
        delivery: "true",
        deliveryDomain: "https://images.example.com/",
        deliveryCertificateArn: CERTIFICATE,
      },
      "deliveryDomain: expected a domain such as images.example.com, got",
    ],
    [
      { delivery: "true", deliveryWebAclArn: "images" },
      "deliveryWebAclArn: expected the ARN of a web ACL of WAFv2 with the scope CLOUDFRONT, got",
    ],
  ])("refuses a delivery that can't be: %o", async (config, problem) => {
    const message = await messageOf({ email: EMAIL, ...config });
    expect(message).toContain("has 1 problem");
    expect(message).toContain(`image-pipeline:${problem}`);
  });

  test("takes roles and users as operators, with their paths", async () => {
    const operators = [
      "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Ops_0123456789abcdef",
      "arn:aws-us-gov:iam::123456789012:user/ada",
    ];
    expect(await load({ email: EMAIL, operators: JSON.stringify(operators) })).toMatchObject({ operators });
  });

  test.each([
    ['["arn:aws:iam::123456789012:role/*"]', "operators[0]: expected the ARN of an IAM role or user, got"],
    ['["arn:aws:iam::123456789012:root"]', "operators[0]: expected the ARN of an IAM role or user, got"],
    [
      '["arn:aws:sts::123456789012:assumed-role/Ops/ada"]',
      "operators[0]: expected the ARN of an IAM role or user, got",
    ],
    ["[]", "operators: expected at least one: somebody has to redrive, got []"],
  ])("refuses other operators: %s", async (operators, problem) => {
    const message = await messageOf({ email: EMAIL, operators });
    expect(message).toContain("has 1 problem");
    expect(message).toContain(`image-pipeline:${problem}`);
  });

  test("takes when digests are sent", async () => {
    const schedule = { digestEvery: "week", digestHour: "0", digestTimeZone: "Europe/Berlin" };
    expect(await load({ email: EMAIL, notices: "digest", ...schedule })).toMatchObject({
      notices: "digest",
      digestEvery: "week",
      digestHour: 0,
      digestTimeZone: "Europe/Berlin",
    });
  });

  test.each([
    [{ digestEvery: "day" }, "notices: expected digest, or no digestEvery, got nothing"],
    [{ notices: "failures", digestHour: "8" }, 'notices: expected digest, or no digestHour, got "failures"'],
    [
      { notices: "every", digestTimeZone: "UTC" },
      'notices: expected digest, or no digestTimeZone, got "every"',
    ],
    [
      { notices: "digest", digestEvery: "hour", digestHour: "8" },
      "digestHour: expected none when digestEvery is hour, got 8",
    ],
    [
      { notices: "digest", digestEvery: "month" },
      'digestEvery: expected one of "hour"|"day"|"week", got "month"',
    ],
    [{ notices: "digest", digestHour: "24" }, "digestHour: too big: expected number to be <=23, got 24"],
    [
      { notices: "digest", digestTimeZone: "Berlin" },
      'digestTimeZone: expected a time zone such as Europe/Berlin, got "Berlin"',
    ],
    [
      { notices: "digest", digestTimeZone: "+01:00" },
      'digestTimeZone: expected a time zone such as Europe/Berlin, got "+01:00"',
    ],
  ])("refuses a digest that can't be: %o", async (config, problem) => {
    const message = await messageOf({ email: EMAIL, ...config });
    expect(message).toContain("has 1 problem");
    expect(message).toContain(`image-pipeline:${problem}`);
  });

  test.each(["owner", "owner@", "owner example.com"])(
    "never shows an address that is not one: %j",
    async (email) => {
      const message = await messageOf({ email });
      expect(message).toBe(
        [
          "The configuration of this stack has 1 problem:",
          "  - image-pipeline:email: expected an e-mail address such as you@example.com; what came is secret and not shown",
          "Set a value with `pulumi config set <key> <value>`; README.md lists every key.",
        ].join("\n"),
      );
    },
  );

  test("takes the empty default of Pulumi.yaml for a missing address", async () => {
    expect(await messageOf({ email: "" })).toContain("- image-pipeline:email: missing, expected the address");
  });

  test("refuses an address that the engine found in plain text, and says how to encrypt it", async () => {
    vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", '["image-pipeline:other"]');
    expect(await messageOf({ email: EMAIL })).toBe(
      [
        "The configuration of this stack has 1 problem:",
        "  - image-pipeline:email: expected a secret, got plain text in the stack's file; run `pulumi config set --secret email you@example.com`",
        "Set a value with `pulumi config set <key> <value>`; README.md lists every key.",
      ].join("\n"),
    );
    vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", '["image-pipeline:email"]');
    await expect(load({ email: EMAIL })).resolves.toMatchObject({ batchSize: 5 });
    vi.unstubAllEnvs();
  });

  test.each([
    ["logRetentionDays", "31", /expected one of 1\|3\|5\|7\|14\|30/],
    ["memoryMb", "1769.5", /memoryMb: expected int, got 1769\.5/],
    [
      "corsAllowedOrigins",
      '["https://www.example.com/path"]',
      /corsAllowedOrigins\[0\]: expected an origin such as https:\/\/www\.example\.com, with no path/,
    ],
    ["corsAllowedOrigins", '["*"]', /corsAllowedOrigins\[0\]: /],
    ["renditionLinks", "http://images.example.com", /renditionLinks: /],
    ["tags", '{"aws:name":"x"}', /tags/],
    [
      "reservedConcurrency",
      "5",
      /reservedConcurrency: expected at least maximumConcurrency, or the queue starts runs that Lambda throttles, got 5/,
    ],
  ])("refuses %s %s", async (key, value, expected) => {
    expect(await messageOf({ email: EMAIL, [key]: value })).toMatch(expected);
  });

  test("leaves other programs' keys alone", async () => {
    pulumi.runtime.setMocks(
      { call: () => ({}), newResource: () => ({ id: "", state: {} }) },
      "image-pipeline",
      "dev",
    );
    pulumi.runtime.setAllConfig({ "image-pipeline:email": EMAIL, "aws:region": "eu-central-1" });
    await expect(loadConfig(renditionSpecs.default([...DEFAULT_RENDITIONS]))).resolves.toMatchObject({
      batchSize: 5,
    });
  });
});
