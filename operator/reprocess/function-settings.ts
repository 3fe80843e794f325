import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { type RenditionSpec, renditionSpecs } from "../../handler/core/spec/rendition-spec.ts";
import { OperatorError } from "../errors.ts";
import type { Target } from "../target.ts";

/** What of the deployed function decides what a reprocess makes and costs. */
export type FunctionSettings = {
  readonly memoryMb: number;
  readonly isArm: boolean;
  readonly specs: readonly RenditionSpec[];
};

const configuration = z.object({
  MemorySize: z.number(),
  Architectures: z.array(z.string()).default(["x86_64"]),
  Environment: z.object({ Variables: z.object({ RENDITIONS: z.string() }) }),
});

/** @throws {OperatorError} when the function's environment can't be read: that takes kms:Decrypt on the stack's key */
export const functionSettings = async ({
  lambda,
  outputs: { functionName },
}: Pick<Target, "lambda" | "outputs">): Promise<FunctionSettings> => {
  const answer = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
  const found = configuration.safeParse(answer).data;
  if (found === undefined) {
    throw new OperatorError(
      `The rendition specs of ${functionName} can't be read: you need kms:Decrypt on the stack's key, which encrypts its environment.`,
    );
  }
  return {
    memoryMb: found.MemorySize,
    isArm: found.Architectures.includes("arm64"),
    specs: renditionSpecs.parse(JSON.parse(found.Environment.Variables.RENDITIONS)),
  };
};
