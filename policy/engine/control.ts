import { z } from "zod";
import { type Judgement, violation } from "./judgement.ts";
import type { ResourceView } from "./resource.ts";
import type { PackSettings } from "./settings.ts";
import type { StackView } from "./stack.ts";

export type Severity = "low" | "medium" | "high" | "critical";

/** The control's level unless the pack's config sets another. */
export type Level = "advisory" | "mandatory" | "disabled";

/** The same requirement in published frameworks; a list is empty when the framework has no such requirement. */
export type Mappings = {
  /** AWS Foundational Security Best Practices: `S3.8`. */
  readonly fsbp: readonly string[];
  /** CIS AWS Foundations Benchmark v5.0.0: `2.1.4`. */
  readonly cis: readonly string[];
  /** NIST SP 800-53 Revision 5: `AC-6`. */
  readonly nist: readonly string[];
};

export type ControlMetadata = {
  /** Stable, and never reused for another control: `S3-001`. */
  readonly id: string;
  /** Kebab-case; the policy's name in Pulumi and the file's name: `s3-bucket-public-access-block`. */
  readonly name: string;
  /** The rule as one sentence. */
  readonly title: string;
  readonly severity: Severity;
  readonly level: Level;
  /** What goes wrong without it. */
  readonly why: string;
  /** How to comply, in the imperative. */
  readonly remediation: string;
  /** The vendor's page on the subject. */
  readonly url: string;
  readonly mappings: Mappings;
  /** AWS service prefixes it concerns: `s3`, `iam`. */
  readonly services: readonly string[];
  /** Pulumi type tokens it judges, older ones included. */
  readonly types: readonly string[];
};

/** What a check receives in addition to the resource. */
export type CheckContext<Parameters> = {
  /** This control's own parameters from the pack's config, validated, with defaults. */
  readonly parameters: Parameters;
  /** The settings that all controls share. */
  readonly settings: PackSettings;
  /** Today in UTC, `YYYY-MM-DD`. */
  readonly today: string;
};

/** A context as the engine delivers it, with parameters that are not parsed yet. */
export type RawContext = CheckContext<unknown>;

/** The value of a property that a remediation sets. */
export type RemedyValue = string | number | boolean | { readonly [name: string]: RemedyValue };

/** The top-level properties that a remediation sets; `{}` leaves the resource alone. */
export type Remedy = Readonly<Record<string, RemedyValue>>;

type ParametersSchema = z.ZodObject;

type Definition<Schema extends ParametersSchema> = ControlMetadata & {
  /** The control's parameters. Each has a default and a description. */
  readonly parameters: Schema;
};

export type ResourceDefinition<Schema extends ParametersSchema> = Definition<Schema> & {
  /** Yields nothing when the resource complies. Reading an unknown value ends the check as "not judged". */
  readonly check: (resource: ResourceView, context: CheckContext<z.output<Schema>>) => Iterable<Judgement>;
  /** Top-level properties that make the resource comply; only run at enforcement level `remediate`. */
  readonly remediate?: (resource: ResourceView, context: CheckContext<z.output<Schema>>) => Remedy;
};

export type StackDefinition<Schema extends ParametersSchema> = Definition<Schema> & {
  /** The same for a stack. Each finding must name its resource; `judgeEach` adds it. */
  readonly check: (stack: StackView, context: CheckContext<z.output<Schema>>) => Iterable<Judgement>;
};

type Parameterised = {
  readonly parameters: ParametersSchema;
};

/** A control over one resource at a time, judged on its inputs before it is created or changed. */
export type ResourceControl = ControlMetadata &
  Parameterised & {
    readonly kind: "resource";
    readonly check: (resource: ResourceView, context: RawContext) => Iterable<Judgement>;
    readonly remediate?: (resource: ResourceView, context: RawContext) => Remedy;
  };

/** A control over how resources relate, judged at the end of a preview or update. */
export type StackControl = ControlMetadata &
  Parameterised & {
    readonly kind: "stack";
    readonly check: (stack: StackView, context: RawContext) => Iterable<Judgement>;
  };

export type Control = ResourceControl | StackControl;

/** For a control that has no parameters. */
export const noParameters = z.strictObject({});

export const defineResourceControl = <Schema extends ParametersSchema>(
  definition: ResourceDefinition<Schema>,
): ResourceControl => {
  const { remediate, ...rest } = definition;
  return Object.freeze({
    ...rest,
    kind: "resource",
    check: (resource, context) =>
      withParameters(definition.parameters, context, (parsed) => definition.check(resource, parsed)),
    ...(remediate === undefined
      ? {}
      : {
          remediate: (resource: ResourceView, context: RawContext) => {
            const parsed = definition.parameters.safeParse(context.parameters);
            // The check that follows reports bad parameters.
            return parsed.success ? remediate(resource, { ...context, parameters: parsed.data }) : {};
          },
        }),
  } satisfies ResourceControl);
};

export const defineStackControl = <Schema extends ParametersSchema>(
  definition: StackDefinition<Schema>,
): StackControl =>
  Object.freeze({
    ...definition,
    kind: "stack",
    check: (stack, context) =>
      withParameters(definition.parameters, context, (parsed) => definition.check(stack, parsed)),
  } satisfies StackControl);

/** A control with invalid parameters reports them instead of judging by its defaults. */
function* withParameters<Schema extends ParametersSchema>(
  schema: Schema,
  context: RawContext,
  check: (context: CheckContext<z.output<Schema>>) => Iterable<Judgement>,
): Generator<Judgement> {
  const parsed = schema.safeParse(context.parameters);
  if (parsed.success) {
    yield* check({ ...context, parameters: parsed.data });
    return;
  }
  for (const issue of parsed.error.issues) {
    const path = issue.path.join(".");
    yield violation({
      key: `Parameters::${path}`,
      message: `The control's parameters in the pack's config are invalid: ${path === "" ? "" : `\`${path}\`: `}${issue.message}.`,
      fix: "Correct the policy pack's config; docs/controls.md lists each control's parameters.",
    });
  }
}
