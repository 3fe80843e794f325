import type { Properties } from "../engine/properties.ts";
import type { StackResource } from "../engine/resource.ts";
import { isSet, type StackView } from "../engine/stack.ts";
import { holdsUnknown } from "../engine/unknown.ts";
import { S3_BUCKET, S3_LOGGING, S3_VERSIONING } from "./resource-types.ts";

/**
 * The configurations of one aspect of a bucket: separate resources if there are any, otherwise the bucket's inline
 * blocks.
 *
 * @param own names of the inline block: the one of `Bucket`, and the plural of `BucketV2`.
 */
export const configurationsOf = (
  stack: StackView,
  bucket: StackResource,
  types: readonly string[],
  own: readonly string[],
): readonly Properties[] => {
  const attached = stack.attachedTo(bucket, types, "bucket");
  if (attached.length > 0) return attached.map(({ props }) => props);
  return own
    .filter((property) => isSet(bucket, property))
    .flatMap((property) => bucket.props.children(property));
};

/** Does the bucket keep overwritten and deleted objects? */
export const isVersioned = (stack: StackView, bucket: StackResource): boolean =>
  configurationsOf(stack, bucket, S3_VERSIONING, ["versioning", "versionings"]).some((configuration) =>
    configuration.has("versioningConfiguration")
      ? configuration.child("versioningConfiguration")?.string("status") === "Enabled"
      : configuration.boolean("enabled") === true,
  );

/** Does a bucket, possibly this one, write its access logs here? */
export const receivesAccessLogs = (stack: StackView, bucket: StackResource): boolean =>
  stack.ofType(S3_LOGGING).some((logging) => stack.refers(logging, "targetBucket", bucket) === true) ||
  stack.ofType(S3_BUCKET).some((source) => writesOwnLogsTo(source, bucket));

const writesOwnLogsTo = (source: StackResource, bucket: StackResource): boolean =>
  ["logging", "loggings"].some((property) => {
    if (!isSet(source, property)) return false;
    if (!holdsUnknown(source.props.value(property))) {
      return source.props
        .children(property)
        .some((logging) => logging.string("targetBucket") === bucket.props.value("bucket"));
    }
    return (source.propertyDependencies[property] ?? []).includes(bucket.urn);
  });
