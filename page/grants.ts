import { GetRolePolicyCommand, paginateListRolePolicies } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { z } from "zod";
import type { DeployedPipeline } from "../operator/uploads/deployed-pipeline.ts";
import type { GrantView } from "./model.ts";

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const documentShape = z.object({
  Statement: z.array(z.object({ Action: oneOrMore, Resource: oneOrMore, Condition: z.unknown().optional() })),
});

/** What AWS does in the role's name around the function's own calls, and where AWS says so. */
const BY_AWS: Readonly<Record<string, string>> = {
  sqs: "Lambda, to feed the function from the queue",
  logs: "Lambda, to keep what the function prints",
  xray: "Lambda, to keep traces",
  kms: "the services themselves, to encrypt and decrypt with the stack's key",
};

const statementsOf = async ({ aws: { iam } }: DeployedPipeline, RoleName: string) => {
  const statements: z.output<typeof documentShape>["Statement"] = [];
  for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: iam }, { RoleName })) {
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      statements.push(...documentShape.parse(JSON.parse(decodeURIComponent(PolicyDocument))).Statement);
    }
  }
  return statements;
};

/**
 * What the function's role may do, action by action, beside what the function has really called.
 *
 * @param calls by action; undefined where nobody counts
 */
export const readGrants = async (
  pipeline: DeployedPipeline,
  calls: ReadonlyMap<string, number> | undefined,
): Promise<{ readonly role: string; readonly grants: readonly GrantView[] }> => {
  const { Role = "" } = await pipeline.aws.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: pipeline.outputs.functionName }),
  );
  const role = Role.split("/").at(-1) ?? "";
  const statements = await statementsOf(pipeline, role);
  return {
    role,
    grants: statements.flatMap(({ Action, Resource, Condition }) =>
      Action.map((action) => {
        const byAws = BY_AWS[action.split(":")[0] ?? ""];
        return {
          action,
          resources: Resource,
          conditions: Condition === undefined ? undefined : JSON.stringify(Condition),
          byAws,
          calls:
            byAws === undefined ? (calls === undefined ? undefined : (calls.get(action) ?? 0)) : undefined,
        };
      }),
    ),
  };
};
