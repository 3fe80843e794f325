import { accountOf } from "../aws/arn.ts";
import type { StackView } from "../engine/stack.ts";
import { accountsOf } from "./audience.ts";
import { documentTypes, findDocuments } from "./documents.ts";
import { namesAction } from "./grant.ts";

/**
 * The accounts that the stack's resources are in. Most ARNs contain the account. At the first preview no resource has
 * an ARN yet, so the documents are used instead: a resource's policy names the resource itself, and a key's policy
 * gives its administration to its own account.
 *
 * @returns an empty set when neither contains an account.
 */
export const accountsOfStack = (stack: StackView): ReadonlySet<string> => {
  let accounts = accountsByStack.get(stack);
  if (accounts === undefined) {
    accounts = new Set(accountsInArns(stack));
    if (accounts.size === 0) accounts = new Set(accountsInDocuments(stack));
    accountsByStack.set(stack, accounts);
  }
  return accounts;
};

const accountsByStack = new WeakMap<StackView, ReadonlySet<string>>();

const accountsInArns = (stack: StackView): readonly string[] =>
  stack.resources.flatMap(({ props }) => {
    const arn = props.value("arn");
    return typeof arn === "string" ? (accountOf(arn) ?? []) : [];
  });

const accountsInDocuments = (stack: StackView): readonly string[] =>
  stack.ofType(documentTypes("resource", "key")).flatMap((resource) =>
    findDocuments(resource, ["resource", "key"]).flatMap((found) => {
      if (found.state !== "parsed") return [];
      return found.statements.flatMap((statement) => {
        if (statement.kind === "resource") {
          return (statement.resources?.patterns ?? []).flatMap((pattern) => accountOf(pattern) ?? []);
        }
        const administers = statement.effect === "Allow" && namesAction(statement, "kms:PutKeyPolicy");
        return administers ? accountsOf(statement) : [];
      });
    }),
  );
