import { keyAsUrlComponent, keyAsUrlPath } from "../object-key.ts";

export type ObjectPlace = { readonly bucket: string; readonly key: string };

/** The console of the region's partition (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
const consoleHost = (region: string): string => {
  if (region.startsWith("cn-")) return `${region}.console.amazonaws.cn`;
  if (region.startsWith("us-gov-")) return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
};

/** The object's page in the AWS console; who opens it must be signed in. */
export const consoleLink = (region: string, { bucket, key }: ObjectPlace): string =>
  `https://${consoleHost(region)}/s3/object/${bucket}?region=${region}&prefix=${keyAsUrlComponent(key)}`;

/** The bucket's page in the AWS console. */
export const bucketLink = (region: string, bucket: string): string =>
  `https://${consoleHost(region)}/s3/buckets/${bucket}?region=${region}`;

/** The object below a base URL that serves its bucket. */
export const servedLink = (baseUrl: string, key: string): string => `${baseUrl}/${keyAsUrlPath(key)}`;

/** The object's name for the AWS CLI; no link. */
export const s3Uri = ({ bucket, key }: ObjectPlace): string => `s3://${bucket}/${key}`;

/** The bucket's name for the AWS CLI. */
export const s3BucketUri = (bucket: string): string => `s3://${bucket}/`;
