import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { OperatorError } from "../operator/errors.ts";
import { chooseCli } from "../operator/pulumi-cli.ts";
import type { DeployedResource } from "./ports.ts";

const ROOT = join(import.meta.dirname, "..");
/** A stack's state is some hundred kilobytes; the largest stacks have a hundred times as much. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

const stateShape = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          custom: z.boolean().optional(),
          id: z.string().optional(),
          protect: z.boolean().optional(),
          inputs: z.record(z.string(), z.unknown()).optional(),
          outputs: z.record(z.string(), z.unknown()).optional(),
          dependencies: z.array(z.string()).nullish(),
          propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
        }),
      )
      .optional(),
  }),
});

/** Reads what `pulumi stack export` prints; what is secret stays encrypted. @throws {z.ZodError} when it is something else */
export const resourcesOfState = (text: string): readonly DeployedResource[] =>
  (stateShape.parse(JSON.parse(text)).deployment.resources ?? [])
    .filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"))
    .map(({ urn, type, id = "", protect = false, inputs, outputs, dependencies, propertyDependencies }) => ({
      urn,
      type,
      id,
      name: urn.split("::").at(-1) ?? urn,
      properties: { ...inputs, ...outputs },
      isProtected: protect,
      dependencies: dependencies ?? [],
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies ?? {}).map(([property, urns]) => [property, urns ?? []]),
      ),
    }));

/** The resources of a stack, as its state has them. @throws {OperatorError} when Pulumi can't tell */
export const readStackResources = async (stack: string): Promise<readonly DeployedResource[]> => {
  const args = ["stack", "export", "--non-interactive", "--stack", stack];
  try {
    // Its outputs were read by the CLI on PATH, if there is no newer one.
    const cli = (await chooseCli(process.env)) ?? "pulumi";
    const { stdout } = await promisify(execFile)(cli, args, {
      cwd: ROOT,
      maxBuffer: MAX_STATE_BYTES,
    });
    return resourcesOfState(stdout);
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new OperatorError(`The state of the stack ${stack} can't be read. Pulumi says: ${said}`);
  }
};
