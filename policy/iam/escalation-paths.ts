/** A way to gain more privileges. It takes all of these actions together. */
export type EscalationPath = {
  readonly actions: readonly string[];
  /** For a path through `iam:PassRole`: the service that the role is passed to. */
  readonly passedTo?: string;
  /** Does it also work when allowed only on the ARN of the identity itself, or of a policy attached to it? */
  readonly onItself?: boolean;
};

const pass = (passedTo: string, ...actions: string[]): EscalationPath => ({
  actions: ["iam:PassRole", ...actions],
  passedTo,
});
const alone = (...actions: string[]): EscalationPath => ({ actions });
const itself = (action: string): EscalationPath => ({ actions: [action], onItself: true });

/**
 * The published ways to escalate privileges in AWS, as the actions that each one takes. Sources: Cloudsplaining and
 * https://pathfinding.cloud. Paths that change a role do not also require `sts:AssumeRole`: the changed role can be the
 * caller's own, or one that trusts many principals.
 */
export const ESCALATION_PATHS: readonly EscalationPath[] = [
  // Changing what an identity may do.
  itself("iam:CreatePolicyVersion"),
  itself("iam:SetDefaultPolicyVersion"),
  itself("iam:AttachRolePolicy"),
  itself("iam:PutRolePolicy"),
  itself("iam:AttachUserPolicy"),
  itself("iam:PutUserPolicy"),
  alone("iam:AttachGroupPolicy"),
  alone("iam:PutGroupPolicy"),
  alone("iam:AddUserToGroup"),
  alone("iam:UpdateAssumeRolePolicy"),
  itself("iam:DeleteRolePermissionsBoundary"),
  itself("iam:DeleteUserPermissionsBoundary"),
  itself("iam:PutRolePermissionsBoundary"),
  itself("iam:PutUserPermissionsBoundary"),
  // Becoming another identity.
  alone("iam:CreateAccessKey"),
  alone("iam:CreateLoginProfile"),
  alone("iam:UpdateLoginProfile"),
  alone("iam:CreateServiceSpecificCredential"),
  alone("sts:AssumeRole"),
  alone("iam:UpdateSAMLProvider"),
  // Passing a role to a service that runs the caller's code.
  pass("ec2.amazonaws.com", "ec2:RunInstances"),
  pass("ec2.amazonaws.com", "ec2:AssociateIamInstanceProfile"),
  pass("ec2.amazonaws.com", "ec2:ReplaceIamInstanceProfileAssociation"),
  pass("ec2.amazonaws.com", "ec2:RequestSpotInstances"),
  pass("ec2.amazonaws.com", "autoscaling:CreateLaunchConfiguration"),
  pass("ec2.amazonaws.com", "iam:AddRoleToInstanceProfile"),
  pass("lambda.amazonaws.com", "lambda:CreateFunction", "lambda:InvokeFunction"),
  pass("lambda.amazonaws.com", "lambda:CreateFunction", "lambda:AddPermission"),
  pass("lambda.amazonaws.com", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
  pass("lambda.amazonaws.com", "lambda:CreateFunction", "lambda:CreateFunctionUrlConfig"),
  pass("ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
  pass("ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:StartTask"),
  pass("ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
  pass("ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:UpdateService"),
  pass("glue.amazonaws.com", "glue:CreateDevEndpoint"),
  pass("glue.amazonaws.com", "glue:CreateJob", "glue:StartJobRun"),
  pass("glue.amazonaws.com", "glue:CreateJob", "glue:CreateTrigger"),
  pass("glue.amazonaws.com", "glue:UpdateJob", "glue:StartJobRun"),
  pass("glue.amazonaws.com", "glue:UpdateJob", "glue:CreateTrigger"),
  pass("glue.amazonaws.com", "glue:CreateSession", "glue:RunStatement"),
  pass("cloudformation.amazonaws.com", "cloudformation:CreateStack"),
  pass("cloudformation.amazonaws.com", "cloudformation:UpdateStack"),
  pass("cloudformation.amazonaws.com", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
  pass(
    "cloudformation.amazonaws.com",
    "cloudformation:CreateStackSet",
    "cloudformation:CreateStackInstances",
  ),
  pass("cloudformation.amazonaws.com", "cloudformation:UpdateStackSet"),
  pass("datapipeline.amazonaws.com", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
  pass("sagemaker.amazonaws.com", "sagemaker:CreateNotebookInstance"),
  pass("sagemaker.amazonaws.com", "sagemaker:CreateTrainingJob"),
  pass("sagemaker.amazonaws.com", "sagemaker:CreateProcessingJob"),
  pass("sagemaker.amazonaws.com", "sagemaker:CreatePipeline", "sagemaker:StartPipelineExecution"),
  pass("codebuild.amazonaws.com", "codebuild:CreateProject", "codebuild:StartBuild"),
  pass("codebuild.amazonaws.com", "codebuild:CreateProject", "codebuild:StartBuildBatch"),
  pass("codebuild.amazonaws.com", "codebuild:UpdateProject", "codebuild:StartBuild"),
  pass("codedeploy.amazonaws.com", "codedeploy:CreateDeploymentGroup", "codedeploy:CreateDeployment"),
  pass("codepipeline.amazonaws.com", "codepipeline:CreatePipeline"),
  pass("states.amazonaws.com", "states:CreateStateMachine", "states:StartExecution"),
  pass("states.amazonaws.com", "states:UpdateStateMachine", "states:StartExecution"),
  pass("scheduler.amazonaws.com", "scheduler:CreateSchedule"),
  pass("events.amazonaws.com", "events:PutRule", "events:PutTargets"),
  pass("pipes.amazonaws.com", "pipes:CreatePipe"),
  pass("apprunner.amazonaws.com", "apprunner:CreateService"),
  pass("batch.amazonaws.com", "batch:RegisterJobDefinition", "batch:SubmitJob"),
  pass("bedrock-agentcore.amazonaws.com", "bedrock-agentcore:CreateCodeInterpreter"),
  pass("elasticmapreduce.amazonaws.com", "elasticmapreduce:RunJobFlow"),
  pass("emr-serverless.amazonaws.com", "emr-serverless:StartJobRun"),
  pass("imagebuilder.amazonaws.com", "imagebuilder:CreateInfrastructureConfiguration"),
  pass("ssm.amazonaws.com", "ssm:StartAutomationExecution"),
  pass("gamelift.amazonaws.com", "gamelift:CreateFleet"),
  pass("amplify.amazonaws.com", "amplify:CreateApp"),
  // Running the caller's code under a role that a resource already has.
  alone("lambda:UpdateFunctionCode"),
  alone("lambda:UpdateFunctionConfiguration"),
  alone("glue:UpdateDevEndpoint"),
  alone("sagemaker:CreatePresignedNotebookInstanceUrl"),
  alone("sagemaker:CreateNotebookInstanceLifecycleConfig", "sagemaker:UpdateNotebookInstance"),
  alone("ssm:SendCommand"),
  alone("ssm:StartSession"),
  alone("ec2-instance-connect:SendSSHPublicKey"),
  alone("ec2-instance-connect:SendSerialConsoleSSHPublicKey"),
  alone("ec2:ModifyInstanceAttribute", "ec2:StartInstances"),
  alone("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
  alone("ecs:ExecuteCommand"),
  alone("codebuild:StartBuild"),
  alone("apprunner:UpdateService"),
  alone("codestar:AssociateTeamMember"),
  alone("bedrock-agentcore:InvokeCodeInterpreter"),
  alone("elasticmapreduce:AddJobFlowSteps"),
];
