import {
  type GetObjectCommandInput,
  HeadObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { type PermanentCode, PipelineError } from "../../core/errors.ts";

type Refusal = readonly [code: PermanentCode, sentence: string];

const MISSING: Refusal = ["SOURCE_MISSING", "The file was deleted before it was read."];

/** By S3's error codes (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
export const REFUSALS: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ["NoSuchKey", MISSING],
  ["NoSuchVersion", MISSING],
  // What S3 answers when the version is a delete marker.
  ["MethodNotAllowed", MISSING],
  ["PreconditionFailed", ["SOURCE_REPLACED", "The file was replaced before it was read."]],
  [
    "InvalidObjectState",
    ["SOURCE_ARCHIVED", "The file is in an archive storage class and cannot be read at once."],
  ],
]);

/**
 * What S3 says when KMS refuses the object's key. Of a denial it says no more than of one of its own, so the code alone
 * does not tell; the others are the four of the same page.
 */
const MAY_BE_OF_THE_KEY: ReadonlySet<string> = new Set([
  "AccessDenied",
  "KMS.DisabledException",
  "KMS.InvalidKeyUsageException",
  "KMS.KMSInvalidStateException",
  "KMS.NotFoundException",
]);

/**
 * An object that was stored with a key of the request (SSE-C). S3 has no code for it: `InvalidRequest` says many things,
 * and this one by its sentence alone, which it has had since 2014.
 */
const isOfCustomersKey = ({ name, message }: S3ServiceException): boolean =>
  name === "InvalidRequest" && /server side encryption/i.test(message);

/**
 * The key that an object is encrypted with, when it is another than the stack's. Who may read an object may look at it
 * with HEAD, which decrypts nothing: an answer tells that it was not S3 who refused to have it read.
 */
const foreignKeyOf = async (
  client: S3Client,
  { Bucket, Key, VersionId }: GetObjectCommandInput,
  ownKeyArn: string,
): Promise<string | undefined> => {
  try {
    const { SSEKMSKeyId } = await client.send(new HeadObjectCommand({ Bucket, Key, VersionId }));
    return SSEKMSKeyId === ownKeyArn ? undefined : SSEKMSKeyId;
  } catch {
    return undefined;
  }
};

/**
 * Why S3 will never give the object that a GET asked for, as it is; `undefined` when another try may get it. A key of
 * somebody else's that the function may not use, or that cannot be used, is taken for good; the stack's own is not: then
 * all originals wait until a grant comes back or the key is enabled.
 */
export const refusalOf = async (
  client: S3Client,
  error: S3ServiceException,
  input: GetObjectCommandInput,
  ownKeyArn: string,
): Promise<PipelineError | undefined> => {
  const refusal = REFUSALS.get(error.name);
  if (refusal !== undefined) return new PipelineError(...refusal, { cause: error });
  if (isOfCustomersKey(error)) {
    return new PipelineError(
      "SOURCE_ENCRYPTED_BY_CUSTOMER",
      "The file was uploaded with an encryption key in the request (SSE-C), which S3 does not keep: nobody without it can read the file.",
      { cause: error },
    );
  }
  if (!MAY_BE_OF_THE_KEY.has(error.name)) return undefined;
  const foreignKey = await foreignKeyOf(client, input, ownKeyArn);
  return foreignKey === undefined
    ? undefined
    : new PipelineError(
        "SOURCE_KEY_UNUSABLE",
        `The file is encrypted with ${foreignKey}, which is not the stack's key, and S3 answers ${error.name}.`,
        { cause: error },
      );
};

export const isRefused = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof S3ServiceException && names.includes(error.name);
