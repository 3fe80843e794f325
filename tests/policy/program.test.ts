import { describe, expect, it } from "vitest";
import { controls } from "../../policy/controls/index.ts";
import type { StackResource } from "../../policy/engine/resource.ts";
import { EMAIL, KEY_ARN, type RunOptions, runProgram } from "../support/program.ts";
import {
  type ProgramConfig,
  type ShownConfig,
  settingConfigs,
  settingRows,
  shownConfigs,
  yamlBlocks,
} from "./support/program-configs.ts";
import { inputsOf, previewedStatesOf, statesOf } from "./support/program-subjects.ts";
import { judge } from "./support/subject.ts";

// Controls that are disabled by default report nothing with the default config.
const enabled = controls.filter(({ level }) => level !== "disabled");

type Explanation = {
  readonly why: string;
  readonly when: (config: ProgramConfig) => boolean;
  /** `resource control finding`. All of them are advisory. */
  readonly findings: readonly string[];
};

/** Advisories that the project accepts, and why. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    why: "Access logs need a third bucket that grows forever. CloudTrail's data events are a better record if one is needed.",
    when: () => true,
    findings: [
      "source-bucket s3-bucket-access-logging Logging::missing",
      "destination-bucket s3-bucket-access-logging Logging::missing",
    ],
  },
  {
    why: "With `protectData: false` the owner accepts that the data can be deleted.",
    when: ({ protectData }) => protectData === "false",
    findings: [
      "assets-table dynamodb-table-deletion-protection DeletionProtection::disabled",
      "assets-table policy-data-store-protection Protect::off",
      "destination-bucket policy-data-store-protection Protect::off",
      "destination-bucket s3-bucket-force-destroy ForceDestroy::enabled",
      "encryption-key policy-data-store-protection Protect::off",
      "source-bucket policy-data-store-protection Protect::off",
      "source-bucket s3-bucket-force-destroy ForceDestroy::enabled",
    ],
  },
  {
    why: "The config allows the shortest waiting period.",
    when: ({ keyDeletionWindowDays }) => keyDeletionWindowDays === "7",
    findings: ["encryption-key kms-key-deletion-window DeletionWindow::short"],
  },
  {
    why: "The owner can disable tracing.",
    when: ({ tracing }) => tracing === "false",
    findings: ["processor-function lambda-tracing Tracing::inactive"],
  },
  {
    why: "Sent notices can be deleted. A protected ledger would stop its owner from disabling digests.",
    when: ({ notices }) => notices === "digest",
    findings: [
      "digest-ledger dynamodb-table-deletion-protection DeletionProtection::disabled",
      "digest-ledger policy-data-store-protection Protect::off",
    ],
  },
  {
    why: "The owner can disable tracing of digests.",
    when: ({ notices, tracing }) => notices === "digest" && tracing === "false",
    findings: ["digest-function lambda-tracing Tracing::inactive"],
  },
  {
    why: "Access logs of the log bucket would need another log bucket, and so on.",
    when: ({ delivery }) => delivery === "true",
    findings: ["delivery-logs-bucket s3-bucket-access-logging Logging::missing"],
  },
  {
    why: "S3 creates inventory lists again, so they can be deleted.",
    when: ({ inventory = "off" }) => inventory !== "off",
    findings: [
      "inventory-lists-bucket policy-data-store-protection Protect::off",
      "inventory-lists-bucket s3-bucket-force-destroy ForceDestroy::enabled",
    ],
  },
  {
    why: "The owner can disable tracing of the inventory's function.",
    when: ({ tracing, inventory = "off" }) => tracing === "false" && inventory !== "off",
    findings: ["inventory-reprocessor-function lambda-tracing Tracing::inactive"],
  },
  {
    why: "Only operators read the lists, and CloudTrail records their access.",
    when: ({ inventory = "off" }) => inventory !== "off",
    findings: ["inventory-lists-bucket s3-bucket-access-logging Logging::missing"],
  },
  {
    why: "The key that the configuration names is not in this stack.",
    when: ({ keyArn }) => keyArn !== undefined,
    findings: ["processor-key-permissions iam-dead-grant Resource::UseTheKey[0]"],
  },
  {
    why: "A custom certificate needs a custom domain.",
    when: ({ delivery, deliveryDomain }) => delivery === "true" && deliveryDomain === undefined,
    findings: ["delivery-distribution cloudfront-custom-certificate Certificate::default"],
  },
];

const BOUNDARY_ARN = "arn:aws:iam::123456789012:policy/image-ci-dev-boundary";

/** Configs with values that README's settings table does not list. */
const OTHERS: readonly ShownConfig[] = [
  ["the default config", {}],
  ["a delivery", { delivery: "true", renditionLinks: "delivery" }],
  [
    "a delivery with a custom domain and a web ACL",
    {
      delivery: "true",
      deliveryDomain: "images.example.com",
      deliveryCertificateArn:
        "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
      deliveryWebAclArn:
        "arn:aws:wafv2:us-east-1:123456789012:global/webacl/images/11111111-2222-3333-4444-555555555555",
    },
  ],
  ["digests", { notices: "digest", digestTimeZone: "Europe/Berlin" }],
  ["hourly digests", { notices: "digest", digestEvery: "hour" }],
  ["uploads from a browser", { corsAllowedOrigins: '["https://www.example.com"]' }],
  ["recorded object tags", { recordTags: '["album","cost-center"]' }],
  [
    "a watermark that named operators alone may change",
    {
      renditions: '[{"name":"shown","width":800,"formats":["webp"],"watermark":{"image":"brand/logo.png"}}]',
      operators: '["arn:aws:iam::123456789012:role/ops/Redrive"]',
    },
  ],
  ["tags and links", { tags: '{"Team":"images"}', renditionLinks: "none" }],
  [
    "a key and a boundary that CI's administrator made",
    { keyArn: KEY_ARN, permissionsBoundary: BOUNDARY_ARN },
  ],
  ["links to what serves the bucket", { renditionLinks: "https://images.example.com/" }],
];

