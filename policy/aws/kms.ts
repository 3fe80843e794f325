import { z } from "zod";
import type { Remedy } from "../engine/control.ts";

/**
 * Is the reference the alias of the service's AWS-managed key: `alias/aws/sqs`, alone or in an ARN?
 *
 * @param service the name in the alias: `sqs`.
 */
export const isAwsManagedKey = (key: string, service: string): boolean =>
  key === `alias/aws/${service}` || (key.startsWith("arn:") && key.endsWith(`:alias/aws/${service}`));

/** Parameter of encryption controls: the key that remediation sets. */
export const remediationKey = z
  .string()
  .default("")
  .describe("Customer-managed key to set at the level `remediate`; leave empty to set none.");

/** Sets the key from the config, if there is one. */
export const setKey = (property: string, key: string): Remedy => (key === "" ? {} : { [property]: key });
