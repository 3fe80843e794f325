import { resource } from "./subject.ts";

const BEHAVIOR = {
  targetOriginId: "images",
  viewerProtocolPolicy: "redirect-to-https",
  responseHeadersPolicyId: "67f7725c-6f97-4210-82d7-5512b31e9d03",
};

/** A bucket behind an origin access control. */
export const BUCKET_ORIGIN = {
  originId: "images",
  domainName: "images.s3.eu-west-1.amazonaws.com",
  originAccessControlId: "E2QWRUHAPOMQZL",
};

/** A custom web server. */
export const CUSTOM_ORIGIN = {
  originId: "api",
  domainName: "api.example.com",
  customOriginConfig: {
    httpPort: 80,
    httpsPort: 443,
    originProtocolPolicy: "https-only",
    originSslProtocols: ["TLSv1.2"],
  },
};

/** A cache behavior that complies with every control. */
export const behavior = (props: object = {}): object => ({ ...BEHAVIOR, ...props });

/** A distribution that complies with every control, changed by `props`. */
export const distribution = (props: object = {}, type = "aws:cloudfront/distribution:Distribution") =>
  resource({
    type,
    name: "cdn",
    props: {
      arn: "arn:aws:cloudfront::111122223333:distribution/E1A2B3C4D5E6F7",
      enabled: true,
      defaultCacheBehavior: BEHAVIOR,
      defaultRootObject: "index.html",
      loggingConfig: { bucket: "logs.s3.amazonaws.com" },
      origins: [BUCKET_ORIGIN],
      viewerCertificate: {
        acmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/7a0b6f2e",
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      },
      webAclId: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/acl/7a0b6f2e",
      ...props,
    },
  });

export const MULTITENANT = "aws:cloudfront/multitenantDistribution:MultitenantDistribution";
