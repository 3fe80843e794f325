import { expect, test } from "vitest";
import { EMAIL, runProgram } from "../support/program.ts";

const BOUNDARY_ARN = "arn:aws:iam::123456789012:policy/image-ci-dev-boundary";
const OPTIONS = { email: EMAIL, delivery: "true", inventory: "daily", notices: "digest" };
const ROLE = "aws:iam/role:Role";

const rolesOf = async (config: Readonly<Record<string, string>>) => {
  const { resources } = await runProgram({ config: { ...OPTIONS, ...config } });
  return resources.filter(({ type }) => type === ROLE);
};

test("every role is within the boundary that the configuration names", async () => {
  const roles = await rolesOf({ permissionsBoundary: BOUNDARY_ARN });
  expect(Object.fromEntries(roles.map(({ name, inputs }) => [name, inputs["permissionsBoundary"]]))).toEqual({
    "digest-role": BOUNDARY_ARN,
    "digest-schedule-role": BOUNDARY_ARN,
    "inventory-batch-role": BOUNDARY_ARN,
    "inventory-reprocessor-role": BOUNDARY_ARN,
    "processor-role": BOUNDARY_ARN,
  });
});

test("no role has one otherwise, as before", async () => {
  const roles = await rolesOf({});
  expect(roles).toHaveLength(5);
  for (const { name, inputs } of roles) {
    expect([name, Object.keys(inputs).sort()]).toEqual([name, ["assumeRolePolicy", "name", "tags"]]);
  }
});
