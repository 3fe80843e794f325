import { beforeAll, expect, it } from "vitest";
import { describeEngine } from "./support/engine.ts";
import type { Workspace } from "./support/workspace.ts";

/** Changes to the program that nobody should deploy: each would pass review if one line were overlooked. */
const mutations = [
  {
    change: "lets the function do anything to its originals",
    file: "infra/private-bucket.ts",
    from: '"s3:GetObject",\n          "s3:GetObjectVersion",',
    to: '"s3:*",',
    control: "iam-wildcard-action",
    resource: "processor-permissions",
  },
  {
    change: "grants a family of actions on the table",
    file: "infra/asset-library.ts",
    from: 'actions: ["dynamodb:UpdateItem"]',
    to: 'actions: ["dynamodb:*Item"]',
    control: "iam-wildcard-action",
    resource: "processor-permissions",
  },
  {
    change: "writes policy documents of a version that IAM does not know",
    file: "infra/permissions.ts",
    from: 'Version: "2012-10-17"',
    to: 'Version: "2012-10-71"',
    control: "iam-policy-document-well-formed",
    resource: "processor-permissions",
  },
  {
    change: "lets a bucket's policy make it public",
    file: "infra/private-bucket.ts",
    from: "blockPublicPolicy: true",
    to: "blockPublicPolicy: false",
    control: "s3-public-access-block-complete",
    resource: "source-public-access-block",
  },
  {
    change: "puts the public access block on another bucket",
    file: "infra/private-bucket.ts",
    from: "        bucket,\n        blockPublicAcls: true,",
    to: '        bucket: "somebody-elses-bucket",\n        blockPublicAcls: true,',
    control: "s3-bucket-public-access-block",
    resource: "source-bucket",
  },
  {
    change: "lets a bucket be read without TLS",
    file: "infra/private-bucket.ts",
    from: 'denyPlainTransport("s3:*",',
    to: 'denyPlainTransport("s3:DeleteObject",',
    control: "s3-bucket-tls-only",
    resource: "source-bucket",
  },
  {
    change: "encrypts the buckets with S3's own keys",
    file: "infra/private-bucket.ts",
    from: 'sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn',
    to: 'sseAlgorithm: "AES256"',
    control: "s3-bucket-encryption",
    resource: "destination-bucket",
  },
  {
    change: "hides a message no longer than one run takes",
    file: "infra/ingest-queue.ts",
    from: "VISIBILITY_TIMEOUTS_A_RUN = 6",
    to: "VISIBILITY_TIMEOUTS_A_RUN = 1",
    control: "sqs-visibility-timeout",
    resource: "ingest-queue",
  },
  {
    change: "leaves the dead-letter queue unencrypted",
    file: "infra/ingest-queue.ts",
    from: "name: deadLetterQueue.name,\n        kmsMasterKeyId: args.keyArn,",
    to: "name: deadLetterQueue.name,",
    control: "sqs-queue-encryption",
    resource: "ingest-dead-letters",
  },
  {
    change: "leaves the topic unencrypted",
    file: "infra/notifications.ts",
    from: ", kmsMasterKeyId: args.keyArn",
    to: "",
    control: "sns-topic-encryption",
    resource: "notices-topic",
  },
] as const;

describeEngine("the policy pack as a gate", (engine) => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await engine.workspace();
    await workspace.createStack("dev", { email: "ada@example.com" });
  }, 600_000);

  /** `<control> <resource>` of each violation, from lines such as `- [mandatory] … <control>  (<type>: <resource>)`. */
  const violations = (report: string): string[] =>
    [...report.matchAll(/- \[mandatory\].* ([a-z0-9-]+) {2}\(\S+: (\S+)\)$/gm)].map(
      ([, control, resource]) => `${control} ${resource}`,
    );

  it("lets the program pass, at preview and at up", async () => {
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const report = await workspace.succeed(...command, "--policy-pack", "policy");
      expect(violations(report), report).toEqual([]);
    }
  });

  it.each(mutations)(
    "stops a change at preview and at up that $change",
    async ({ file, from, to, control, resource }) => {
      const before = (await workspace.state("dev")).resources;
      const undo = await workspace.edit(file, from, to);
      try {
        for (const command of [["preview"], ["up", "--yes"]]) {
          const report = await workspace.refuse(...command, "--policy-pack", "policy");
          expect(violations(report), report).toContain(`${control} ${resource}`);
          expect(report).not.toContain("    at ");
        }
        expect((await workspace.state("dev")).resources).toEqual(before);
      } finally {
        await undo();
      }
    },
  );

  it("tells of all of them at once, and of what to do about each", async () => {
    // What is in a malformed document is not judged any further.
    const judged = mutations.filter(({ control }) => control !== "iam-policy-document-well-formed");
    for (const { file, from, to } of judged) await workspace.edit(file, from, to);
    const report = await workspace.refuse("preview", "--policy-pack", "policy");
    for (const { control, resource } of judged) {
      expect(violations(report), report).toContain(`${control} ${resource}`);
    }
    expect(report).not.toContain("    at ");
  });
});
