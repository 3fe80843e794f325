import { expect, test } from "vitest";
import { judgedControls } from "../../page/judged-controls.ts";
import { resourcesOfState } from "../../page/stack-resources.ts";

const BUCKET =
  "urn:pulumi:dev::image-pipeline::image-pipeline:index:PrivateBucket$aws:s3/bucket:Bucket::source";

const STATE = JSON.stringify({
  version: 3,
  deployment: {
    manifest: {},
    resources: [
      { urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", type: "pulumi:pulumi:Stack", custom: false },
      {
        urn: "urn:pulumi:dev::p::pulumi:providers:aws::default",
        type: "pulumi:providers:aws",
        custom: true,
        id: "x",
      },
      {
        urn: BUCKET,
        type: "aws:s3/bucket:Bucket",
        custom: true,
        id: "bucket-1",
        protect: true,
        inputs: { bucket: "bucket-1", forceDestroy: true },
        outputs: { bucket: "bucket-1", forceDestroy: true, arn: "arn:aws:s3:::bucket-1" },
        dependencies: ["urn:key"],
        propertyDependencies: { bucket: null, forceDestroy: ["urn:key"] },
      },
    ],
  },
});

test("a stack's state gives its resources, without those that are Pulumi's own", () => {
  expect(resourcesOfState(STATE)).toEqual([
    {
      urn: BUCKET,
      type: "aws:s3/bucket:Bucket",
      id: "bucket-1",
      name: "source",
      properties: { bucket: "bucket-1", forceDestroy: true, arn: "arn:aws:s3:::bucket-1" },
      isProtected: true,
      dependencies: ["urn:key"],
      propertyDependencies: { bucket: [], forceDestroy: ["urn:key"] },
    },
  ]);
  expect(resourcesOfState('{"deployment":{}}')).toEqual([]);
});

test("controls judge what is deployed, and what has nothing to judge is left out", () => {
  const judged = judgedControls(resourcesOfState(STATE), new Date("2026-11-25"));
  expect(judged.find(({ id }) => id === "S3-011")).toMatchObject({
    outcome: "violation",
    findings: [expect.stringMatching(/^source: /)],
  });
  expect(judged.some(({ id }) => id.startsWith("SQS-"))).toBe(false);
});
