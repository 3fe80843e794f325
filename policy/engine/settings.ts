import { z } from "zod";
import { exemptionSchema } from "./exemption.ts";

/**
 * The settings that all controls share. CrossGuard passes a policy only its own config, so these are the config of the
 * policy `pack-settings`. It is the pack's first policy, so it runs before any control sees the resource.
 */
export const packSettingsSchema = z.strictObject({
  allowedAccounts: z
    .array(z.string().regex(/^\d{12}$/, "must be an AWS account id of 12 digits"))
    .default([])
    .describe("AWS accounts that may be granted access, in addition to the stack's own."),
  exemptions: z.array(exemptionSchema).default([]).describe("Accepted deviations."),
});

export type PackSettings = z.output<typeof packSettingsSchema>;

export const DEFAULT_SETTINGS: PackSettings = packSettingsSchema.parse({});

/** @returns the settings and their problems. Settings with a problem are replaced by the defaults. */
export const parseSettings = (config: unknown): { settings: PackSettings; problems: readonly string[] } => {
  const parsed = packSettingsSchema.safeParse(config);
  if (parsed.success) return { settings: parsed.data, problems: [] };
  const problems = parsed.error.issues.map((issue) => `\`${issue.path.join(".")}\`: ${issue.message}.`);
  return { settings: DEFAULT_SETTINGS, problems };
};