const CONFIGS = [...OTHERS, ...settingConfigs(), ...shownConfigs()];

type Judged = {
  /** `resource control key`, with the control's level. */
  readonly findings: Readonly<Record<string, string>>;
  /** `resource path`. */
  readonly notJudged: readonly string[];
};

const judgeAll = (inputs: readonly StackResource[], states: readonly StackResource[]): Judged => {
  const findings: [string, string][] = [];
  const notJudged = new Set<string>();
  for (const control of enabled) {
    const subjects =
      control.kind === "stack" ? [states] : inputs.filter(({ type }) => control.types.includes(type));
    for (const verdict of subjects.map((subject) => judge(control, subject))) {
      for (const { resource, key } of verdict.findings) {
        findings.push([`${resource?.name} ${control.name} ${key}`, control.level]);
      }
      for (const { resource, path } of verdict.notJudged) notJudged.add(`${resource?.name} ${path}`);
    }
  }
  return { findings: Object.fromEntries(findings.sort()), notJudged: [...notJudged].sort() };
};

/** What contains the key's ARN of a bucket: its encryption, and its policy, which refuses every other key. */
const bucketNotJudged = (name: string): readonly string[] => [
  `${name}-bucket ${name}-policy.policy`,
  `${name}-bucket rules[0].applyServerSideEncryptionByDefault[0].kmsMasterKeyId`,
  `${name}-policy policy`,
];

/** Properties of digest resources that contain the key's ARN. */
const DIGEST_NOT_JUDGED: readonly string[] = [
  "digest-dead-letters kmsMasterKeyId",
  "digest-function kmsKeyArn",
  "digest-key-permissions policy",
  "digest-ledger serverSideEncryption[0].kmsKeyArn",
  "digest-schedule kmsKeyArn",
  "digest-schedule-key-permissions policy",
];

const run = (config: ProgramConfig, options: RunOptions = {}) =>
  runProgram({ ...options, config: { email: EMAIL, ...config } });

const explained = (config: ProgramConfig): Judged["findings"] => {
  const findings = EXPLANATIONS.filter(({ when }) => when(config)).flatMap((each) => each.findings);
  return Object.fromEntries(findings.map((finding) => [finding, "advisory"]));
};

describe("the configs that the program is judged at", () => {
  it("include every YAML block of README", () => {
    expect(yamlBlocks("README.md").length).toBeGreaterThanOrEqual(4);
    const shown = shownConfigs().filter(([where]) => where.startsWith("README's YAML"));
    expect(shown).toHaveLength(yamlBlocks("README.md").length);
    for (const [where, config] of shown) expect(Object.keys(config), where).not.toEqual([]);
    const commands = shownConfigs().filter(([where]) => where.startsWith("README's commands"));
    expect(commands.length).toBeGreaterThanOrEqual(3);
  });

  it("include every setting of README's table with a value other than its default", () => {
    const keys = settingRows().map(({ key }) => key);
    expect(keys.length).toBeGreaterThanOrEqual(20);
    const set = new Set(CONFIGS.flatMap(([, config]) => Object.keys(config)));
    expect(keys.filter((key) => !set.has(key))).toEqual([]);
  });
});

describe("this project's program", () => {
  it.each(CONFIGS)("violates no control after deployment, with %s", async (_, config) => {
    const program = await run(config);
    expect(judgeAll(inputsOf(program), statesOf(program))).toEqual({
      findings: explained(config),
      notJudged: [],
    });
  });

  it.each(CONFIGS)("violates no control at its first preview, with %s", async (_, config) => {
    const program = await run(config, { preview: true });
    const { findings, notJudged } = judgeAll(inputsOf(program), previewedStatesOf(program));
    expect(findings).toEqual(explained(config));
    // These contain the key's ARN, which AWS assigns when it creates the key. `pulumi up` judges them.
    if (config["keyArn"] !== undefined) {
      expect(notJudged).toEqual([]);
      return;
    }
    expect(notJudged).toEqual(
      [
        "assets-table serverSideEncryption[0].kmsKeyArn",
        ...(config["delivery"] === "true" ? bucketNotJudged("delivery-logs") : []),
        ...bucketNotJudged("destination"),
        ...(config["notices"] === "digest" ? DIGEST_NOT_JUDGED : []),
        "ingest-dead-letters kmsMasterKeyId",
        "ingest-queue kmsMasterKeyId",
        ...(["daily", "weekly"].includes(config["inventory"] ?? "off")
          ? [
              "inventory-batch-key-permissions policy",
              ...bucketNotJudged("inventory-lists"),
              "inventory-reprocessor-function kmsKeyArn",
              "inventory-reprocessor-key-permissions policy",
            ]
          : []),
        "notices-topic kmsMasterKeyId",
        "processor-function kmsKeyArn",
        "processor-key-permissions policy",
        ...bucketNotJudged("source"),
      ].sort(),
    );
  });
});
