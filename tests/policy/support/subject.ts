import { unknownCheckingProxy } from "@pulumi/policy";
import { expect } from "vitest";
import type { Control, Remedy } from "../../../policy/engine/control.ts";
import { judgeResource, judgeStack, type Verdict } from "../../../policy/engine/judge.ts";
import { Properties } from "../../../policy/engine/properties.ts";
import type { ResourceOptions, StackResource } from "../../../policy/engine/resource.ts";
import { type PackSettings, packSettingsSchema } from "../../../policy/engine/settings.ts";
import { StackView } from "../../../policy/engine/stack.ts";
import { UNKNOWN_SENTINELS } from "../../../policy/engine/unknown.ts";

/** A string that the engine does not know at preview. */
export const UNKNOWN = UNKNOWN_SENTINELS.string;

/** Today's date in the tests. */
export const TODAY = "2026-11-23";

type Subject = {
  readonly type: string;
  /** @default "subject" */
  readonly name?: string;
  readonly props?: object;
  readonly options?: Partial<ResourceOptions>;
  readonly dependencies?: readonly StackResource[];
  readonly propertyDependencies?: Readonly<Record<string, readonly StackResource[]>>;
};

export const urnOf = (type: string, name: string): string => `urn:pulumi:dev::project::${type}::${name}`;

/** What each resource was created from, so tests can create it again with another value. */
const subjects = new WeakMap<StackResource, Subject>();

/** A copy of the resource with other properties. */
export const withProps = (original: StackResource, change: (props: object) => object): StackResource => {
  const subject = subjects.get(original);
  if (subject === undefined) throw new Error(`${original.name} was not created by resource().`);
  return resource({ ...subject, props: change(subject.props ?? {}) });
};

/** A resource whose properties are wrapped in the SDK's proxy, as in a real run. */
export const resource = (subject: Subject): StackResource => {
  const { type, name = "subject", props = {}, options, ...graph } = subject;
  const made: StackResource = {
    type,
    name,
    urn: urnOf(type, name),
    props: new Properties(unknownCheckingProxy(props)),
    options: { protect: false, ignoreChanges: [], ...options },
    dependencies: (graph.dependencies ?? []).map(({ urn }) => urn),
    propertyDependencies: Object.fromEntries(
      Object.entries(graph.propertyDependencies ?? {}).map(([property, sources]) => [
        property,
        sources.map(({ urn }) => urn),
      ]),
    ),
  };
  subjects.set(made, subject);
  return made;
};

type Conditions = {
  /** @default {} */
  readonly parameters?: object;
  readonly settings?: Partial<PackSettings>;
  /** @default TODAY */
  readonly today?: string;
};

/** What the control sets at the level `remediate`. */
export const remedy = (
  control: Control,
  subject: StackResource,
  { parameters = {}, settings = {}, today = TODAY }: Conditions = {},
): Remedy => {
  if (control.kind === "stack" || control.remediate === undefined) {
    throw new Error(`${control.id} does not remediate.`);
  }
  return control.remediate(subject, { parameters, settings: packSettingsSchema.parse(settings), today });
};

/** One judgement in a test. */
export type Trial = {
  readonly control: Control;
  readonly subjects: readonly StackResource[];
  readonly conditions: Conditions;
  readonly verdict: Verdict;
};

const trialsByFile = new Map<string | undefined, Trial[]>();

/** All judgements by a control in this test file so far. */
export const trialsOf = (control: Control): readonly Trial[] => {
  const trials = trialsByFile.get(expect.getState().testPath) ?? [];
  return trials.filter((trial) => trial.control === control);
};

/** Judges one resource or a stack with a control, and records the judgement for `proveControl`. */
export const judge = (
  control: Control,
  subject: StackResource | readonly StackResource[],
  conditions: Conditions = {},
): Verdict => {
  const trial = {
    control,
    subjects: [subject].flat(),
    conditions,
    verdict: verdictOn(control, [subject].flat(), conditions),
  };
  const file = expect.getState().testPath;
  const trials = trialsByFile.get(file);
  if (trials === undefined) trialsByFile.set(file, [trial]);
  else trials.push(trial);
  return trial.verdict;
};

/** Like {@link judge}, but does not record the judgement. */
export const verdictOn = (
  control: Control,
  subject: readonly StackResource[],
  { parameters = {}, settings = {}, today = TODAY }: Conditions,
): Verdict => {
  const context = { parameters, settings: packSettingsSchema.parse(settings), today };
  if (control.kind === "stack") return judgeStack(control, new StackView(subject), context);
  const [only, ...others] = subject;
  if (only === undefined || others.length > 0) {
    throw new Error(`${control.id} judges only one resource at a time.`);
  }
  return judgeResource(control, only, context);
};

/** A verdict's findings, each as the resource and the key: `bucket PublicAccessBlock::missing`. */
export const findingsOf = ({ findings }: Verdict): readonly string[] =>
  findings.map(({ resource, key }) => `${resource?.name} ${key}`);
