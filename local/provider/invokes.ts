import { GetUserCommand } from "@aws-sdk/client-iam";
import { z } from "zod";
import type { Aws } from "../../operator/aws.ts";
import { type Properties, parseInputs, present } from "./resource.ts";

/** A function of the provider that looks something up. */
export type Invoke = (args: Properties, aws: Aws) => Promise<Properties>;

const noArguments = z.strictObject({});
const partitionOf = (region: string): { partition: string; dnsSuffix: string } => {
  if (region.startsWith("cn-")) {
    return { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  }
  return { partition: region.startsWith("us-gov-") ? "aws-us-gov" : "aws", dnsSuffix: "amazonaws.com" };
};

export const getCallerIdentity: Invoke = async (args, { iam }) => {
  parseInputs(noArguments, args);
  const { User } = await iam.send(new GetUserCommand({}));
  const arn = present(User?.Arn, "caller's ARN");
  const accountId = present(arn.split(":")[4], "account id");
  return { accountId, arn, id: accountId, userId: User?.UserId };
};

export const getRegion: Invoke = async (args, { region: ours }) => {
  const { region = ours } = parseInputs(z.strictObject({ region: z.string().optional() }), args);
  return {
    id: region,
    region,
    name: region,
    description: region,
    endpoint: `ec2.${region}.${partitionOf(region).dnsSuffix}`,
  };
};

export const getPartition: Invoke = async (args, { region }) => {
  parseInputs(noArguments, args);
  const { partition, dnsSuffix } = partitionOf(region);
  return {
    id: partition,
    partition,
    dnsSuffix,
    reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
  };
};
