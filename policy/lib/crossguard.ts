import {
  type Policy,
  type PolicyResource,
  type ReportViolation,
  type ResourceRemediation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  Secret,
  type StackValidationPolicy,
} from "@pulumi/policy";
import type { Control, ResourceControl, StackControl } from "./control.ts";
import { judgeResource, judgeStack } from "./judge.ts";
import type { Finding } from "./judgement.ts";
import type { PackLedger } from "./ledger.ts";
import { configSchemaOf } from "./parameters.ts";
import { Properties } from "./properties.ts";
import type { ResourceView, StackResource } from "./resource.ts";
import { StackView } from "./stack.ts";

/** The only place that knows both CrossGuard and controls. */
export function policyOf(
  control: Control,
  ledger: PackLedger,
): ResourceValidationPolicy | StackValidationPolicy {
  return control.kind === "resource" ? resourcePolicyOf(control, ledger) : stackPolicyOf(control, ledger);
}

function resourcePolicyOf(control: ResourceControl, ledger: PackLedger): ResourceValidationPolicy {
  const validateResource = (args: ResourceValidationArgs, report: ReportViolation): void => {
    if (!control.types.includes(args.type)) args.notApplicable();
    const resource = resourceOf(args);
    const context = { parameters: args.getConfig(), settings: ledger.settings, today: ledger.today };
    const verdict = judgeResource(control, resource, context);
    const findings = ledger.record(control, resource, verdict);
    if (verdict.outcome === "not applicable") args.notApplicable();
    for (const finding of findings) report(messageOf(control, finding));
  };
  const [onlyType, ...otherTypes] = control.types;
  return {
    ...policyFieldsOf(control),
    // With this mark the SDK passes over other types before it unpacks their properties. It takes one type only.
    validateResource:
      otherTypes.length === 0
        ? Object.assign(validateResource, { __pulumiType: onlyType })
        : validateResource,
    ...(control.remediate === undefined
      ? {}
      : { remediateResource: remediationOf(control, control.remediate) }),
  };
}

type Remediation = NonNullable<ResourceControl["remediate"]>;

function remediationOf(control: ResourceControl, remediate: Remediation): ResourceRemediation {
  return (args) => {
    if (!control.types.includes(args.type)) args.notApplicable();
    const props = unwrapSecrets(args.props);
    const patch = patchOf(remediate, resourceOf({ ...args, props }));
    const properties = new Properties(props);
    if (Object.entries(patch).every(([name, value]) => properties.value(name) === value)) return;
    // Set in place: the SDK's proxies keep what was secret secret, and what was unknown unknown.
    for (const [name, value] of Object.entries(patch)) args.props[name] = value;
    return args.props;
  };
}

/** A remediation that can't decide leaves the resource alone; the check that follows tells why. */
function patchOf(remediate: Remediation, resource: ResourceView): ReturnType<Remediation> {
  try {
    return remediate(resource);
  } catch {
    return {};
  }
}

function stackPolicyOf(control: StackControl, ledger: PackLedger): StackValidationPolicy {
  return {
    ...policyFieldsOf(control),
    validateStack: (args, report) => {
      const context = { parameters: args.getConfig(), settings: ledger.settings, today: ledger.today };
      const verdict = judgeStack(control, stackOf(args.resources), context);
      const findings = ledger.record(control, undefined, verdict);
      if (verdict.outcome === "not applicable") args.notApplicable();
      for (const finding of findings) report(messageOf(control, finding), finding.resource?.urn);
    },
  };
}

function policyFieldsOf(control: Control): Policy {
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
    // CrossGuard has room for one framework; the others go to the tags.
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
}

/** What is printed under the control's title: the instance, the fix, and the name by which to exempt it. */
function messageOf(control: Control, finding: Finding): string {
  return `${finding.message} ${finding.fix ?? control.remediation} [${control.id} ${finding.key}]`;
}

type ResourceArgs = Pick<ResourceValidationArgs, "type" | "name" | "urn" | "opts"> & {
  readonly props: object;
};

function resourceOf(args: ResourceArgs): ResourceView {
  return {
    type: args.type,
    name: args.name,
    urn: args.urn,
    props: new Properties(args.props),
    options: { protect: args.opts.protect, ignoreChanges: args.opts.ignoreChanges },
  };
}

/** The graph as the engine tells it. Components are in it as well, with no properties. */
export function stackOf(resources: readonly PolicyResource[]): StackView {
  return new StackView(
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
}

/** A copy with each secret replaced by its plain value; only remediation is handed secrets as such. */
function unwrapSecrets(source: object): object {
  const names = Object.keys(source);
  return Object.fromEntries(names.map((name) => [name, unwrapSecret(new Properties(source).value(name))]));
}

function unwrapSecret(value: unknown): unknown {
  if (value instanceof Secret) return unwrapSecret(value.value);
  if (Array.isArray(value)) return value.map(unwrapSecret);
  return typeof value === "object" && value !== null ? unwrapSecrets(value) : value;
}
