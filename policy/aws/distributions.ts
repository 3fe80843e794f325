import type { Properties } from "../engine/properties.ts";
import type { ResourceView } from "../engine/resource.ts";

/** Each cache behavior of a CloudFront distribution, the default one first. */
export const behaviorsOf = ({ props }: ResourceView): readonly Properties[] => [
  ...props.children("defaultCacheBehavior"),
  ...props.children("orderedCacheBehaviors"),
  // Of a multi-tenant distribution.
  ...props.children("cacheBehaviors"),
];

/** How CloudFront connects to an origin that is no bucket; a multi-tenant distribution says it in a list. */
export const customOriginOf = (origin: Properties): Properties | undefined =>
  origin.child("customOriginConfig") ?? origin.child("customOriginConfigs");

/** Is the origin an S3 bucket by its REST endpoint? CloudFront takes any origin for one that is set up as no other. */
export const isBucketOrigin = (origin: Properties): boolean =>
  customOriginOf(origin) === undefined && !origin.has("vpcOriginConfig") && !origin.has("vpcOriginConfigs");
