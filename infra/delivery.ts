import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { deliveryLogsPrefix, writeDeliveryLogs } from "./delivery-grants.ts";
import { type Deployment, LOG_DELIVERY_REGION, type PhysicalResources } from "./naming.ts";
import { PrivateBucket } from "./private-bucket.ts";
import type { Settings } from "./settings.ts";

type DeliverySettings = Pick<
  Settings,
  | "deliveryCertificateArn"
  | "deliveryDomain"
  | "deliveryLogDays"
  | "deliveryPriceClass"
  | "deliveryWebAclArn"
  | "noncurrentVersionDays"
  | "protectData"
>;

export type DeliveryArgs = DeliverySettings & {
  readonly deployment: Deployment;
  readonly names: PhysicalResources;
  readonly keyArn: pulumi.Input<string>;
  /** The bucket that is served. Its policy and its key's must have the statements of `deliveryGrants`. */
  readonly destination: PrivateBucket;
};

/**
 * AWS's cache policy CachingOptimized: an object stays for as long as its Cache-Control says, a day without one; no
 * cookie, header or query string makes a difference
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html).
 */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

const SECONDS_A_YEAR = 31_536_000;

/** What the log tells of a request: enough to see who asked for what, without cookies and query strings. */
const LOG_FIELDS = [
  "timestamp(ms)",
  "c-ip",
  "cs-method",
  "cs(Host)",
  "cs-uri-stem",
  "sc-status",
  "sc-bytes",
  "time-taken",
  "x-edge-location",
  "x-edge-result-type",
  "x-edge-request-id",
  "x-host-header",
  "cs-protocol",
  "cs(Referer)",
  "cs(User-Agent)",
  "ssl-protocol",
  "cs-protocol-version",
];

/** Renditions are pictures and data, never pages: whatever a browser takes them for, nothing in them runs. */
const SECURITY_HEADERS = {
  contentTypeOptions: { override: true },
  contentSecurityPolicy: { override: true, contentSecurityPolicy: "default-src 'none'; sandbox" },
  frameOptions: { override: true, frameOption: "DENY" },
  referrerPolicy: { override: true, referrerPolicy: "no-referrer" },
  strictTransportSecurity: { override: true, accessControlMaxAgeSec: SECONDS_A_YEAR },
};

/** Pages of any origin may show the pictures and read the manifests: they are public. */
const CORS = {
  accessControlAllowCredentials: false,
  accessControlAllowHeaders: { items: ["*"] },
  accessControlAllowMethods: { items: ["GET", "HEAD"] },
  accessControlAllowOrigins: { items: ["*"] },
  accessControlMaxAgeSec: 86_400,
  originOverride: true,
};

/** The setting `renditionLinks` as the handler reads it: `delivery` is where that serves. */
export const renditionLinksOf = (
  { renditionLinks }: Pick<Settings, "renditionLinks">,
  delivery: Delivery | undefined,
): pulumi.Input<string> =>
  renditionLinks === "delivery" && delivery !== undefined ? delivery.url : renditionLinks;

/** CloudFront over the destination bucket, and over nothing else. */
export class Delivery extends pulumi.ComponentResource {
  /** Where renditions are served, without a final slash. */
  readonly url: pulumi.Output<string>;
  /** What the owner is told: where renditions are served, and the name that a domain of one's own is pointed at. */
  readonly outputs: { readonly url: pulumi.Output<string>; readonly domainName: pulumi.Output<string> };

  constructor(name: string, args: DeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Delivery", name, {}, opts);
    const child = { parent: this };
    const { destination, deliveryDomain: domain } = args;
    const physicalName = args.names.deliverySource.name;

    const accessControl = new aws.cloudfront.OriginAccessControl(
      `${name}-access-control`,
      {
        name: physicalName,
        description: "Signs what CloudFront asks of the destination bucket",
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      child,
    );
    const headers = new aws.cloudfront.ResponseHeadersPolicy(
      `${name}-headers`,
      {
        name: physicalName,
        securityHeadersConfig: SECURITY_HEADERS,
        corsConfig: CORS,
        customHeadersConfig: {
          items: [{ header: "Cross-Origin-Resource-Policy", value: "cross-origin", override: true }],
        },
      },
      child,
    );
    const distribution = new aws.cloudfront.Distribution(
      `${name}-distribution`,
      {
        comment: `Renditions of ${physicalName}`,
        enabled: true,
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass: args.deliveryPriceClass,
        // There is none: the answer to a request for the root is "not found" and never a list of objects.
        defaultRootObject: "index.html",
        origins: [
          {
            originId: "destination",
            domainName: destination.bucket.bucketRegionalDomainName,
            originAccessControlId: accessControl.id,
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: "destination",
          viewerProtocolPolicy: "redirect-to-https",
          allowedMethods: ["GET", "HEAD", "OPTIONS"],
          cachedMethods: ["GET", "HEAD"],
          cachePolicyId: CACHING_OPTIMIZED,
          responseHeadersPolicyId: headers.id,
          compress: true,
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        ...(args.deliveryWebAclArn === undefined ? {} : { webAclId: args.deliveryWebAclArn }),
        ...(domain === undefined
          ? { viewerCertificate: { cloudfrontDefaultCertificate: true } }
          : {
              aliases: [domain],
              viewerCertificate: {
                ...(args.deliveryCertificateArn === undefined
                  ? {}
                  : { acmCertificateArn: args.deliveryCertificateArn }),
                sslSupportMethod: "sni-only",
                minimumProtocolVersion: "TLSv1.2_2021",
              },
            }),
      },
      child,
    );
    this.#log(name, args, distribution);

    this.url = pulumi.interpolate`https://${domain ?? distribution.domainName}`;
    this.outputs = { url: this.url, domainName: distribution.domainName };
    this.registerOutputs(this.outputs);
  }

  /** Sends the requests' logs to their bucket (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html). */
  #log(name: string, args: DeliveryArgs, distribution: aws.cloudfront.Distribution): void {
    const { deployment, names } = args;
    const child = { parent: this };
    const logs = new PrivateBucket(
      `${name}-logs`,
      {
        bucket: names.logsBucket,
        keyArn: args.keyArn,
        noncurrentVersionDays: args.noncurrentVersionDays,
        protectData: args.protectData,
        expirationDays: args.deliveryLogDays,
        statements: [writeDeliveryLogs(deployment, names)],
      },
      child,
    );
    const source = new aws.cloudwatch.LogDeliverySource(
      `${name}-log-source`,
      {
        region: LOG_DELIVERY_REGION,
        name: names.deliverySource.name,
        logType: "ACCESS_LOGS",
        resourceArn: distribution.arn,
      },
      child,
    );
    const destination = new aws.cloudwatch.LogDeliveryDestination(
      `${name}-log-destination`,
      {
        region: LOG_DELIVERY_REGION,
        name: names.deliverySource.name,
        outputFormat: "json",
        deliveryDestinationConfiguration: {
          // Known at preview: the provider would replace the destination for one that is not.
          destinationResourceArn: `${names.logsBucket.arn}/${deliveryLogsPrefix(deployment)}`,
        },
      },
      { parent: this, dependsOn: logs },
    );
    new aws.cloudwatch.LogDelivery(
      `${name}-log-delivery`,
      {
        region: LOG_DELIVERY_REGION,
        deliverySourceName: source.name,
        deliveryDestinationArn: destination.arn,
        recordFields: LOG_FIELDS,
        s3DeliveryConfigurations: [{ enableHiveCompatiblePath: false, suffixPath: "/{yyyy}/{MM}/{dd}" }],
      },
      child,
    );
  }
}
