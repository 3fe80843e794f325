import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  documentOf,
  EMAIL,
  KEY_ARN,
  type RecordedProgram,
  resourceNamed,
  runProgram,
} from "../support/program.ts";

const DESTINATION = "image-pipeline-dev-destination-4e7c35c07b";
const LOGS = "image-pipeline-dev-logs-4e7c35c07b";
const DISTRIBUTIONS = "arn:aws:cloudfront::123456789012:distribution/*";
const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";

const run = (config: Readonly<Record<string, string>>) => runProgram({ config: { email: EMAIL, ...config } });

const environmentOf = (program: RecordedProgram): unknown =>
  resourceNamed(program, "processor-function").inputs["environment"];

const program = await run({ delivery: "true", renditionLinks: "delivery" });

describe("a delivery", () => {
  test("is not made unless it is asked for", async () => {
    const { resources, outputs } = await run({});
    expect(resources.filter(({ type, name }) => /cloudfront/.test(type) || /^delivery/.test(name))).toEqual(
      [],
    );
    expect(outputs["delivery"]).toBe("off");
  });

  test("serves the destination bucket alone, signed, over TLS and from caches", () => {
    expect(resourceNamed(program, "delivery-distribution").inputs).toMatchObject({
      enabled: true,
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: "PriceClass_100",
      defaultRootObject: "index.html",
      origins: [
        {
          originId: "destination",
          domainName: `${DESTINATION}.s3.eu-central-1.amazonaws.com`,
          originAccessControlId: "delivery-access-control-id",
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "destination",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD", "OPTIONS"],
        cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        responseHeadersPolicyId: "delivery-headers-id",
        compress: true,
      },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    expect(resourceNamed(program, "delivery-access-control").inputs).toMatchObject({
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
  });

  test("lets distributions of this account read what they serve, and decrypt it", () => {
    const conditions = { ArnLike: { "aws:SourceArn": DISTRIBUTIONS } };
    expect(documentOf(resourceNamed(program, "destination-policy"))).toMatchObject({
      Statement: [
        {
          Sid: "ReadByDistributions",
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: ["s3:GetObject"],
          Resource: [`arn:aws:s3:::${DESTINATION}/*`],
          Condition: conditions,
        },
        { Sid: "DenyPlainTransport" },
        { Sid: "DenyOtherEncryption" },
        { Sid: "DenyOtherKey" },
        { Sid: "DenyKeyOfTheAccount" },
        { Sid: "DenyKeyOfTheClient" },
      ],
    });
    expect(documentOf(resourceNamed(program, "encryption-key"))).toMatchObject({
      Statement: expect.arrayContaining([
        {
          Sid: "RenditionsToDistributions",
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: ["kms:Decrypt"],
          Resource: ["*"],
          Condition: conditions,
        },
      ]),
    });
  });

  test("lets no distribution near the source bucket", () => {
    expect(JSON.stringify(documentOf(resourceNamed(program, "source-policy")))).not.toContain("cloudfront");
  });

  test("lets nothing in a rendition run, and every page show it", () => {
    expect(resourceNamed(program, "delivery-headers").inputs).toMatchObject({
      securityHeadersConfig: {
        contentTypeOptions: { override: true },
        contentSecurityPolicy: { override: true, contentSecurityPolicy: "default-src 'none'; sandbox" },
        frameOptions: { override: true, frameOption: "DENY" },
        strictTransportSecurity: { override: true, accessControlMaxAgeSec: 31_536_000 },
      },
      corsConfig: { accessControlAllowOrigins: { items: ["*"] }, accessControlAllowCredentials: false },
      customHeadersConfig: { items: [{ header: "Cross-Origin-Resource-Policy", value: "cross-origin" }] },
    });
  });

  test("keeps the logs of its requests for a while, in a private bucket that log delivery alone may write to", () => {
    expect(resourceNamed(program, "delivery-log-source").inputs).toMatchObject({
      region: "us-east-1",
      name: "image-pipeline-dev-delivery",
      logType: "ACCESS_LOGS",
    });
    expect(resourceNamed(program, "delivery-logs-lifecycle").inputs).toMatchObject({
      rules: [{}, {}, { id: "expire-objects", status: "Enabled", expiration: { days: 30 } }],
    });
    expect(resourceNamed(program, "delivery-logs-encryption").inputs).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY_ARN } }],
    });
    const sources = "arn:aws:logs:us-east-1:123456789012:delivery-source";
    expect(documentOf(resourceNamed(program, "delivery-logs-policy"))).toMatchObject({
      Statement: [
        {
          Sid: "AWSLogDeliveryWrite",
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: ["s3:PutObject"],
          Resource: [`arn:aws:s3:::${LOGS}/AWSLogs/123456789012/*`],
          Condition: {
            StringEquals: {
              "s3:x-amz-acl": "bucket-owner-full-control",
              "aws:SourceAccount": "123456789012",
            },
            ArnLike: { "aws:SourceArn": `${sources}:*` },
          },
        },
        { Sid: "DenyPlainTransport" },
        { Sid: "DenyOtherEncryption" },
        { Sid: "DenyOtherKey" },
        { Sid: "DenyKeyOfTheAccount" },
        { Sid: "DenyKeyOfTheClient" },
      ],
    });
    expect(documentOf(resourceNamed(program, "encryption-key"))).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Sid: "LogsOfTheDistribution",
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": `${sources}:image-pipeline-dev-delivery` },
          },
        }),
      ]),
    });
  });

  test("has its logs under one prefix, before and after a change of the delivery, and lets log delivery write there", () => {
    const prefix = `arn:aws:s3:::${LOGS}/AWSLogs/123456789012/CloudFront`;
    expect(resourceNamed(program, "delivery-log-destination").inputs).toMatchObject({
      outputFormat: "json",
      // With a prefix here AWS puts none of its own before the suffix path.
      deliveryDestinationConfiguration: { destinationResourceArn: prefix },
    });
    expect(resourceNamed(program, "delivery-log-delivery").inputs).toMatchObject({
      s3DeliveryConfigurations: [{ enableHiveCompatiblePath: false, suffixPath: "/{yyyy}/{MM}/{dd}" }],
    });
    const { Statement } = z
      .object({ Statement: z.array(z.object({ Sid: z.string(), Resource: z.array(z.string()) })) })
      .parse(documentOf(resourceNamed(program, "delivery-logs-policy")));
    const [written = ""] = Statement.find(({ Sid }) => Sid === "AWSLogDeliveryWrite")?.Resource ?? [];
    // A stack from before had AWS's prefix in the path, and has it twice until the path is changed.
    for (const path of [prefix, `${prefix}/AWSLogs/123456789012/CloudFront`]) {
      expect(path.startsWith(written.replace(/\*$/, ""))).toBe(true);
    }
  });

  test("is known as the logs' destination at the first preview, so that no delivery is replaced", async () => {
    const preview = await runProgram({ config: { email: EMAIL, delivery: "true" }, preview: true });
    expect(resourceNamed(preview, "delivery-log-destination").inputs).toMatchObject({
      deliveryDestinationConfiguration: {
        destinationResourceArn: `arn:aws:s3:::${LOGS}/AWSLogs/123456789012/CloudFront`,
      },
    });
  });

  test("tells where it serves, to the owner and to the function", () => {
    expect(program.outputs).toMatchObject({
      delivery: {
        url: "https://d111111abcdef8.cloudfront.net",
        domainName: "d111111abcdef8.cloudfront.net",
      },
    });
    expect(environmentOf(program)).toMatchObject({
      variables: { RENDITION_LINKS: "https://d111111abcdef8.cloudfront.net" },
    });
  });

  test("takes a domain with its certificate, a web ACL and more places to serve from", async () => {
    const acl =
      "arn:aws:wafv2:us-east-1:123456789012:global/webacl/images/11111111-2222-3333-4444-555555555555";
    const own = await run({
      delivery: "true",
      deliveryDomain: "images.example.com",
      deliveryCertificateArn: CERTIFICATE,
      deliveryWebAclArn: acl,
      deliveryPriceClass: "PriceClass_All",
      deliveryLogDays: "7",
    });
    expect(resourceNamed(own, "delivery-distribution").inputs).toMatchObject({
      aliases: ["images.example.com"],
      priceClass: "PriceClass_All",
      webAclId: acl,
      viewerCertificate: {
        acmCertificateArn: CERTIFICATE,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
    });
    expect(own.outputs).toMatchObject({ delivery: { url: "https://images.example.com" } });
    expect(resourceNamed(own, "delivery-logs-lifecycle").inputs).toMatchObject({
      rules: [{}, {}, { expiration: { days: 7 } }],
    });
    expect(environmentOf(own)).toMatchObject({ variables: { RENDITION_LINKS: "console" } });
  });
});
