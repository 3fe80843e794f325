/**
 * Is this reference to a key the alias of the service's AWS-managed key: `alias/aws/sqs`, alone or in an ARN?
 *
 * @param service as in the alias: `sqs`.
 */
export function isAwsManagedKey(key: string, service: string): boolean {
  return key === `alias/aws/${service}` || (key.startsWith("arn:") && key.endsWith(`:alias/aws/${service}`));
}
