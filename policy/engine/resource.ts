import type { Properties } from "./properties.ts";

/** The resource options that the engine passes to a pack. */
export type ResourceOptions = {
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
};

/** One resource as a control sees it: its inputs before the update, or its state in a stack check. */
export type ResourceView = {
  /** Pulumi type token, such as `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly urn: string;
  readonly props: Properties;
  readonly options: ResourceOptions;
};

/** A resource in a stack check, with its dependencies. */
export type StackResource = ResourceView & {
  /** URNs of all resources that this one depends on. */
  readonly dependencies: readonly string[];
  /** For each property, the URNs of the resources that its value came from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
};
