import type { StackResource } from "../engine/resource.ts";
import type { StackView } from "../engine/stack.ts";
import { IAM_ROLE } from "./resource-types.ts";

/** Which property of a resource type names its role, and which services assume that role. */
export type RoleUse = {
  readonly type: string;
  /** Top-level property with the role's ARN or name. */
  readonly property: string;
  /** Service principals of which the role must trust at least one; `*` matches any characters, such as a region. */
  readonly services: readonly string[];
};

const use = (type: string, property: string, ...services: string[]): RoleUse => ({
  type,
  property,
  services,
});

/** Source: each service's documentation on execution roles, and the inputs of @pulumi/aws. */
export const ROLE_USES: readonly RoleUse[] = [
  use("aws:apigateway/account:Account", "cloudwatchRoleArn", "apigateway.amazonaws.com"),
  use("aws:appsync/dataSource:DataSource", "serviceRoleArn", "appsync.amazonaws.com"),
  use("aws:backup/selection:Selection", "iamRoleArn", "backup.amazonaws.com"),
  use("aws:cloudformation/stack:Stack", "iamRoleArn", "cloudformation.amazonaws.com"),
  use("aws:cloudtrail/trail:Trail", "cloudWatchLogsRoleArn", "cloudtrail.amazonaws.com"),
  use("aws:cloudwatch/eventTarget:EventTarget", "roleArn", "events.amazonaws.com"),
  use("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "roleArn", "logs.*"),
  use("aws:codebuild/project:Project", "serviceRole", "codebuild.amazonaws.com"),
  use("aws:codepipeline/pipeline:Pipeline", "roleArn", "codepipeline.amazonaws.com"),
  use("aws:ec2/flowLog:FlowLog", "iamRoleArn", "vpc-flow-logs.amazonaws.com"),
  use("aws:ecs/taskDefinition:TaskDefinition", "executionRoleArn", "ecs-tasks.amazonaws.com"),
  use("aws:ecs/taskDefinition:TaskDefinition", "taskRoleArn", "ecs-tasks.amazonaws.com"),
  use("aws:eks/cluster:Cluster", "roleArn", "eks.amazonaws.com"),
  use("aws:eks/nodeGroup:NodeGroup", "nodeRoleArn", "ec2.amazonaws.com"),
  use("aws:glue/crawler:Crawler", "role", "glue.amazonaws.com"),
  use("aws:glue/job:Job", "roleArn", "glue.amazonaws.com"),
  use("aws:iam/instanceProfile:InstanceProfile", "role", "ec2.amazonaws.com"),
  // Lambda@Edge replicates functions with a separate service.
  use("aws:lambda/function:Function", "role", "lambda.amazonaws.com", "edgelambda.amazonaws.com"),
  use("aws:pipes/pipe:Pipe", "roleArn", "pipes.amazonaws.com"),
  use("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "role", "s3.amazonaws.com"),
  use("aws:sagemaker/notebookInstance:NotebookInstance", "roleArn", "sagemaker.amazonaws.com"),
  use("aws:sfn/stateMachine:StateMachine", "roleArn", "states.amazonaws.com"),
  use("aws:ssm/maintenanceWindowTask:MaintenanceWindowTask", "serviceRoleArn", "ssm.amazonaws.com"),
];

/** How the resources of the stack use a role. */
export const usesOf = (stack: StackView, role: StackResource): readonly RoleUse[] =>
  ROLE_USES.filter(({ type, property }) =>
    stack
      .ofType([type])
      .some(
        (user) => stack.namedBy(user, property, IAM_ROLE).includes(role) || namesByArn(user, property, role),
      ),
  );

/** Matches an ARN built from the role's name, while AWS has not assigned the real ARN yet. */
const namesByArn = (user: StackResource, property: string, role: StackResource): boolean => {
  const [arn, name] = [user.props.value(property), role.props.value("name")];
  return typeof arn === "string" && typeof name === "string" && name !== "" && arn.endsWith(`/${name}`);
};

/** Does a resource of a type outside {@link ROLE_USES} use the role? IAM resources don't count. */
export const hasOtherUse = (stack: StackView, role: StackResource): boolean => {
  const uses = new Set(ROLE_USES.map(({ type }) => type));
  return stack.resources.some(
    ({ type, dependencies }) =>
      dependencies.includes(role.urn) &&
      !uses.has(type) &&
      !type.startsWith("aws:iam/") &&
      type.startsWith("aws:"),
  );
};
