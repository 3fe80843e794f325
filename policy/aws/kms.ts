import { z } from "zod";
import type { Remedy } from "../engine/control.ts";

/**
 * Is this reference to a key the alias of the service's AWS-managed key: `alias/aws/sqs`, alone or in an ARN?
 *
 * @param service as in the alias: `sqs`.
 */
export const isAwsManagedKey = (key: string, service: string): boolean =>
  key === `alias/aws/${service}` || (key.startsWith("arn:") && key.endsWith(`:alias/aws/${service}`));

/** Parameter of controls over encryption: the key that their remediation sets. */
export const remediationKey = z
  .string()
  .default("")
  .describe("Customer-managed key that the level `remediate` sets; empty to set none.");

/** Sets the key of the config, if there is one. A resource whose key is unknown has one, so it is left alone. */
export const setKey = (property: string, key: string): Remedy => (key === "" ? {} : { [property]: key });
