import { z } from "zod";
import { KMS_ANY_KEY } from "../../aws/resource-types.ts";
import { defineResourceControl } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

/** In days: KMS's default. */
const DEFAULT_WINDOW = 30;

export const kmsKeyDeletionWindow = defineResourceControl({
  id: "KMS-002",
  name: "kms-key-deletion-window",
  title: "KMS keys have a long enough waiting period before deletion.",
  severity: "medium",
  level: "advisory",
  why: "Everything that a deleted key encrypted is lost for good. The waiting period gives people time to notice.",
  remediation: "Leave deletionWindowInDays unset, or raise it.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
  mappings: { fsbp: [], cis: [], nist: ["SC-12"] },
  services: ["kms"],
  types: KMS_ANY_KEY,
  parameters: z.strictObject({
    minimumDays: z
      .number()
      .int()
      .min(7)
      .max(30)
      .default(DEFAULT_WINDOW)
      .describe("Shortest waiting period in days, 7 to 30; AWS's default is 30."),
  }),
  *check({ props }, { parameters }) {
    if ((props.number("deletionWindowInDays") ?? DEFAULT_WINDOW) >= parameters.minimumDays) return;
    yield violation({
      key: "DeletionWindow::short",
      message: `\`deletionWindowInDays\` must be at least ${parameters.minimumDays}.`,
    });
  },
});
