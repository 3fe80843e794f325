import type { Control, Level, Mappings } from "./control.ts";
import { PACK_POLICIES } from "./pack.ts";

/** A ready-made `--policy-pack-config`: the level of every policy, by name. */
export type Preset = {
  readonly name: string;
  /** What it is for, as a phrase. */
  readonly purpose: string;
  readonly config: Readonly<Record<string, Level>>;
};

const FRAMEWORKS = [
  { name: "aws-fsbp", title: "AWS Foundational Security Best Practices", mapping: "fsbp" },
  { name: "cis-aws-v5", title: "CIS AWS Foundations Benchmark v5.0.0", mapping: "cis" },
  { name: "nist-800-53-r5", title: "NIST SP 800-53 Revision 5", mapping: "nist" },
] as const satisfies readonly { name: string; title: string; mapping: keyof Mappings }[];

// Every preset reports what was exempted or not judged, and checks the pack's own settings.
const PACK_LEVELS = {
  [PACK_POLICIES.settings]: "mandatory",
  [PACK_POLICIES.exemptions]: "mandatory",
  [PACK_POLICIES.exempted]: "advisory",
  [PACK_POLICIES.notJudged]: "advisory",
} as const;

/** One preset for each framework (its controls mandatory, the others disabled), and two for all controls. */
export const presets = (controls: readonly Control[]): readonly Preset[] => {
  const preset = (name: string, purpose: string, levelOf: (control: Control) => Level): Preset => ({
    name,
    purpose,
    config: {
      ...PACK_LEVELS,
      ...Object.fromEntries(controls.map((control) => [control.name, levelOf(control)])),
    },
  });
  return [
    preset("strict", "every control mandatory, including those that are off by default", () => "mandatory"),
    preset("audit", "every control advisory: reports everything, stops nothing", () => "advisory"),
    ...FRAMEWORKS.map(({ name, title, mapping }) =>
      preset(name, `the controls of ${title} mandatory, the others disabled`, ({ mappings }) =>
        mappings[mapping].length > 0 ? "mandatory" : "disabled",
      ),
    ),
  ];
};
