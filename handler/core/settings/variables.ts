import * as z from "zod";
import { PipelineError } from "../errors.ts";

/** How a notice links to what is stored: the AWS console, not at all, or below a base URL (no slash at its end). */
export type RenditionLinks =
  | { readonly kind: "console" }
  | { readonly kind: "none" }
  | { readonly kind: "base"; readonly url: string };

/** Variables as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

export const name = z.string("expected a name, got nothing").min(1, "expected a name, got an empty value");

export const topicArn = z
  .string("expected the ARN of an SNS topic, got nothing")
  .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/, "expected the ARN of an SNS topic");

export const keyArn = z
  .string("expected the ARN of a KMS key, got nothing")
  .regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/[^/]+$/, "expected the ARN of a KMS key");

const isBaseUrl = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" && url.search === "" && url.hash === "" && url.username === "";
};

export const links = z
  .string("expected console, none or an https base URL, got nothing")
  .transform((text, context): RenditionLinks => {
    if (text === "console" || text === "none") return { kind: text };
    if (isBaseUrl(text)) return { kind: "base", url: text.replace(/\/+$/, "") };
    context.addIssue({
      code: "custom",
      message: "expected console, none or an https base URL without query, fragment or user",
    });
    return z.NEVER;
  });

const LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;

export const logLevel = z.enum(LEVELS, `expected one of ${LEVELS.join(", ")}`);

const place = ([variable, ...rest]: readonly PropertyKey[]): string =>
  rest.reduce<string>(
    (path, part) => (typeof part === "number" ? `${path}[${part}]` : `${path}.${String(part)}`),
    String(variable),
  );

/** Reads a function's environment. @throws PipelineError INVALID_SETTINGS, one line for every problem */
export const parseVariables = <Schema extends z.ZodType>(
  schema: Schema,
  variables: Variables,
): z.output<Schema> => {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `- ${place(path)}: ${message}`);
  throw new PipelineError(
    "INVALID_SETTINGS",
    `The function's environment is not usable:\n${problems.join("\n")}`,
  );
};
