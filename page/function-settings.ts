import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { parseSettings, type Settings } from "../handler/core/settings/settings.ts";
import type { DeployedPipeline } from "../operator/uploads/deployed-pipeline.ts";

/** What the function is told by its environment, as it reads it itself. */
export const readFunctionSettings = async ({ aws, outputs }: DeployedPipeline): Promise<Settings> => {
  const { Environment, MemorySize } = await aws.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: outputs.functionName }),
  );
  return parseSettings({
    ...Environment?.Variables,
    AWS_REGION: aws.region,
    ...(MemorySize === undefined ? {} : { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize) }),
  });
};
