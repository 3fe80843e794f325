/** Prints a document for the shell lines of .github/README.md, filled in from the environment: `print.ts deploy`. */
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

/** What can be printed; all but the key's own policy and its alias name the key. */
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

const problemsIn = (name: string, environment: z.infer<typeof environmentSchema>): string | undefined => {
  if (!Object.hasOwn(PRINTED, name)) return `expected one of ${Object.keys(PRINTED).join(", ")}`;
  if (["boundary", "deploy"].includes(name) && environment.STACK_KEY_ARN === "")
    return "STACK_KEY_ARN: missing";
  return environment.STATE_BUCKET !== "" && environment.SECRETS_KEY_ARN === ""
    ? "SECRETS_KEY_ARN: missing, as STATE_BUCKET is set"
    : undefined;
};

const [name = ""] = process.argv.slice(2);
const environment = environmentSchema.safeParse(process.env);
const problem = environment.success
  ? problemsIn(name, environment.data)
  : environment.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n");
if (environment.success && problem === undefined) {
  process.stdout.write(`${PRINTED[name]?.(argsFrom(environment.data)) ?? ""}\n`);
} else {
  process.stderr.write(`print.ts: ${problem}\n`);
  process.exitCode = 1;
}
