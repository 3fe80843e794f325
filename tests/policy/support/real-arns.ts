import {
  ACCOUNT_ID,
  KEY_ARN,
  REGION,
  type RecordedProgram,
  type RecordedResource,
} from "../../support/program.ts";

/** The program with real ARNs instead of the recorder's invented ones, because controls read the parts of ARNs. */
export const withRealArns = ({ resources, ...program }: RecordedProgram): RecordedProgram => {
  const arns = new Map(resources.map((each) => [recordedArn(each), realArn(each) ?? recordedArn(each)]));
  return {
    ...program,
    resources: resources.map((each) => ({
      ...each,
      engineInputs: replaceIn(each.engineInputs, arns),
      state: replaceIn(each.state, arns),
    })),
  };
};

const recordedArn = ({ name }: RecordedResource): string => `arn:aws:mock:${REGION}:${ACCOUNT_ID}:${name}`;

/** By type token: the part of the ARN after the partition, for a resource with this physical name. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  "aws:cloudwatch/logGroup:LogGroup": (name) => `logs:${REGION}:${ACCOUNT_ID}:log-group:${name}`,
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => `cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:${name}`,
  "aws:dynamodb/table:Table": (name) => `dynamodb:${REGION}:${ACCOUNT_ID}:table/${name}`,
  "aws:iam/role:Role": (name) => `iam::${ACCOUNT_ID}:role/${name}`,
  "aws:lambda/function:Function": (name) => `lambda:${REGION}:${ACCOUNT_ID}:function:${name}`,
  "aws:s3/bucket:Bucket": (name) => `s3:::${name}`,
  "aws:sns/topic:Topic": (name) => `sns:${REGION}:${ACCOUNT_ID}:${name}`,
  "aws:sqs/queue:Queue": (name) => `sqs:${REGION}:${ACCOUNT_ID}:${name}`,
};

const realArn = ({ type, inputs }: RecordedResource): string | undefined => {
  if (type === "aws:kms/key:Key") return KEY_ARN;
  const name = inputs["name"] ?? inputs["bucket"];
  return typeof name === "string" ? ARNS[type]?.(name).replace(/^/, "arn:aws:") : undefined;
};

type Values = Readonly<Record<string, unknown>>;

const replaceIn = (values: Values, arns: ReadonlyMap<string, string>): Values =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, replaced(value, arns)]));

const replaced = (value: unknown, arns: ReadonlyMap<string, string>): unknown => {
  if (typeof value === "string") return arns.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => replaced(item, arns));
  if (typeof value !== "object" || value === null) return value;
  return replaceIn({ ...value }, arns);
};
