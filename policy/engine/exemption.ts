import { z } from "zod";
import { globMatches } from "./wildcard.ts";

/** One accepted deviation from one control, with a reason and an end date. */
export const exemptionSchema = z.strictObject({
  control: z.string().min(1).describe("Id or name of the control: `S3-001`."),
  resource: z
    .string()
    .min(1)
    .describe("The resource's logical name or its URN; `*` matches any characters, `?` matches one."),
  finding: z
    .string()
    .min(1)
    .optional()
    .describe("The exact finding, as printed in the violation. Without it, all findings of the control."),
  reason: z.string().trim().min(10).describe("Why the deviation is acceptable; at least 10 characters."),
  expires: z.iso.date().describe("Last day of the exemption, in UTC: `2027-06-30`."),
});

export type Exemption = z.output<typeof exemptionSchema>;

type Named = {
  readonly id: string;
  readonly name: string;
};

export const isExpired = (exemption: Exemption, today: string): boolean => {
  // ISO dates sort as text.
  return exemption.expires < today;
};

export const coversControl = (exemption: Exemption, control: Named): boolean =>
  exemption.control === control.id || exemption.control === control.name;

export const coversResource = (exemption: Exemption, resource: { name: string; urn: string }): boolean =>
  globMatches(exemption.resource, resource.name) || globMatches(exemption.resource, resource.urn);

/** Compares exactly: an exempted finding such as `Action::*` must not hide other findings. */
export const coversFinding = (exemption: Exemption, key: string): boolean =>
  exemption.finding === undefined || exemption.finding === key;
