import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ConfigError } from "../../infra/config.ts";

const configSchema = z.strictObject({
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

const fromText = (text: string): unknown => (text === "true" || text === "false" ? text === "true" : text);

/** @throws {ConfigError} naming every key that is missing, unknown or wrong. */
export const loadBootstrapConfig = (): BootstrapConfig => {
  const { name } = new pulumi.Config();
  const given = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(`${name}:`))
      .map(([key, text]) => [key.slice(name.length + 1), fromText(text)]),
  );
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      name,
      parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
    );
  }
  return parsed.data;
};
