import { describe, expect, it } from "vitest";
import { controls } from "../../policy/controls/index.ts";
import type { StackResource } from "../../policy/lib/resource.ts";
import { EMAIL, type RunOptions, runProgram } from "../support/program.ts";
import { inputsOf, previewedStatesOf, statesOf } from "./support/program-subjects.ts";
import { judge } from "./support/subject.ts";

// A control that is disabled by default says nothing to the user of the default config.
const enabled = controls.filter(({ level }) => level !== "disabled");

/** Advisories that stand, and why. */
const ALWAYS = {
  // Access logs need a third bucket that grows for ever; CloudTrail's data events are the better record where one is needed.
  "source-bucket s3-bucket-access-logging Logging::missing": "advisory",
  "destination-bucket s3-bucket-access-logging Logging::missing": "advisory",
} as const;

/** `protectData: false` is the owner's word that the data may go. */
const UNPROTECTED = {
  ...ALWAYS,
  "assets-table dynamodb-table-deletion-protection DeletionProtection::disabled": "advisory",
  "assets-table policy-data-store-protection Protect::off": "advisory",
  "destination-bucket policy-data-store-protection Protect::off": "advisory",
  "destination-bucket s3-bucket-force-destroy ForceDestroy::enabled": "advisory",
  "encryption-key policy-data-store-protection Protect::off": "advisory",
  "source-bucket policy-data-store-protection Protect::off": "advisory",
  "source-bucket s3-bucket-force-destroy ForceDestroy::enabled": "advisory",
} as const;

/** The shortest waiting period is one that the config allows. */
const SHORT_DELETION_WINDOW = {
  ...ALWAYS,
  "encryption-key kms-key-deletion-window DeletionWindow::short": "advisory",
} as const;

const UNTRACED = { ...ALWAYS, "processor-function lambda-tracing Tracing::inactive": "advisory" } as const;

/** A log of who read the logs would need a bucket of its own, and so on. */
const DELIVERED_AT_OWN_DOMAIN = {
  ...ALWAYS,
  "delivery-logs-bucket s3-bucket-access-logging Logging::missing": "advisory",
} as const;

/** Only a domain of one's own can have a certificate of one's own. */
const DELIVERED = {
  ...DELIVERED_AT_OWN_DOMAIN,
  "delivery-distribution cloudfront-custom-certificate Certificate::default": "advisory",
} as const;

const CONFIGS: readonly (readonly [string, Record<string, string>, Readonly<Record<string, string>>])[] = [
  ["the default config", {}, ALWAYS],
  ["no traces", { tracing: "false" }, UNTRACED],
  ["another architecture", { architecture: "x86_64" }, ALWAYS],
  ["unprotected data", { protectData: "false" }, UNPROTECTED],
  ["a delivery", { delivery: "true", renditionLinks: "delivery" }, DELIVERED],
  [
    "a delivery at a domain of one's own",
    {
      delivery: "true",
      deliveryDomain: "images.example.com",
      deliveryCertificateArn:
        "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
    },
    DELIVERED_AT_OWN_DOMAIN,
  ],
  ["uploads from a browser", { corsAllowedOrigins: '["https://www.example.com"]' }, ALWAYS],
  ["reserved concurrency", { reservedConcurrency: "20" }, ALWAYS],
  [
    "all numbers at other values",
    {
      memoryMb: "10240",
      timeoutSeconds: "900",
      maximumConcurrency: "2",
      batchSize: "1",
      batchWindowSeconds: "300",
      maxReceiveCount: "1",
      messageRetentionDays: "13",
      logRetentionDays: "3653",
      noncurrentVersionDays: "3650",
      keyDeletionWindowDays: "7",
      backlogAlarmSeconds: "86400",
    },
    SHORT_DELETION_WINDOW,
  ],
  [
    "tags, links and log level",
    { tags: '{"Team":"images"}', renditionLinks: "none", logLevel: "ERROR" },
    ALWAYS,
  ],
];

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

const run = (config: Record<string, string>, options: RunOptions = {}) =>
  runProgram({ ...options, config: { email: EMAIL, ...config } });

describe("this project's own program", () => {
  it.each(CONFIGS)("breaks no control once it is deployed, with %s", async (_, config, advisories) => {
    const program = await run(config);
    expect(judgeAll(inputsOf(program), statesOf(program))).toEqual({ findings: advisories, notJudged: [] });
  });

  it.each(CONFIGS)("breaks none at its first preview, with %s", async (_, config, advisories) => {
    const program = await run(config, { preview: true });
    const { findings, notJudged } = judgeAll(inputsOf(program), previewedStatesOf(program));
    expect(findings).toEqual(advisories);
    // What hangs on the key's ARN, which AWS gives when it makes the key; `pulumi up` judges it.
    expect(notJudged.filter((place) => !place.startsWith("delivery-logs-bucket "))).toEqual([
      "assets-table serverSideEncryption[0].kmsKeyArn",
      "destination-bucket rules[0].applyServerSideEncryptionByDefault[0].kmsMasterKeyId",
      "ingest-dead-letters kmsMasterKeyId",
      "ingest-queue kmsMasterKeyId",
      "notices-topic kmsMasterKeyId",
      "processor-function kmsKeyArn",
      "processor-key-permissions policy",
      "source-bucket rules[0].applyServerSideEncryptionByDefault[0].kmsMasterKeyId",
    ]);
  });
});
