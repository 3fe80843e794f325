import { plain, plainLines } from "../handler/core/strangers-text.ts";

/** Something that whoever runs a command can put right: the message says what and how, and is shown without a stack trace. */
export class OperatorError extends Error {
  override readonly name: string = "OperatorError";

  /** @param message its lines are plain; what strangers wrote goes into it by `plain`, so that it adds none */
  constructor(message: string, options?: ErrorOptions) {
    super(plainLines(message), options);
  }
}

const NO_CREDENTIALS =
  "AWS credentials were not found. Sign in (`aws sso login`, `aws configure`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.";

/** By name, since each AWS client brings an error class of its own. */
const CREDENTIALS_ERRORS = [
  "CredentialsProviderError",
  "TokenProviderError",
  "UnrecognizedClientException",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
];

/** What S3, SQS and others call it. */
const ACCESS_DENIED = ["AccessDenied", "AccessDeniedException", "AWS.SimpleQueueService.AccessDenied"];

/** The queue admits nobody else, whatever their own policies say. */
export const NAME_OPERATORS =
  "Whoever sends messages must be named by the stack: `pulumi config set --path 'operators[0]' ARN` with the ARN of your IAM role or user, then `pulumi up`; where `operators` is not set, it is who ran `pulumi up` last.";

/** Sending to the queue: a refusal says what to do about it. */
export const asSender = async <Answer>(call: Promise<Answer>): Promise<Answer> => {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Error && ACCESS_DENIED.includes(error.name))) throw error;
    throw new OperatorError(`AWS answered ${error.name}: ${error.message}\n${NAME_OPERATORS}`, {
      cause: error,
    });
  }
};

const isAnswerOfAws = (error: Error): boolean => "$metadata" in error && "$fault" in error;

const isOfTheNetwork = (error: Error): boolean =>
  "code" in error &&
  typeof error.code === "string" &&
  /^(E[A-Z]+|UND_ERR_\w+)$/.test(error.code) &&
  "syscall" in error;

/** An error as whoever runs a command can use it; one that they can do nothing about is a bug, and stays what it is. */
export const asOperatorError = (error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof OperatorError) return error;
  if (CREDENTIALS_ERRORS.includes(error.name)) {
    return new OperatorError(`${NO_CREDENTIALS}\n(${error.name}: ${plain(error.message)})`, { cause: error });
  }
  if (isAnswerOfAws(error)) {
    return new OperatorError(`AWS answered ${error.name}: ${plain(error.message)}`, { cause: error });
  }
  if (isOfTheNetwork(error)) {
    return new OperatorError(`AWS can't be reached: ${plain(error.message)}`, { cause: error });
  }
  return error;
};
