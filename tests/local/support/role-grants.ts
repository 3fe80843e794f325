import { GetRolePolicyCommand, ListRolePoliciesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { z } from "zod";
import type { Pipeline } from "../../../local/start/pipeline.ts";

const document = z.object({
  Version: z.string(),
  Statement: z.array(z.looseObject({ Action: z.union([z.string(), z.array(z.string())]) })),
});

/**
 * Takes one action out of every policy of the function's role.
 *
 * @returns how to give it back
 * @throws when the role was not granted it
 */
const revoke = async (
  { aws: { iam, lambda }, outputs }: Pipeline,
  action: string,
): Promise<() => Promise<void>> => {
  const { Role = "" } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: outputs.functionName }),
  );
  const RoleName = Role.split("/").at(-1);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const before: { PolicyName: string; PolicyDocument: string }[] = [];
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const granted = document.parse(JSON.parse(decodeURIComponent(PolicyDocument)));
    const left = granted.Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((other) => other !== action),
    }));
    if (
      left.some(({ Action }, index) => Action.length < [granted.Statement[index]?.Action ?? []].flat().length)
    ) {
      before.push({ PolicyName, PolicyDocument: JSON.stringify(granted) });
      const Statement = left.filter(({ Action }) => Action.length > 0);
      await iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName,
          PolicyDocument: JSON.stringify({ ...granted, Statement }),
        }),
      );
    }
  }
  if (before.length === 0) {
    throw new Error(`The function's role is not granted ${action}.`);
  }
  return async () => {
    for (const policy of before) {
      await iam.send(new PutRolePolicyCommand({ RoleName, ...policy }));
    }
  };
};

/**
 * Does something while the function's role lacks one action.
 *
 * @throws when the role was not granted it
 */
export const withoutGrant = async <Result>(
  pipeline: Pipeline,
  action: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  const giveBack = await revoke(pipeline, action);
  try {
    return await work();
  } finally {
    await giveBack();
  }
};
