import { isDeepStrictEqual } from "node:util";
import {
  type Policy,
  type PolicyResource,
  type ReportViolation,
  type ResourceRemediation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  Secret,
  type StackValidationArgs,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { beginCall, currentCall, markTypes } from "./call.ts";
import type { Control, RawContext, Remedy, ResourceControl, StackControl } from "./control.ts";
import type { Journal } from "./journal.ts";
import { judgeResource, judgeStack } from "./judge.ts";
import type { Finding } from "./judgement.ts";
import { configSchemaOf } from "./parameters.ts";
import { Properties } from "./properties.ts";
import type { ResourceView, StackResource } from "./resource.ts";
import { StackView } from "./stack.ts";

/** The CrossGuard policy that runs a control. Only this file knows both. */
export const policyOf = (
  control: Control,
  journal: Journal,
): ResourceValidationPolicy | StackValidationPolicy =>
  control.kind === "resource" ? resourcePolicyOf(control, journal) : stackPolicyOf(control, journal);

const resourcePolicyOf = (control: ResourceControl, journal: Journal): ResourceValidationPolicy => {
  const validateResource = (args: ResourceValidationArgs, report: ReportViolation): void => {
    if (!control.types.includes(args.type)) args.notApplicable();
    const resource = resourceInCall(args);
    const context = { parameters: args.getConfig(), settings: journal.settings, today: journal.today };
    const verdict = judgeResource(control, resource, context);
    const findings = journal.record(control, resource, verdict);
    if (verdict.outcome === "not applicable") args.notApplicable();
    for (const finding of findings) report(messageOf(control, finding));
  };
  return {
    ...policyFieldsOf(control),
    validateResource: markTypes(validateResource, control.types),
    ...(control.remediate === undefined
      ? {}
      : { remediateResource: remediationOf(control, control.remediate, journal) }),
  };
};

type Remediation = NonNullable<ResourceControl["remediate"]>;

const remediationOf =
  (control: ResourceControl, remediate: Remediation, journal: Journal): ResourceRemediation =>
  (args) => {
    if (!control.types.includes(args.type)) args.notApplicable();
    const props = unwrapSecrets(args.props);
    const context = { parameters: args.getConfig(), settings: journal.settings, today: journal.today };
    const patch = patchOf(remediate, resourceOf({ ...args, props }), context);
    const properties = new Properties(props);
    if (Object.entries(patch).every(([name, value]) => isDeepStrictEqual(properties.value(name), value))) {
      return;
    }
    // Set in place: the SDK's proxies keep secret values secret and unknown values unknown.
    for (const [name, value] of Object.entries(patch)) args.props[name] = value;
    return args.props;
  };

/** A remediation that can't decide leaves the resource alone; the check that follows says why. */
const patchOf = (remediate: Remediation, resource: ResourceView, context: RawContext): Remedy => {
  try {
    return remediate(resource, context);
  } catch {
    return {};
  }
};

const stackPolicyOf = (control: StackControl, journal: Journal): StackValidationPolicy => {
  const validateStack = (args: StackValidationArgs, report: ReportViolation): void => {
    const context = { parameters: args.getConfig(), settings: journal.settings, today: journal.today };
    const verdict = judgeStack(control, stackInCall(args), context);
    const findings = journal.record(control, undefined, verdict);
    if (verdict.outcome === "not applicable") args.notApplicable();
    for (const finding of findings) report(messageOf(control, finding), finding.resource?.urn);
  };
  return { ...policyFieldsOf(control), validateStack: markTypes(validateStack, control.types) };
};

const policyFieldsOf = (control: Control): Policy => {
  const [reference] = control.mappings.fsbp;
  return {
    name: control.name,
    description: control.title,
    displayName: `${control.id} ${control.name}`,
    enforcementLevel: control.level,
    severity: control.severity,
    remediationSteps: control.remediation,
    url: control.url,
    configSchema: configSchemaOf(control.parameters),
    // CrossGuard takes one framework; the others go into the tags.
    ...(reference === undefined
      ? {}
      : {
          framework: {
            name: "AWS Foundational Security Best Practices",
            version: "1.0.0",
            reference,
            specification: control.title,
          },
        }),
    tags: [
      control.id,
      ...control.services,
      ...control.mappings.fsbp.map((reference) => `fsbp:${reference}`),
      ...control.mappings.cis.map((reference) => `cis-v5:${reference}`),
      ...control.mappings.nist.map((reference) => `nist-800-53-r5:${reference}`),
    ],
  };
};

/** The text under the control's title: the fault, the fix, and the key to exempt it by. */
const messageOf = (control: Control, finding: Finding): string =>
  `${finding.message} ${finding.fix ?? control.remediation} [${control.id} ${finding.key}]`;

type ResourceArgs = Pick<ResourceValidationArgs, "type" | "name" | "urn" | "opts"> & {
  readonly props: object;
};

type StackArgs = Pick<StackValidationArgs, "resources">;

const resourceOf = (args: ResourceArgs): ResourceView => ({
  type: args.type,
  name: args.name,
  urn: args.urn,
  props: new Properties(args.props),
  options: { protect: args.opts.protect, ignoreChanges: args.opts.ignoreChanges },
});

/** Unpacks the resource of a call once for all policies. Only the policy that the SDK runs first calls this. */
export const beginResource = (args: ResourceArgs): void => {
  beginCall({ kind: "resource", resource: resourceOf(args) });
};

/** The same for the stack. */
export const beginStack = (args: StackArgs): void => {
  beginCall({ kind: "stack", stack: stackOf(args.resources) });
};

const resourceInCall = (args: ResourceArgs): ResourceView => {
  const call = currentCall();
  return call?.kind === "resource" && call.resource.urn === args.urn ? call.resource : resourceOf(args);
};

export const stackInCall = (args: StackArgs): StackView => {
  const call = currentCall();
  return call?.kind === "stack" ? call.stack : stackOf(args.resources);
};

/** The resource graph from the engine. It includes components, which have no properties. */
const stackOf = (resources: readonly PolicyResource[]): StackView =>
  new StackView(
    resources.map(
      (resource): StackResource => ({
        ...resourceOf(resource),
        dependencies: resource.dependencies.map(({ urn }) => urn),
        propertyDependencies: Object.fromEntries(
          Object.entries(resource.propertyDependencies).map(([property, sources]) => [
            property,
            sources.map(({ urn }) => urn),
          ]),
        ),
      }),
    ),
  );

/** A copy with each secret replaced by its plain value. Only remediations receive secrets in their wrapper. */
const unwrapSecrets = (source: object): object => {
  const names = Object.keys(source);
  return Object.fromEntries(names.map((name) => [name, unwrapSecret(new Properties(source).value(name))]));
};

const unwrapSecret = (value: unknown): unknown => {
  if (value instanceof Secret) return unwrapSecret(value.value);
  if (Array.isArray(value)) return value.map(unwrapSecret);
  return typeof value === "object" && value !== null ? unwrapSecrets(value) : value;
};
