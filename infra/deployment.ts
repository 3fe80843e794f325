import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "./naming.ts";

export type CurrentDeployment = Deployment & {
  /** Who runs the program, as AWS names them. */
  readonly callerArn: string;
};

/** Where this run deploys to, asked of AWS with the credentials of whoever runs it. */
export const currentDeployment = async (): Promise<CurrentDeployment> => {
  const [{ accountId, arn: callerArn }, { region }, { partition }] = await Promise.all([
    aws.getCallerIdentity(),
    aws.getRegion(),
    aws.getPartition(),
  ]);
  return { project: pulumi.getProject(), stack: pulumi.getStack(), partition, region, accountId, callerArn };
};
