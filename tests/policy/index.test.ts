import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { controls } from "../../policy/controls/index.ts";
import { PackProcess } from "./support/analyzer.ts";
import { UNKNOWN, urnOf } from "./support/subject.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const QUEUE = "aws:sqs/queue:Queue";

let pack: PackProcess;
beforeAll(async () => {
  pack = await PackProcess.start(new URL("../../policy/", import.meta.url));
});
afterAll(() => pack.stop());
afterEach(() => pack.configure({}));

describe("the pack as Pulumi starts it", () => {
  it("reports its name, its version and every control with its metadata", async () => {
    const info = await pack.info();
    expect([info.name, info.version]).toEqual(["aws-least-privilege", "0.1.0"]);
    const names = info.policiesList.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(controls.map(({ name }) => name)));
    expect(names).toHaveLength(controls.length + 4);
    for (const policy of info.policiesList) {
      expect(policy.description, policy.name).not.toBe("");
      expect(policy.severity, policy.name).toBeGreaterThan(0);
    }
  });

  it("judges a resource by its inputs", async () => {
    expect(await pack.analyze({ type: QUEUE, name: "ingest", props: {} })).toMatchObject([
      { policy: "sqs-queue-encryption", level: "mandatory" },
    ]);
  });

  it("reads a control's parameters from the config", async () => {
    await pack.configure({ "sqs-queue-encryption": { properties: { customerManagedKey: false } } });
    expect(await pack.analyze({ type: QUEUE, name: "ingest", props: {} })).toEqual([]);
  });

  it("judges how the resources of a stack relate, even with unknown names", async () => {
    const bucket = (name: string) => ({ type: BUCKET, name, props: { bucket: UNKNOWN, id: UNKNOWN } });
    const block = {
      type: BLOCK,
      name: "block",
      props: { bucket: UNKNOWN },
      propertyDependencies: { bucket: [urnOf(BUCKET, "closed")] },
    };
    const diagnostics = await pack.analyzeStack([bucket("closed"), bucket("open"), block]);
    const found = diagnostics.filter(({ policy }) => policy === "s3-bucket-public-access-block");
    expect(found.map(({ urn }) => urn)).toEqual([urnOf(BUCKET, "open")]);
  });

  it("remediates at the level remediate", async () => {
    await pack.configure({ "s3-public-access-block-complete": { level: "remediate" } });
    expect(await pack.remediate({ type: BLOCK, name: "block", props: { bucket: UNKNOWN } })).toEqual([
      {
        policy: "s3-public-access-block-complete",
        props: {
          bucket: UNKNOWN,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
      },
    ]);
  });

  it("remediates nested properties with parameters from the config", async () => {
    await pack.configure({
      "sqs-queue-encryption": { level: "remediate", properties: { remediationKey: "alias/data" } },
      "dynamodb-table-point-in-time-recovery": { level: "remediate" },
    });
    expect(await pack.remediate({ type: QUEUE, name: "ingest", props: { name: "ingest" } })).toEqual([
      { policy: "sqs-queue-encryption", props: { name: "ingest", kmsMasterKeyId: "alias/data" } },
    ]);
    const table = { type: "aws:dynamodb/table:Table", name: "assets", props: { hashKey: "ImageKey" } };
    expect(await pack.remediate(table)).toEqual([
      {
        policy: "dynamodb-table-point-in-time-recovery",
        props: { hashKey: "ImageKey", pointInTimeRecovery: { enabled: true } },
      },
    ]);
    const recoverable = { ...table, props: { pointInTimeRecovery: { enabled: true } } };
    expect(await pack.remediate(recoverable)).toEqual([]);
  });
});
