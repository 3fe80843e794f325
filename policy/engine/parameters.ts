import type { PolicyConfigSchema } from "@pulumi/policy";
import { z } from "zod";

type PropertySchema = PolicyConfigSchema["properties"][string];

/** The JSON schema that the engine checks a policy's config against before the pack sees it. */
export const configSchemaOf = (parameters: z.ZodObject): PolicyConfigSchema => {
  const { properties = {}, required = [] } = z.toJSONSchema(parameters, { io: "input" });
  return {
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]): [string, PropertySchema] => [
        name,
        typeof schema === "boolean" ? {} : asPolicySchema(schema),
      ]),
    ),
    required,
  };
};

// The SDK's type is of an older draft of JSON schema; what zod writes for parameters is valid in both.
const asPolicySchema = (schema: z.core.JSONSchema.JSONSchema): PropertySchema =>
  JSON.parse(JSON.stringify(schema));
