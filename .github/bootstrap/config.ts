import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ConfigError, fromText, problemsIn, unknownKeys } from "../../infra/config.ts";

const configSchema = z.object({
  /** `owner/repository` at GitHub whose jobs may take the roles. */
  repository: z.string("expected owner/repository").regex(/^[\w.-]+\/[\w.-]+$/, "expected owner/repository"),
  /** The stack of the pipeline that CI deploys. */
  stack: z.string("expected the name of the stack that CI deploys").min(1),
  /** The project's name in the pipeline's Pulumi.yaml. */
  project: z.string().default("image-pipeline"),
  /** Bucket of the state; Pulumi Cloud keeps it when unset. */
  stateBucket: z.string().optional(),
  /** False where that bucket is there already. */
  createStateBucket: z.boolean().default(true),
  /** Key of the stack's secrets; one is made when unset. */
  secretsKeyArn: z.string().optional(),
  /** Key of all that the stack stores, such as that of a stack deployed before; one is made when unset. */
  keyArn: z.string().optional(),
  /** False where the account has GitHub's provider already: there can be one only. */
  createProvider: z.boolean().default(true),
  /** May the stack have the option `delivery`? Then the deploy role may change any distribution of the account. */
  delivery: z.boolean().default(false),
});

export type BootstrapConfig = z.infer<typeof configSchema>;

/** @throws {ConfigError} naming every key that is missing, unknown or wrong. */
export const loadBootstrapConfig = (): BootstrapConfig => {
  const config = new pulumi.Config();
  const keys = Object.keys(configSchema.shape);
  const given = Object.fromEntries(
    keys.flatMap((key) => {
      const text = config.get(key);
      return text === undefined ? [] : [[key, fromText(text)]];
    }),
  );
  const parsed = configSchema.safeParse(given);
  const problems = [
    ...unknownKeys(config.name, keys),
    ...(parsed.success ? [] : problemsIn(given, parsed.error)),
  ];
  if (problems.length > 0 || !parsed.success) throw new ConfigError(config.name, problems);
  return parsed.data;
};
