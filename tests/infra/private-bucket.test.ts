import { describe, expect, test } from "vitest";
import { documentOf, EMAIL, KEY_ARN, resourceNamed, runProgram } from "../support/program.ts";

const program = await runProgram();

describe.each(["source", "destination"])("the %s bucket", (which) => {
  const bucket = `image-pipeline-dev-${which}-4e7c35c07b`;
  const inputsOf = (suffix: string) => resourceNamed(program, `${which}-${suffix}`).inputs;

  test("is protected, and kept when it holds objects", () => {
    expect(inputsOf("bucket")).toMatchObject({ bucket, forceDestroy: false });
    expect(resourceNamed(program, `${which}-bucket`).protect).toBe(true);
  });

  test("is private", () => {
    expect(inputsOf("public-access-block")).toEqual({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputsOf("ownership")).toEqual({ bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
  });

  test("encrypts with the stack's key, a data key for the bucket", () => {
    expect(inputsOf("encryption")).toEqual({
      bucket,
      rules: [
        {
          bucketKeyEnabled: true,
          blockedEncryptionTypes: ["SSE-C"],
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY_ARN },
        },
      ],
    });
  });

  test("keeps old versions for a while and aborts unfinished uploads", () => {
    expect(inputsOf("versioning")).toEqual({ bucket, versioningConfiguration: { status: "Enabled" } });
    expect(inputsOf("lifecycle")).toEqual({
      bucket,
      rules: [
        {
          id: "abort-incomplete-uploads",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        {
          id: "expire-noncurrent-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          expiration: { expiredObjectDeleteMarker: true },
        },
      ],
    });
  });

  test("refuses plain transport, and whatever asks for another encryption than the stack's key", () => {
    const arn = `arn:aws:s3:::${bucket}`;
    const encryption = "s3:x-amz-server-side-encryption";
    const deny = (Sid: string, conditions: Readonly<Record<string, unknown>>) => ({
      Sid,
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:PutObject"],
      Resource: [`${arn}/*`],
      Condition: { ...conditions, Bool: { "aws:PrincipalIsAWSService": "false" } },
    });
    expect(documentOf(resourceNamed(program, `${which}-policy`))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyPlainTransport",
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:*"],
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        deny("DenyOtherEncryption", {
          Null: { [encryption]: "false" },
          StringNotEquals: { [encryption]: "aws:kms" },
        }),
        deny("DenyOtherKey", {
          Null: { [`${encryption}-aws-kms-key-id`]: "false" },
          StringNotEquals: { [`${encryption}-aws-kms-key-id`]: KEY_ARN },
        }),
        deny("DenyKeyOfTheAccount", {
          Null: { [encryption]: "false", [`${encryption}-aws-kms-key-id`]: "true" },
        }),
        deny("DenyKeyOfTheClient", { Null: { [`${encryption}-customer-algorithm`]: "false" } }),
      ],
    });
  });
});

test("browsers may upload to the source bucket from configured origins, and never to the destination bucket", async () => {
  expect(program.resources.filter(({ type }) => type.includes("Cors"))).toEqual([]);
  const config = { email: EMAIL, corsAllowedOrigins: '["https://www.example.com"]' };
  const cors = (await runProgram({ config })).resources.filter(({ type }) => type.includes("Cors"));
  expect(cors.map(({ name, inputs }) => [name, inputs])).toEqual([
    [
      "source-cors",
      {
        bucket: "image-pipeline-dev-source-4e7c35c07b",
        corsRules: [
          {
            allowedMethods: ["PUT", "POST"],
            allowedOrigins: ["https://www.example.com"],
            allowedHeaders: ["*"],
            exposeHeaders: ["ETag"],
            maxAgeSeconds: 3000,
          },
        ],
      },
    ],
  ]);
});

test("an owner who gives up the protection may destroy the buckets with all they hold", async () => {
  const unprotected = await runProgram({
    config: { email: EMAIL, protectData: "false", noncurrentVersionDays: "7" },
  });
  for (const name of ["source-bucket", "destination-bucket"]) {
    expect(resourceNamed(unprotected, name).inputs["forceDestroy"]).toBe(true);
    expect(resourceNamed(unprotected, name).protect).toBe(false);
  }
  expect(resourceNamed(unprotected, "source-lifecycle").inputs).toMatchObject({
    rules: [{}, { noncurrentVersionExpiration: { noncurrentDays: 7 } }],
  });
});
