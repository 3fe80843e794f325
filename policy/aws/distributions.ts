import type { Properties } from "../engine/properties.ts";
import type { ResourceView } from "../engine/resource.ts";

/** Each cache behavior of a CloudFront distribution, the default one first. */
export const behaviorsOf = ({ props }: ResourceView): readonly Properties[] => [
  ...props.children("defaultCacheBehavior"),
  ...props.children("orderedCacheBehaviors"),
  // Property of a multi-tenant distribution.
  ...props.children("cacheBehaviors"),
];

/** The connection settings of an origin that is not a bucket. A multi-tenant distribution has them in a list. */
export const customOriginOf = (origin: Properties): Properties | undefined =>
  origin.child("customOriginConfig") ?? origin.child("customOriginConfigs");

/** Is the origin an S3 bucket (REST endpoint)? CloudFront treats an origin as a bucket if no other kind is configured. */
export const isBucketOrigin = (origin: Properties): boolean =>
  customOriginOf(origin) === undefined && !origin.has("vpcOriginConfig") && !origin.has("vpcOriginConfigs");
