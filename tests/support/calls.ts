import { z } from "zod";
import type { Aws } from "../../operator/aws.ts";

/** What a request needs of a role: an IAM action on a resource. */
export type NeededGrant = {
  readonly action: string;
  readonly resource: string;
};

const inputSchema = z.looseObject({
  Bucket: z.string().optional(),
  Key: z.unknown().optional(),
  VersionId: z.string().optional(),
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  TopicArn: z.string().optional(),
  QueueUrl: z.string().optional(),
});

/** How an ARN is made of a name. */
export type ArnOf = (kind: "bucket" | "table" | "queue", name: string) => string;

const defined = (value: string | undefined, what: string): string => {
  if (value === undefined) {
    throw new Error(`A recorded call names no ${what}.`);
  }
  return value;
};

/**
 * What each command of the handler needs, by AWS's service authorization reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/). A command that is not listed fails the test
 * that meets it.
 */
const grantsOf = (
  command: string,
  input: z.infer<typeof inputSchema>,
  arnOf: ArnOf,
): readonly NeededGrant[] => {
  const object = () => `${arnOf("bucket", defined(input.Bucket, "bucket"))}/${String(input.Key)}`;
  switch (command) {
    case "GetObjectCommand":
    case "HeadObjectCommand":
      return [
        {
          action: input.VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion",
          resource: object(),
        },
      ];
    case "GetObjectTaggingCommand":
      return [
        {
          action: input.VersionId === undefined ? "s3:GetObjectTagging" : "s3:GetObjectVersionTagging",
          resource: object(),
        },
      ];
    case "PutObjectCommand":
      return [{ action: "s3:PutObject", resource: object() }];
    case "DeleteObjectCommand":
      return [{ action: "s3:DeleteObject", resource: object() }];
    case "ListObjectsV2Command":
      return [{ action: "s3:ListBucket", resource: arnOf("bucket", defined(input.Bucket, "bucket")) }];
    case "UpdateItemCommand":
      return [{ action: "dynamodb:UpdateItem", resource: arnOf("table", defined(input.TableName, "table")) }];
    case "GetItemCommand":
      return [{ action: "dynamodb:GetItem", resource: arnOf("table", defined(input.TableName, "table")) }];
    case "PutItemCommand":
      return [{ action: "dynamodb:PutItem", resource: arnOf("table", defined(input.TableName, "table")) }];
    case "QueryCommand": {
      const index = defined(input.IndexName, "index");
      const table = arnOf("table", defined(input.TableName, "table"));
      return [{ action: "dynamodb:Query", resource: `${table}/index/${index}` }];
    }
    case "SendMessageCommand": {
      const queue = defined(input.QueueUrl, "queue").split("/").at(-1) ?? "";
      return [{ action: "sqs:SendMessage", resource: arnOf("queue", queue) }];
    }
    case "PublishCommand":
      return [{ action: "sns:Publish", resource: defined(input.TopicArn, "topic") }];
    default:
      throw new Error(`The handler calls ${command}: say here what it needs.`);
  }
};

/** S3 answers 404 for a missing object only to those who may list the bucket; to others it answers 403. */
const SHOWS_LISTING = new Set(["NoSuchKey", "NoSuchVersion", "NotFound"]);

/** Keeps what the clients of the handler's services are asked, from now on. */
export const recordGrants = (
  { s3, dynamodb, sns, sqs }: Pick<Aws, "s3" | "dynamodb" | "sns" | "sqs">,
  arnOf: ArnOf,
): readonly NeededGrant[] => {
  const needed: NeededGrant[] = [];
  const record = async <Result>(
    command: string | undefined,
    rawInput: unknown,
    send: () => Promise<Result>,
  ): Promise<Result> => {
    const input = inputSchema.parse(rawInput);
    needed.push(...grantsOf(command ?? "a command without a name", input, arnOf));
    try {
      return await send();
    } catch (error) {
      if (error instanceof Error && SHOWS_LISTING.has(error.name)) {
        needed.push({ action: "s3:ListBucket", resource: arnOf("bucket", defined(input.Bucket, "bucket")) });
      }
      throw error;
    }
  };
  const first = { step: "initialize" } as const;
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        record(commandName, args.input, () => next(args)),
    first,
  );
  sns.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        record(commandName, args.input, () => next(args)),
    first,
  );
  sqs.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        record(commandName, args.input, () => next(args)),
    first,
  );
  dynamodb.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        record(commandName, args.input, () => next(args)),
    first,
  );
  return needed;
};
