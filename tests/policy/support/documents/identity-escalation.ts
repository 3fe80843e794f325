import {
  ACCOUNT,
  ALIAS,
  allow,
  bad,
  type DocumentRow,
  deny,
  document,
  FUNCTION,
  good,
  KEY,
  ROLE,
  when,
} from "./row.ts";

const toLambda = when("StringEquals", "iam:PassedToService", "lambda.amazonaws.com");

/** Identity policies that lead further: passing roles, escalation, credentials, keys. */
export const identityEscalation: readonly DocumentRow[] = [
  good("an exact role to an exact service", document(allow("iam:PassRole", ROLE, toLambda))),
  good(
    "two roles to two services",
    document(
      allow(
        "iam:PassRole",
        [ROLE, `${ROLE}-2`],
        when("StringEquals", "iam:PassedToService", ["lambda.amazonaws.com", "events.amazonaws.com"]),
      ),
    ),
  ),
  bad(
    "an exact role to any service",
    document(allow("iam:PassRole", ROLE)),
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "any role to an exact service",
    document(allow("iam:PassRole", "*", toLambda)),
    "iam-wildcard-resource Star::iam:PassRole",
    "iam-pass-role Role::S",
  ),
  bad(
    "roles of a prefix",
    document(allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/images-*`, toLambda)),
    "iam-pass-role Role::S",
  ),
  bad(
    "a role by a policy variable",
    document(allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/\${aws:username}`, toLambda)),
    "iam-pass-role Role::S",
  ),
  bad(
    "every role of the account",
    document(allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/*`, toLambda)),
    "iam-wildcard-resource EveryResource::iam:PassRole",
    "iam-pass-role Role::S",
  ),
  bad(
    "to services of a wildcard",
    document(allow("iam:PassRole", ROLE, when("StringLike", "iam:PassedToService", "*.amazonaws.com"))),
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "to a service that may be missing",
    document(
      allow(
        "iam:PassRole",
        ROLE,
        when("StringEqualsIfExists", "iam:PassedToService", "lambda.amazonaws.com"),
      ),
    ),
    "iam-pass-role PassedToService::S",
    "policy-vacuous-condition Condition::S/iam:passedtoservice",
  ),
  bad(
    "in another spelling (trivy 0342 compares the text)",
    document(allow("IAM:passrole", ROLE)),
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "by a wildcard (trivy 0342, LambdaGuard#43)",
    document(allow("iam:Pass*", ROLE)),
    "iam-wildcard-action Action::iam:Pass*",
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "by the whole service",
    document(allow("iam:*", ROLE)),
    "iam-wildcard-action Action::iam:*",
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "by NotAction",
    document({ Sid: "S", Effect: "Allow", NotAction: "s3:*", Resource: ROLE }),
    "iam-pass-role PassedToService::S",
    "policy-inverted-allow NotAction::S",
  ),
  good("denied", document(deny("iam:PassRole", "*"))),
  good(
    "a wildcard for objects beside the role",
    document(allow(["iam:PassRole", "s3:GetObject"], [ROLE, "arn:aws:s3:::images/*"], toLambda)),
  ),

  bad(
    "all of IAM on everything",
    document(allow("iam:*", "*")),
    "iam-wildcard-action Action::iam:*",
    "iam-wildcard-resource Star::iam:*",
    "iam-pass-role Role::S",
    "iam-pass-role PassedToService::S",
    "iam-privilege-escalation Path::iam:*",
    "iam-credential-exposure Action::iam:*",
  ),
  bad(
    "a new version of any policy",
    document(allow("iam:CreatePolicyVersion", "*")),
    "iam-wildcard-resource Star::iam:CreatePolicyVersion",
    "iam-privilege-escalation Path::iam:CreatePolicyVersion",
  ),
  good(
    "a new version of one policy",
    document(allow("iam:CreatePolicyVersion", `arn:aws:iam::${ACCOUNT}:policy/images`)),
  ),
  bad(
    "attaching to any role, without sts:AssumeRole (cloudsplaining#580)",
    document(allow("iam:AttachRolePolicy", `arn:aws:iam::${ACCOUNT}:role/*`)),
    "iam-wildcard-resource EveryResource::iam:AttachRolePolicy",
    "iam-privilege-escalation Path::iam:AttachRolePolicy",
  ),
  good(
    "attaching one policy to any role (cloudsplaining#195)",
    document(
      allow(
        "iam:AttachRolePolicy",
        `arn:aws:iam::${ACCOUNT}:role/*`,
        when("ArnEquals", "iam:PolicyARN", `arn:aws:iam::${ACCOUNT}:policy/images`),
      ),
    ),
  ),
  bad(
    "attaching within a permissions boundary leads nowhere",
    document(
      allow(
        "iam:PutRolePolicy",
        `arn:aws:iam::${ACCOUNT}:role/*`,
        when("StringEquals", "iam:PermissionsBoundary", `arn:aws:iam::${ACCOUNT}:policy/boundary`),
      ),
    ),
    "iam-wildcard-resource EveryResource::iam:PutRolePolicy",
  ),
  bad(
    "writing any role's policy",
    document(allow("iam:PutRolePolicy", "*")),
    "iam-wildcard-resource Star::iam:PutRolePolicy",
    "iam-privilege-escalation Path::iam:PutRolePolicy",
  ),
  bad(
    "a function with any role",
    document(
      allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*", { Sid: "F" }),
      allow("iam:PassRole", "*", { Sid: "P" }),
    ),
    "iam-wildcard-resource Star::lambda:CreateFunction",
    "iam-wildcard-resource Star::lambda:InvokeFunction",
    "iam-wildcard-resource Star::iam:PassRole",
    "iam-pass-role Role::P",
    "iam-pass-role PassedToService::P",
    "iam-privilege-escalation Path::iam:PassRole+lambda:CreateFunction+lambda:InvokeFunction",
  ),
  bad(
    "a function with any role, but roles only to ECS",
    document(
      allow(["lambda:CreateFunction", "lambda:InvokeFunction"], "*", { Sid: "F" }),
      allow("iam:PassRole", "*", {
        Sid: "P",
        ...when("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"),
      }),
    ),
    "iam-wildcard-resource Star::lambda:CreateFunction",
    "iam-wildcard-resource Star::lambda:InvokeFunction",
    "iam-wildcard-resource Star::iam:PassRole",
    "iam-pass-role Role::P",
  ),
  good(
    "a function with one role",
    document(
      allow(["lambda:CreateFunction", "lambda:InvokeFunction"], FUNCTION, { Sid: "F" }),
      allow("iam:PassRole", ROLE, { Sid: "P", ...toLambda }),
    ),
  ),
  bad(
    "the code of any function",
    document(allow("lambda:UpdateFunctionCode", "*")),
    "iam-wildcard-resource Star::lambda:UpdateFunctionCode",
    "iam-privilege-escalation Path::lambda:UpdateFunctionCode",
  ),
  good("the code of one function", document(allow("lambda:UpdateFunctionCode", FUNCTION))),
  bad(
    "a way that a Deny closes",
    document(allow("lambda:UpdateFunctionCode", "*"), deny("lambda:Update*", "*", { Sid: "D" })),
    "iam-wildcard-resource Star::lambda:UpdateFunctionCode",
  ),
  bad(
    "a way that a Deny with a condition leaves open",
    document(
      allow("lambda:UpdateFunctionCode", "*"),
      deny("lambda:Update*", "*", { Sid: "D", ...when("Bool", "aws:MultiFactorAuthPresent", "false") }),
    ),
    "iam-wildcard-resource Star::lambda:UpdateFunctionCode",
    "iam-privilege-escalation Path::lambda:UpdateFunctionCode",
  ),
  bad(
    "any role",
    document(allow("sts:AssumeRole", "*")),
    "iam-wildcard-resource Star::sts:AssumeRole",
    "iam-privilege-escalation Path::sts:AssumeRole",
    "iam-credential-exposure Action::sts:AssumeRole",
  ),
  good("one role", document(allow("sts:AssumeRole", ROLE))),
  bad(
    "keys of any user",
    document(allow("iam:CreateAccessKey", "*")),
    "iam-wildcard-resource Star::iam:CreateAccessKey",
    "iam-privilege-escalation Path::iam:CreateAccessKey",
    "iam-credential-exposure Action::iam:CreateAccessKey",
  ),
  good(
    "one's own keys",
    document(allow("iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/\${aws:username}`)),
  ),
  bad(
    "a session token, which knows no resource",
    document(allow("sts:GetSessionToken", "*")),
    "iam-credential-exposure Action::sts:GetSessionToken",
  ),
  good("who am I", document(allow("sts:GetCallerIdentity", "*"))),
  bad(
    "a shell on any instance",
    document(allow("ssm:StartSession", "*")),
    "iam-wildcard-resource Star::ssm:StartSession",
    "iam-privilege-escalation Path::ssm:StartSession",
  ),

  good("one key", document(allow(["kms:Decrypt", "kms:GenerateDataKey"], KEY))),
  good(
    "one key in all regions that it is replicated to",
    document(allow("kms:Decrypt", `arn:aws:kms:*:${ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`)),
  ),
  good(
    "making keys, which knows no resource",
    document(allow(["kms:CreateKey", "kms:ListKeys", "kms:GenerateRandom"], "*")),
  ),
  bad(
    "any key (FSBP KMS.1, KMS.2)",
    document(allow("kms:Decrypt", "*")),
    "iam-wildcard-resource Star::kms:Decrypt",
    "iam-kms-key Key::S",
  ),
  bad(
    "every key of the account",
    document(allow("kms:Decrypt", `arn:aws:kms:*:${ACCOUNT}:key/*`)),
    "iam-wildcard-resource EveryResource::kms:Decrypt",
    "iam-kms-key Key::S",
  ),
  good(
    "every key of an alias",
    document(
      allow(
        "kms:Decrypt",
        `arn:aws:kms:*:${ACCOUNT}:key/*`,
        when("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/images"),
      ),
    ),
  ),
  bad(
    "keys of a service are still any key",
    document(
      allow("kms:Decrypt", "*", when("StringEquals", "kms:ViaService", "s3.eu-central-1.amazonaws.com")),
    ),
    "iam-wildcard-resource Star::kms:Decrypt",
    "iam-kms-key Key::S",
  ),
  bad(
    "an alias",
    document(allow("kms:Decrypt", ALIAS)),
    "iam-action-resource-match Mismatch::kms:Decrypt",
    "iam-kms-key Alias::S",
  ),
  bad("an alias beside its key", document(allow("kms:Decrypt", [KEY, ALIAS])), "iam-kms-key Alias::S"),
  good("managing an alias of a key", document(allow(["kms:CreateAlias", "kms:UpdateAlias"], [KEY, ALIAS]))),
  bad(
    "everything with one key",
    document(allow("kms:*", KEY)),
    "iam-wildcard-action Action::kms:*",
    "iam-kms-key Action::kms:*",
    "iam-kms-key Grant::S",
  ),
  bad("grants of one key", document(allow("kms:CreateGrant", KEY)), "iam-kms-key Grant::S"),
  good(
    "grants of one key to AWS's services",
    document(allow("kms:CreateGrant", KEY, when("Bool", "kms:GrantIsForAWSResource", "true"))),
  ),
  bad(
    "grants that are not for AWS's services",
    document(allow("kms:CreateGrant", KEY, when("Bool", "kms:GrantIsForAWSResource", "false"))),
    "iam-kms-key Grant::S",
  ),
  good("a key described", document(allow("kms:DescribeKey", KEY))),
  bad(
    "any key described",
    document(allow("kms:DescribeKey", "*")),
    "iam-wildcard-resource Star::kms:DescribeKey",
  ),
];
