import { describe, expect, it } from "vitest";
import { controls } from "../../policy/controls/index.ts";
import type { StackResource } from "../../policy/lib/resource.ts";
import { EMAIL, type RunOptions, runProgram } from "../support/program.ts";
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

// A control that is disabled by default says nothing to the user of the default config.
const enabled = controls.filter(({ level }) => level !== "disabled");

interface Explanation {
  readonly why: string;
  readonly when: (config: ProgramConfig) => boolean;
  /** `resource control finding`. All of them are advisory. */
  readonly findings: readonly string[];
}

/** Advisories that stand, and why. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    why: "Access logs need a third bucket that grows for ever; CloudTrail's data events are the better record where one is needed.",
    when: () => true,
    findings: [
      "source-bucket s3-bucket-access-logging Logging::missing",
      "destination-bucket s3-bucket-access-logging Logging::missing",
    ],
  },
  {
    why: "`protectData: false` is the owner's word that the data may go.",
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
    why: "The shortest waiting period is one that the config allows.",
    when: ({ keyDeletionWindowDays }) => keyDeletionWindowDays === "7",
    findings: ["encryption-key kms-key-deletion-window DeletionWindow::short"],
  },
  {
    why: "Traces are the owner's to switch off.",
    when: ({ tracing }) => tracing === "false",
    findings: ["processor-function lambda-tracing Tracing::inactive"],
  },
  {
    why: "What was mailed may go: a ledger that refuses to would keep its owner from switching digests off.",
    when: ({ notices }) => notices === "digest",
    findings: [
      "digest-ledger dynamodb-table-deletion-protection DeletionProtection::disabled",
      "digest-ledger policy-data-store-protection Protect::off",
    ],
  },
  {
    why: "Traces of digests are the owner's to switch off as well.",
    when: ({ notices, tracing }) => notices === "digest" && tracing === "false",
    findings: ["digest-function lambda-tracing Tracing::inactive"],
  },
  {
    why: "A log of who read the logs would need a bucket of its own, and so on.",
    when: ({ delivery }) => delivery === "true",
    findings: ["delivery-logs-bucket s3-bucket-access-logging Logging::missing"],
  },
  {
    why: "S3 makes lists anew, so that an inventory may come and go.",
    when: ({ inventory = "off" }) => inventory !== "off",
    findings: [
      "inventory-lists-bucket policy-data-store-protection Protect::off",
      "inventory-lists-bucket s3-bucket-force-destroy ForceDestroy::enabled",
    ],
  },
  {
    why: "Traces are the owner's to switch off, here as well.",
    when: ({ tracing, inventory = "off" }) => tracing === "false" && inventory !== "off",
    findings: ["inventory-reprocessor-function lambda-tracing Tracing::inactive"],
  },
  {
    why: "Lists are for operators, who find in CloudTrail who read them where that matters.",
    when: ({ inventory = "off" }) => inventory !== "off",
    findings: ["inventory-lists-bucket s3-bucket-access-logging Logging::missing"],
  },
  {
    why: "Only a domain of one's own can have a certificate of one's own.",
    when: ({ delivery, deliveryDomain }) => delivery === "true" && deliveryDomain === undefined,
    findings: ["delivery-distribution cloudfront-custom-certificate Certificate::default"],
  },
];

/** What README's table of settings does not tell the values of. */
const OTHERS: readonly ShownConfig[] = [
  ["the default config", {}],
  ["a delivery", { delivery: "true", renditionLinks: "delivery" }],
  [
    "a delivery at a domain of one's own, behind a web ACL",
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
  ["links to what serves the bucket", { renditionLinks: "https://images.example.com/" }],
];

const CONFIGS = [...OTHERS, ...settingConfigs(), ...shownConfigs()];

interface Judged {
  /** `resource control key`, with the control's level. */
  readonly findings: Readonly<Record<string, string>>;
  /** `resource path`. */
  readonly notJudged: readonly string[];
}

function judgeAll(inputs: readonly StackResource[], states: readonly StackResource[]): Judged {
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
}

/** What hangs on the key's ARN of a bucket: its encryption, and its policy, which refuses every other key. */
const bucketNotJudged = (name: string): readonly string[] => [
  `${name}-bucket ${name}-policy.policy`,
  `${name}-bucket rules[0].applyServerSideEncryptionByDefault[0].kmsMasterKeyId`,
  `${name}-policy policy`,
];

/** What hangs on the key's ARN of what digests add. */
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

function explained(config: ProgramConfig): Judged["findings"] {
  const findings = EXPLANATIONS.filter(({ when }) => when(config)).flatMap((each) => each.findings);
  return Object.fromEntries(findings.map((finding) => [finding, "advisory"]));
}

describe("the configs that the program is judged at", () => {
  it("hold every YAML that README shows", () => {
    expect(yamlBlocks("README.md").length).toBeGreaterThanOrEqual(4);
    const shown = shownConfigs().filter(([where]) => where.startsWith("README's YAML"));
    expect(shown).toHaveLength(yamlBlocks("README.md").length);
    for (const [where, config] of shown) expect(Object.keys(config), where).not.toEqual([]);
    const commands = shownConfigs().filter(([where]) => where.startsWith("README's commands"));
    expect(commands.length).toBeGreaterThanOrEqual(3);
  });

  it("hold every setting of README's table, at another value than its default", () => {
    const keys = settingRows().map(({ key }) => key);
    expect(keys.length).toBeGreaterThanOrEqual(20);
    const set = new Set(CONFIGS.flatMap(([, config]) => Object.keys(config)));
    expect(keys.filter((key) => !set.has(key))).toEqual([]);
  });
});

describe("this project's own program", () => {
  it.each(CONFIGS)("breaks no control once it is deployed, with %s", async (_, config) => {
    const program = await run(config);
    expect(judgeAll(inputsOf(program), statesOf(program))).toEqual({
      findings: explained(config),
      notJudged: [],
    });
  });

  it.each(CONFIGS)("breaks none at its first preview, with %s", async (_, config) => {
    const program = await run(config, { preview: true });
    const { findings, notJudged } = judgeAll(inputsOf(program), previewedStatesOf(program));
    expect(findings).toEqual(explained(config));
    // What hangs on the key's ARN, which AWS gives when it makes the key; `pulumi up` judges it.
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
