import { z } from "zod";
import { exemptionSchema } from "./exemption.ts";

/**
 * What all controls share. CrossGuard hands a policy only its own config, so these are the config of the policy
 * `pack-settings`, which is the pack's first: it is run before any control sees the resource.
 */
export const packSettingsSchema = z.strictObject({
  allowedAccounts: z
    .array(z.string().regex(/^\d{12}$/, "must be an AWS account id of 12 digits"))
    .default([])
    .describe("AWS accounts, besides the stack's own, whose principals and resources may be granted access."),
  exemptions: z.array(exemptionSchema).default([]).describe("Accepted deviations."),
});

export type PackSettings = z.output<typeof packSettingsSchema>;

export const DEFAULT_SETTINGS: PackSettings = packSettingsSchema.parse({});

/** @returns the settings, and what is wrong with them; settings with a problem are replaced by the defaults. */
export const parseSettings = (config: unknown): { settings: PackSettings; problems: readonly string[] } => {
  const parsed = packSettingsSchema.safeParse(config);
  if (parsed.success) return { settings: parsed.data, problems: [] };
  const problems = parsed.error.issues.map((issue) => `\`${issue.path.join(".")}\`: ${issue.message}.`);
  return { settings: DEFAULT_SETTINGS, problems };
};
