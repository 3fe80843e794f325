import { z } from "zod";
import { prefixOf } from "../../infra/naming.ts";
import {
  boundaryPolicy,
  type CiArgs,
  deliveryPolicy,
  rolePolicy,
  stackKeyPolicy,
  trustPolicy,
} from "./documents.ts";

/** For people: what the environment lacks. */
export class PrintError extends Error {
  override readonly name = "PrintError";
}

const environmentSchema = z.object({
  ACCOUNT_ID: z.string().regex(/^\d{12}$/, "expected the twelve digits of an AWS account"),
  REGION: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "expected a region such as eu-central-1"),
  REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "expected owner/repository"),
  STACK: z.string().min(1, "expected the name of the stack"),
  STATE_BUCKET: z.string().default(""),
  SECRETS_KEY_ARN: z.string().default(""),
  STACK_KEY_ARN: z.string().default(""),
});

const partitionOf = (region: string): string => {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
};

const argsFrom = (environment: z.infer<typeof environmentSchema>): CiArgs => ({
  deployment: {
    project: "image-pipeline",
    stack: environment.STACK,
    partition: partitionOf(environment.REGION),
    region: environment.REGION,
    accountId: environment.ACCOUNT_ID,
  },
  repository: environment.REPOSITORY,
  state:
    environment.STATE_BUCKET === ""
      ? undefined
      : { bucket: environment.STATE_BUCKET, secretsKeyArn: environment.SECRETS_KEY_ARN },
  keyArn: environment.STACK_KEY_ARN,
});

/** What cannot be written before there is a key. */
const NAME_THE_KEY: readonly string[] = ["boundary", "deploy"];

const PRINTED: Readonly<Record<string, (args: CiArgs) => string | undefined>> = {
  alias: ({ deployment }) => `alias/${prefixOf(deployment)}`,
  key: stackKeyPolicy,
  boundary: boundaryPolicy,
  delivery: deliveryPolicy,
  deploy: (args) => rolePolicy("deploy", args),
  preview: (args) => rolePolicy("preview", args),
  "trust-deploy": (args) => trustPolicy("deploy", args),
  "trust-preview": (args) => trustPolicy("preview", args),
};

/**
 * The document of that name, for the shell lines of .github/README.md, filled in from the environment.
 *
 * @throws {PrintError} naming what is missing or wrong.
 */
export const print = (name: string, environment: Readonly<Record<string, string | undefined>>): string => {
  const printed = PRINTED[name];
  if (printed === undefined) throw new PrintError(`expected one of ${Object.keys(PRINTED).join(", ")}`);
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new PrintError(
      parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"),
    );
  }
  const { STACK_KEY_ARN, STATE_BUCKET, SECRETS_KEY_ARN } = parsed.data;
  if (NAME_THE_KEY.includes(name) && STACK_KEY_ARN === "") throw new PrintError("STACK_KEY_ARN: missing");
  if (STATE_BUCKET !== "" && SECRETS_KEY_ARN === "") {
    throw new PrintError("SECRETS_KEY_ARN: missing, as STATE_BUCKET is set");
  }
  return printed(argsFrom(parsed.data)) ?? "";
};
