import { ACCOUNT, bad, type DocumentRow, document, good, grant, ROLE, STRANGER, when } from "./row.ts";

const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const administration = grant(ROOT, "kms:*", "*", { Sid: "Account" });
const CRYPTO = ["kms:Decrypt", "kms:GenerateDataKey"];
const LOGS = { Service: "logs.eu-central-1.amazonaws.com" };
const withAccount = (statement: Record<string, unknown>) => document(administration, statement);
const logs = (Condition?: Record<string, unknown>) =>
  withAccount(
    grant(LOGS, ["kms:Encrypt*", "kms:Decrypt*"], "*", Condition === undefined ? {} : { Condition }),
  );

/** KMS key policies, in which `*` is the key itself. */
export const keyPolicies: readonly DocumentRow[] = [
  good("all actions for the account (checkov#5181, #5148, #2336, tfsec#797)", document(administration)),
  good("all actions for the account, named by id", document(grant({ AWS: ACCOUNT }, "kms:*", "*"))),
  good("some actions for a role", withAccount(grant({ AWS: ROLE }, CRYPTO, "*"))),
  good(
    "action prefixes, as in AWS's guide",
    withAccount(grant({ AWS: ROLE }, ["kms:Create*", "kms:Describe*", "kms:ReEncrypt*"], "*")),
  ),
  bad(
    "all actions for a role",
    withAccount(grant({ AWS: ROLE }, "kms:*", "*")),
    "policy-wildcard-action Action::S/kms:*",
  ),
  bad(
    "all actions for the account and a role",
    document(grant({ AWS: [`arn:aws:iam::${ACCOUNT}:root`, ROLE] }, "kms:*", "*")),
    "policy-wildcard-action Action::S/kms:*",
  ),
  bad("everyone (FSBP KMS.5)", withAccount(grant("*", CRYPTO, "*")), "policy-any-principal Principal::S"),
  bad(
    "everyone through a service, like AWS-managed keys but without the account",
    withAccount(
      grant(
        { AWS: "*" },
        CRYPTO,
        "*",
        when("StringEquals", "kms:ViaService", "s3.eu-central-1.amazonaws.com"),
      ),
    ),
    "policy-any-principal Principal::S",
  ),
  good(
    "everyone in the account through a service",
    withAccount(
      grant({ AWS: "*" }, CRYPTO, "*", {
        Condition: {
          StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com", "kms:CallerAccount": ACCOUNT },
        },
      }),
    ),
  ),
  bad(
    "everyone in another account through a service",
    withAccount(
      grant({ AWS: "*" }, CRYPTO, "*", {
        Condition: {
          StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com", "kms:CallerAccount": STRANGER },
        },
      }),
    ),
    "policy-cross-account Account::S",
  ),
  bad(
    "another account",
    withAccount(grant({ AWS: `arn:aws:iam::${STRANGER}:root` }, CRYPTO, "*")),
    "policy-cross-account Account::S",
  ),
  good(
    "S3 on behalf of the account",
    withAccount(
      grant({ Service: "s3.amazonaws.com" }, CRYPTO, "*", when("StringEquals", "aws:SourceAccount", ACCOUNT)),
    ),
  ),
  bad(
    "S3 on behalf of anyone",
    withAccount(grant({ Service: "s3.amazonaws.com" }, CRYPTO, "*")),
    "policy-confused-deputy Source::S/s3.amazonaws.com",
  ),
  good(
    "CloudWatch alarms of the account",
    withAccount(
      grant(
        { Service: "cloudwatch.amazonaws.com" },
        CRYPTO,
        "*",
        when("ArnLike", "aws:SourceArn", `arn:aws:cloudwatch:eu-central-1:${ACCOUNT}:alarm:*`),
      ),
    ),
  ),
  good(
    "one log group, limited by the encryption context",
    logs({
      ArnEquals: {
        "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/f`,
      },
    }),
  ),
  good(
    "the account's log groups, limited by the encryption context",
    logs({ ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-central-1:${ACCOUNT}:*` } }),
  ),
  bad(
    "anyone's log groups, with a wildcard in the encryption context",
    logs({ ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:*:*" } }),
    "policy-confused-deputy Source::S/logs.eu-central-1.amazonaws.com",
  ),
  bad("anyone's log groups", logs(), "policy-confused-deputy Source::S/logs.eu-central-1.amazonaws.com"),
  good(
    "Deny for everyone outside the account",
    withAccount({
      ...grant("*", "kms:*", "*", when("StringNotEquals", "aws:PrincipalAccount", ACCOUNT)),
      Effect: "Deny",
    }),
  ),
  bad(
    "NotPrincipal with Allow",
    withAccount({ Sid: "S", Effect: "Allow", NotPrincipal: { AWS: ROLE }, Action: CRYPTO, Resource: "*" }),
    "policy-inverted-allow NotPrincipal::S",
  ),
  bad(
    "NotAction with Allow",
    withAccount({
      Sid: "S",
      Effect: "Allow",
      Principal: { AWS: ROLE },
      NotAction: "kms:PutKeyPolicy",
      Resource: "*",
    }),
    "policy-inverted-allow NotAction::S",
  ),
];
