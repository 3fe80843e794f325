import { z } from "zod";
import { actionTable, resourceFits } from "../../../policy/aws/action-table.ts";
import {
  ACCOUNT_ID,
  KEY_ARN,
  REGION,
  type RecordedProgram,
  type RecordedResource,
} from "../../support/program.ts";
import type { Call } from "./iam.ts";
import { actionsOf, STEPS, terraformType } from "./provider-calls.ts";

/** AWS's reference files it under destinations, the API's documentation speaks of sources: both are granted. */
export const MISFILED = "logs:DeleteDeliverySource";

const LOGS_REGION = "us-east-1";

/** What a resource is to AWS: the ARNs that calls for it are about, and what comes with them. */
type Target = {
  readonly arns: readonly string[];
  readonly context?: Call["context"];
};

const arn = (service: string, resource: string, region = REGION): string =>
  `arn:aws:${service}:${region}:${ACCOUNT_ID}:${resource}`;
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT_ID}:role/${name}`;
const functionArn = (name: string): string => arn("lambda", `function:${name}`);
const via = (service: string): Call["context"] => ({
  "kms:ViaService": `${service}.${REGION}.amazonaws.com`,
  "kms:GrantIsForAWSResource": "true",
});

/** The resource that a property's value comes from; a mock's ARN does not tell it. */
const sourceOf = (
  resource: RecordedResource,
  property: string,
  program: RecordedProgram,
): RecordedResource => {
  const urns = resource.propertyDependencies[property] ?? [];
  const source = program.resources.find(({ urn, custom }) => custom && urns.includes(urn));
  if (source === undefined) throw new Error(`${property} of ${resource.name} comes from no resource.`);
  return source;
};

const text = (resource: RecordedResource, property: string): string =>
  z.string({ error: `${property} of ${resource.name}` }).parse(resource.inputs[property]);

/** The role's boundary, as the request that makes the role has it. */
const roleTarget = (role: RecordedResource): Target => ({
  arns: [roleArn(text(role, "name"))],
  context: {
    "iam:PermissionsBoundary": z.string().default("none").parse(role.inputs["permissionsBoundary"]),
  },
});

const bucketTarget = (resource: RecordedResource): Target => {
  const bucket = `arn:aws:s3:::${text(resource, "bucket")}`;
  return { arns: [bucket, `${bucket}/holiday/photo.jpg`] };
};

const queueTarget = (resource: RecordedResource): Target => ({
  arns: [arn("sqs", text(resource, "queueUrl").split("/").at(-1) ?? "")],
});

const deliveryArns = (name: string): readonly string[] =>
  ["delivery-source", "delivery-destination"].map((kind) => arn("logs", `${kind}:${name}`, LOGS_REGION));

const destinationSchema = z.object({
  deliveryDestinationConfiguration: z.object({ destinationResourceArn: z.string() }),
});

/** The ARN of a bucket, of one that a prefix in it follows. */
const bucketArnOf = (place: string): string => place.split("/")[0] ?? "";

/** By the service and type of Terraform's name, the longest that fits. */
const TARGETS: Readonly<Record<string, (resource: RecordedResource, program: RecordedProgram) => Target>> = {
  aws_cloudfront_distribution: () => ({
    arns: [`arn:aws:cloudfront::${ACCOUNT_ID}:distribution/EDFDVBD6EXAMPLE`],
  }),
  aws_cloudfront_origin_access_control: () => ({
    arns: [`arn:aws:cloudfront::${ACCOUNT_ID}:origin-access-control/E1EXAMPLE`],
  }),
  aws_cloudfront_response_headers_policy: () => ({
    arns: [`arn:aws:cloudfront::${ACCOUNT_ID}:response-headers-policy/11111111-2222-3333-4444-555555555555`],
  }),
  aws_cloudwatch_dashboard: (resource) => ({
    arns: [`arn:aws:cloudwatch::${ACCOUNT_ID}:dashboard/${text(resource, "dashboardName")}`],
  }),
  aws_cloudwatch_metric_alarm: (resource) => ({
    arns: [arn("cloudwatch", `alarm:${text(resource, "name")}`)],
  }),
  aws_cloudwatch_log_delivery: (resource, program) => {
    const destination = sourceOf(resource, "deliveryDestinationArn", program);
    const { destinationResourceArn } = destinationSchema.parse(
      destination.inputs,
    ).deliveryDestinationConfiguration;
    return {
      arns: [
        arn("logs", "delivery:A1EXAMPLE", LOGS_REGION),
        ...deliveryArns(text(resource, "deliverySourceName")),
        bucketArnOf(destinationResourceArn),
      ],
    };
  },
  aws_cloudwatch_log_delivery_destination: (resource) => ({
    arns: [arn("logs", `delivery-destination:${text(resource, "name")}`, LOGS_REGION)],
  }),
  aws_cloudwatch_log_delivery_source: (resource) => ({
    arns: [
      arn("logs", `delivery-source:${text(resource, "name")}`, LOGS_REGION),
      `arn:aws:cloudfront::${ACCOUNT_ID}:distribution/EDFDVBD6EXAMPLE`,
    ],
  }),
  aws_cloudwatch_log_group: (resource) => {
    // AWS asks in both forms: for tags without the asterisk, for the rest with it.
    const group = arn("logs", `log-group:${text(resource, "name")}`);
    return { arns: [group, `${group}:*`] };
  },
  aws_dynamodb_table: (resource) => ({
    arns: [
      arn("dynamodb", `table/${text(resource, "name")}`),
      z.object({ kmsKeyArn: z.string() }).parse(resource.inputs["serverSideEncryption"]).kmsKeyArn,
    ],
    context: via("dynamodb"),
  }),
  aws_iam_role: roleTarget,
  aws_iam_role_policy: (resource, program) => roleTarget(sourceOf(resource, "role", program)),
  aws_lambda_event_source_mapping: (resource) => ({
    arns: [arn("lambda", "event-source-mapping:11111111-2222-3333-4444-555555555555")],
    context: { "lambda:FunctionArn": functionArn(text(resource, "functionName")) },
  }),
  aws_lambda_function: (resource, program) => ({
    arns: [
      functionArn(text(resource, "name")),
      roleArn(text(sourceOf(resource, "role", program), "name")),
      text(resource, "kmsKeyArn"),
    ],
    context: { ...via("lambda"), "iam:PassedToService": "lambda.amazonaws.com" },
  }),
  aws_s3_bucket: bucketTarget,
  aws_scheduler_schedule: (resource, program) => {
    const schedule = arn("scheduler", `schedule/${text(resource, "groupName")}/${text(resource, "name")}`);
    return {
      arns: [
        schedule,
        roleArn(text(sourceOf(resource, "target", program), "name")),
        text(resource, "kmsKeyArn"),
      ],
      context: {
        "kms:EncryptionContext:aws:scheduler:schedule:arn": schedule,
        "iam:PassedToService": "scheduler.amazonaws.com",
      },
    };
  },
  aws_scheduler_schedule_group: (resource) => ({
    arns: [arn("scheduler", `schedule-group/${text(resource, "name")}`)],
  }),
  aws_sns_topic: (resource) => ({ arns: [arn("sns", text(resource, "name"))] }),
  aws_sns_topic_policy: (resource, program) => ({
    arns: [arn("sns", text(sourceOf(resource, "arn", program), "name"))],
  }),
  aws_sns_topic_subscription: (resource, program) => ({
    arns: [arn("sns", text(sourceOf(resource, "topic", program), "name"))],
  }),
  aws_sqs_queue: (resource) => ({ arns: [arn("sqs", text(resource, "name"))] }),
  aws_sqs_queue_policy: queueTarget,
  aws_sqs_queue_redrive_allow_policy: queueTarget,
};

const targetOf = (type: string, resource: RecordedResource, program: RecordedProgram): Target => {
  const target = TARGETS[type] ?? (type.startsWith("aws_s3_bucket_") ? bucketTarget : undefined);
  if (target === undefined) throw new Error(`The tests do not know what calls for ${type} are about.`);
  return target(resource, program);
};

/** Only the keys that AWS knows for the action come with it: a condition on any other never holds. */
const contextOf = (action: string, context: Call["context"]): Call["context"] => {
  const known = (actionTable().find(action)?.conditionKeys ?? []).map((key) =>
    key.replace(/\$\{.*$/, "").toLowerCase(),
  );
  return Object.fromEntries(
    Object.entries(context).filter(([key]) =>
      known.some(
        (start) =>
          key.toLowerCase() === start || (start.endsWith(":") && key.toLowerCase().startsWith(start)),
      ),
    ),
  );
};

const callsFor = (action: string, { arns, context = {} }: Target): readonly Call[] => {
  const facts = actionTable().find(action);
  if (facts === undefined) throw new Error(`AWS has no action ${action}.`);
  const given = contextOf(action, context);
  if (facts.wildcardOnly) return [{ action, resource: "*", context: given }];
  const candidates =
    action === MISFILED
      ? arns.flatMap((each) => [each, each.replace(":delivery-source:", ":delivery-destination:")])
      : arns;
  const fitting = candidates.filter(
    (each) => resourceFits(facts, each) || (action === MISFILED && each.includes(":delivery-source:")),
  );
  if (fitting.length === 0) throw new Error(`${action} is about none of ${arns.join(", ")}.`);
  return fitting.map((resource) => ({ action, resource, context: given }));
};

/** What a deployer asks of AWS for the program's resources at any step. */
export const deployerCalls = (program: RecordedProgram): readonly Call[] =>
  program.resources
    .filter(({ custom }) => custom)
    .flatMap((resource) => {
      const type = terraformType(resource.type);
      const target = targetOf(type, resource, program);
      return STEPS.flatMap((step) => actionsOf(type, step).flatMap((action) => callsFor(action, target)));
    });

/** What Pulumi asks of AWS where the state is in a bucket, whose objects and secrets have that key. */
export const stateCalls = (steps: readonly (typeof STEPS)[number][], bucket: string, keyArn = KEY_ARN) =>
  steps.flatMap((step) => [
    ...actionsOf("(state)", step).flatMap((action) =>
      callsFor(action, {
        arns: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/.pulumi/stacks/dev.json`],
      }),
    ),
    ...actionsOf("(secrets)", step).flatMap((action) => callsFor(action, { arns: [keyArn] })),
  ]);
