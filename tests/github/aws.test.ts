import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { actionTable, resourceFits } from "../../policy/lib/action-table.ts";

const strings = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const documentSchema = z.object({
  Statement: z.array(z.object({ Sid: z.string(), Action: strings, Resource: strings })),
});

const filledIn = (text: string): string =>
  text
    .replaceAll("SECRETS_KEY_ARN", "arn:aws:kms:REGION:ACCOUNT_ID:key/11111111-2222-3333-4444-555555555555")
    .replaceAll("ACCOUNT_ID", "123456789012")
    .replaceAll("REGION", "eu-central-1")
    .replaceAll("STATE_BUCKET", "my-pulumi-state");

describe.each(["preview", "deploy"])("the policy of the role that CI takes to %s", (role) => {
  const text = filledIn(readFileSync(join(import.meta.dirname, `../../.github/aws/${role}.json`), "utf8"));
  const grants = documentSchema
    .parse(JSON.parse(text))
    .Statement.flatMap(({ Action, Resource }) => Action.map((action) => ({ action, resources: Resource })));

  it("names actions that AWS has, none by a wildcard", () => {
    const names = grants.map(({ action }) => action);
    expect(names.map((name) => actionTable().find(name)?.name)).toEqual(names);
  });

  it("limits every action that can be limited, to resources that it acts on", () => {
    for (const { action, resources } of grants) {
      const facts = actionTable().find(action);
      expect(resources.includes("*"), action).toBe(facts?.wildcardOnly);
      const fitting = resources.filter((resource) => facts !== undefined && resourceFits(facts, resource));
      expect(fitting, action).toEqual(resources);
    }
  });

  it("fits into a role", () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; white space does not count.
    expect(text.replaceAll(/\s/g, "").length).toBeLessThanOrEqual(10_240);
  });
});
