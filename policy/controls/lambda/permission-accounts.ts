import { accountOf, isAccountId } from "../../aws/arn.ts";
import { LAMBDA_PERMISSION } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { judgePart, notJudged, violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";
import { accountsOfStack } from "../../iam/accounts.ts";

const PROPERTIES = ["principal", "sourceAccount", "sourceArn"] as const;

export const lambdaPermissionAccounts = defineStackControl({
  id: "LAMBDA-011",
  name: "lambda-permission-accounts",
  title: "Lambda permissions grant access only to known accounts.",
  severity: "high",
  level: "mandatory",
  why: "A permission for another account, or for a service on its behalf, lets anyone who controls that account call the function.",
  remediation:
    "Name the stack's own account, or list the other account under allowedAccounts in the pack's `pack-settings`.",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["lambda"],
  types: LAMBDA_PERMISSION,
  parameters: noParameters,
  check: (stack, { settings }) =>
    judgeEach(stack.ofType(LAMBDA_PERMISSION), function* (permission) {
      for (const property of PROPERTIES) {
        yield* judgePart(permission, function* () {
          const account = accountIn(permission.props.string(property) ?? "");
          if (account === undefined || settings.allowedAccounts.includes(account)) return;
          const own = accountsOfStack(stack);
          if (own.has(account)) return;
          if (own.size === 0) {
            yield notJudged("the stack's own account");
            return;
          }
          yield violation({
            key: `Account::${property}`,
            message: `\`${property}\` must belong to the stack's own account or to an account under allowedAccounts.`,
          });
        });
      }
    }),
});

const accountIn = (value: string): string | undefined => (isAccountId(value) ? value : accountOf(value));
