import { controls } from "../../../policy/controls/index.ts";
import type { StackResource } from "../../../policy/lib/resource.ts";
import { ACCOUNT_ID, KEY_ARN, REGION, type RecordedProgram } from "../../support/program.ts";
import { judge, resource } from "./subject.ts";

/** A resource of this project's program, as data to be changed and judged. */
export interface ProgramResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: StackResource["options"];
}

/** The custom resources of a program that ran to its end, with the ARNs that AWS would give. */
export function resourcesOf({ resources }: RecordedProgram): readonly ProgramResource[] {
  const custom = resources.filter((each) => each.custom);
  const arns = new Map(
    custom.map(({ type, name, inputs }) => [recordedArn(name), arnOf({ type, inputs }) ?? recordedArn(name)]),
  );
  return custom.map(({ type, name, inputs, protect }) => ({
    type,
    name,
    inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, replaced(value, arns)])),
    options: { protect, ignoreChanges: [] },
  }));
}

/** The ARN that the recorder makes up. */
function recordedArn(name: string): string {
  return `arn:aws:mock:${REGION}:${ACCOUNT_ID}:${name}`;
}

function replaced(value: unknown, arns: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return arns.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => replaced(item, arns));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, arns)]));
}

/** By type token: the part of the ARN after the account, of a resource with this physical name. */
const REGIONAL_ARNS: Readonly<Record<string, (name: string) => string>> = {
  "aws:cloudwatch/logGroup:LogGroup": (name) => `logs:${REGION}:${ACCOUNT_ID}:log-group:${name}`,
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => `cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:${name}`,
  "aws:dynamodb/table:Table": (name) => `dynamodb:${REGION}:${ACCOUNT_ID}:table/${name}`,
  "aws:iam/role:Role": (name) => `iam::${ACCOUNT_ID}:role/${name}`,
  "aws:lambda/function:Function": (name) => `lambda:${REGION}:${ACCOUNT_ID}:function:${name}`,
  "aws:s3/bucket:Bucket": (name) => `s3:::${name}`,
  "aws:sns/topic:Topic": (name) => `sns:${REGION}:${ACCOUNT_ID}:${name}`,
  "aws:sqs/queue:Queue": (name) => `sqs:${REGION}:${ACCOUNT_ID}:${name}`,
};

function arnOf({ type, inputs }: Pick<ProgramResource, "type" | "inputs">): string | undefined {
  if (type === "aws:kms/key:Key") return KEY_ARN;
  const name = physicalName(inputs);
  const arn = REGIONAL_ARNS[type];
  return arn === undefined || name === undefined ? undefined : `arn:aws:${arn(name)}`;
}

function physicalName(inputs: ProgramResource["inputs"]): string | undefined {
  const name = inputs["name"] ?? inputs["bucket"];
  return typeof name === "string" ? name : undefined;
}

/** What AWS adds to the inputs of a resource that exists. */
function outputsOf({ type, inputs }: ProgramResource): object {
  const arn = arnOf({ type, inputs });
  const name = physicalName(inputs);
  return {
    ...(arn === undefined ? {} : { arn }),
    ...(name === undefined ? {} : { id: name }),
    ...(type === "aws:sqs/queue:Queue"
      ? { url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}` }
      : {}),
    ...(type === "aws:kms/key:Key" ? { keyId: KEY_ARN.split("/").at(-1) } : {}),
  };
}

export interface ProgramVerdict {
  /** `<id of the control> <logical name> <key>`, sorted. */
  readonly findings: readonly string[];
  /** `<id of the control> <logical name> <path>`, sorted. */
  readonly notJudged: readonly string[];
}

/**
 * Judges a program by every control that is not off by default: each resource by its inputs, and the stack by what
 * then exists.
 */
export function judgeProgram(resources: readonly ProgramResource[]): ProgramVerdict {
  const stack = resources.map((each) => resource({ ...each, props: { ...outputsOf(each), ...each.inputs } }));
  const inputs = resources.map((each) => resource({ ...each, props: each.inputs }));
  const judged = controls
    .filter(({ level }) => level !== "disabled")
    .flatMap((control) => {
      const verdicts =
        control.kind === "stack" ? [judge(control, stack)] : inputs.map((each) => judge(control, each));
      return verdicts.map((verdict) => ({ ...verdict, id: control.id }));
    });
  return {
    findings: judged
      .flatMap(({ id, findings }) => findings.map((each) => `${id} ${each.resource?.name} ${each.key}`))
      .toSorted(),
    notJudged: judged
      .flatMap(({ id, notJudged }) => notJudged.map((each) => `${id} ${each.resource?.name} ${each.path}`))
      .toSorted(),
  };
}
