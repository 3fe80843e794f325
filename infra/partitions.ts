import { RunError } from "@pulumi/pulumi";
import type { Deployment } from "./naming.ts";

type Place = Pick<Deployment, "partition" | "region">;

type Partition = {
  /** What the names of its endpoints end in (https://docs.aws.amazon.com/general/latest/gr/rande.html). */
  readonly dnsSuffix: string;
  /** What the addresses of its console end in. */
  readonly console: string;
  /** Why CloudFront can't serve renditions as this program sets it up; undefined where it can. */
  readonly noDelivery?: string;
};

/** What differs between AWS's partitions, and all of it. */
const PARTITIONS: Readonly<Record<string, Partition>> = {
  aws: { dnsSuffix: "amazonaws.com", console: "console.aws.amazon.com" },
  "aws-cn": {
    dnsSuffix: "amazonaws.com.cn",
    console: "console.amazonaws.cn",
    // https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html
    noDelivery:
      "CloudFront in China takes certificates from IAM and domains with an ICP licence alone, and sends no logs as this program sets them up",
  },
  "aws-us-gov": {
    dnsSuffix: "amazonaws.com",
    console: "console.amazonaws-us-gov.com",
    // https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/setting-up-cloudfront.html
    noDelivery: "AWS GovCloud (US) has no CloudFront",
  },
};

/** @throws {RunError} for people, so without a stack trace, in a partition that is none of these. */
const partitionOf = ({ partition }: Place): Partition => {
  const found = PARTITIONS[partition];
  if (found === undefined) {
    throw new RunError(
      `This program can't be deployed to the AWS partition "${partition}": expected one of ${Object.keys(PARTITIONS).join(", ")}. ` +
        "Choose another region with `pulumi config set aws:region`.",
    );
  }
  return found;
};

/**
 * The values of `kms:ViaService` for services that use a key for a role of the account
 * (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service).
 */
export const viaServices = (place: Place, services: readonly string[]): readonly string[] =>
  services.map((service) => `${service}.${place.region}.${partitionOf(place).dnsSuffix}`);

/**
 * The name by which CloudWatch Logs acts. Of the services here it alone goes by region and partition; the others are
 * `<service>.amazonaws.com` everywhere, in China too, as AWS's CDK has it
 * (https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/region-info/lib/default.ts).
 */
export const logsPrincipal = (place: Place): string => `logs.${place.region}.${partitionOf(place).dnsSuffix}`;

/** Address of a queue, before it is there. */
export const queueUrl = (place: Place, accountId: string, name: string): string =>
  `https://sqs.${place.region}.${partitionOf(place).dnsSuffix}/${accountId}/${name}`;

/** Address of the AWS console for the deployment's partition and region, without a final slash. */
export const consoleUrl = (place: Place): string => `https://${place.region}.${partitionOf(place).console}`;

/** What of a configuration the deployment's partition does not have, by its key. */
export const partitionProblems = (
  place: Place,
  settings: { readonly delivery: boolean },
): readonly string[] => {
  const { noDelivery } = partitionOf(place);
  return settings.delivery && noDelivery !== undefined
    ? [`delivery: expected false in the partition ${place.partition}: ${noDelivery}`]
    : [];
};
