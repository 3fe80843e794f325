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

/** Identity policies that can lead to more privileges: passing roles, escalation, credentials, keys. */
export const identityEscalation: readonly DocumentRow[] = [
  good("passing an exact role to an exact service", document(allow("iam:PassRole", ROLE, toLambda))),
  good(
    "passing two roles to two services",
    document(
      allow(
        "iam:PassRole",
        [ROLE, `${ROLE}-2`],
        when("StringEquals", "iam:PassedToService", ["lambda.amazonaws.com", "events.amazonaws.com"]),
      ),
    ),
  ),
  bad(
    "passing an exact role to any service",
    document(allow("iam:PassRole", ROLE)),
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "passing any role to an exact service",
    document(allow("iam:PassRole", "*", toLambda)),
    "iam-wildcard-resource Star::iam:PassRole",
    "iam-pass-role Role::S",
  ),
  bad(
    "passing roles with a prefix",
    document(allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/images-*`, toLambda)),
    "iam-pass-role Role::S",
  ),
  bad(
    "passing a role named by a policy variable",
    document(allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/\${aws:username}`, toLambda)),
    "iam-pass-role Role::S",
  ),
  bad(
    "passing every role of the account",
    document(allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/*`, toLambda)),
    "iam-wildcard-resource EveryResource::iam:PassRole",
    "iam-pass-role Role::S",
  ),
  bad(
    "passing a role to services that match a wildcard",
    document(allow("iam:PassRole", ROLE, when("StringLike", "iam:PassedToService", "*.amazonaws.com"))),
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "passing a role with IfExists on the service",
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
    "iam:PassRole in another case (trivy 0342 compares the text)",
    document(allow("IAM:passrole", ROLE)),
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "iam:PassRole in a wildcard (trivy 0342, LambdaGuard#43)",
    document(allow("iam:Pass*", ROLE)),
    "iam-wildcard-action Action::iam:Pass*",
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "iam:PassRole in the whole service",
    document(allow("iam:*", ROLE)),
    "iam-wildcard-action Action::iam:*",
    "iam-pass-role PassedToService::S",
  ),
  bad(
    "iam:PassRole in NotAction",
    document({ Sid: "S", Effect: "Allow", NotAction: "s3:*", Resource: ROLE }),
    "iam-pass-role PassedToService::S",
    "policy-inverted-allow NotAction::S",
  ),
  good("denied", document(deny("iam:PassRole", "*"))),
  good(
    "an exact role, and a wildcard for objects",
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
    "creating a version of any policy",
    document(allow("iam:CreatePolicyVersion", "*")),
    "iam-wildcard-resource Star::iam:CreatePolicyVersion",
    "iam-privilege-escalation Path::iam:CreatePolicyVersion",
  ),
  good(
    "creating a version of one policy",
    document(allow("iam:CreatePolicyVersion", `arn:aws:iam::${ACCOUNT}:policy/images`)),
  ),
  bad(
    "attaching policies to any role, without sts:AssumeRole (cloudsplaining#580)",
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
    "attaching policies within a permissions boundary",
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
    "changing any role's policy",
    document(allow("iam:PutRolePolicy", "*")),
    "iam-wildcard-resource Star::iam:PutRolePolicy",
    "iam-privilege-escalation Path::iam:PutRolePolicy",
  ),
  bad(
    "creating a function with any role",
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
    "creating a function and passing any role, but only to ECS",
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
    "creating a function with one role",
    document(
      allow(["lambda:CreateFunction", "lambda:InvokeFunction"], FUNCTION, { Sid: "F" }),
      allow("iam:PassRole", ROLE, { Sid: "P", ...toLambda }),
    ),
  ),
  bad(
    "changing the code of any function",
    document(allow("lambda:UpdateFunctionCode", "*")),
    "iam-wildcard-resource Star::lambda:UpdateFunctionCode",
    "iam-privilege-escalation Path::lambda:UpdateFunctionCode",
  ),
  good("changing the code of one function", document(allow("lambda:UpdateFunctionCode", FUNCTION))),
  bad(
    "an escalation that a Deny prevents",
    document(allow("lambda:UpdateFunctionCode", "*"), deny("lambda:Update*", "*", { Sid: "D" })),
    "iam-wildcard-resource Star::lambda:UpdateFunctionCode",
  ),
  bad(
    "an escalation that a Deny with a condition does not prevent",
    document(
      allow("lambda:UpdateFunctionCode", "*"),
      deny("lambda:Update*", "*", { Sid: "D", ...when("Bool", "aws:MultiFactorAuthPresent", "false") }),
    ),
    "iam-wildcard-resource Star::lambda:UpdateFunctionCode",
    "iam-privilege-escalation Path::lambda:UpdateFunctionCode",
  ),
  bad(
    "assuming any role",
    document(allow("sts:AssumeRole", "*")),
    "iam-wildcard-resource Star::sts:AssumeRole",
    "iam-privilege-escalation Path::sts:AssumeRole",
    "iam-credential-exposure Action::sts:AssumeRole",
  ),
  good("assuming one role", document(allow("sts:AssumeRole", ROLE))),
  bad(
    "creating access keys of any user",
    document(allow("iam:CreateAccessKey", "*")),
    "iam-wildcard-resource Star::iam:CreateAccessKey",
    "iam-privilege-escalation Path::iam:CreateAccessKey",
    "iam-credential-exposure Action::iam:CreateAccessKey",
  ),
  good(
    "creating the caller's own access keys",
    document(allow("iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/\${aws:username}`)),
  ),
  bad(
    "a session token, which takes no resource",
    document(allow("sts:GetSessionToken", "*")),
    "iam-credential-exposure Action::sts:GetSessionToken",
  ),
  good("sts:GetCallerIdentity", document(allow("sts:GetCallerIdentity", "*"))),
  bad(
    "a shell on any instance",
    document(allow("ssm:StartSession", "*")),
    "iam-wildcard-resource Star::ssm:StartSession",
    "iam-privilege-escalation Path::ssm:StartSession",
  ),

  good("decrypting with one key", document(allow(["kms:Decrypt", "kms:GenerateDataKey"], KEY))),
  good(
    "decrypting with a multi-Region key in every region",
    document(allow("kms:Decrypt", `arn:aws:kms:*:${ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`)),
  ),
  good(
    "creating keys, which takes no resource",
    document(allow(["kms:CreateKey", "kms:ListKeys", "kms:GenerateRandom"], "*")),
  ),
  bad(
    "decrypting with any key (FSBP KMS.1, KMS.2)",
    document(allow("kms:Decrypt", "*")),
    "iam-wildcard-resource Star::kms:Decrypt",
    "iam-kms-key Key::S",
  ),
  bad(
    "decrypting with every key of the account",
    document(allow("kms:Decrypt", `arn:aws:kms:*:${ACCOUNT}:key/*`)),
    "iam-wildcard-resource EveryResource::kms:Decrypt",
    "iam-kms-key Key::S",
  ),
  good(
    "decrypting with keys that have one alias",
    document(
      allow(
        "kms:Decrypt",
        `arn:aws:kms:*:${ACCOUNT}:key/*`,
        when("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/images"),
      ),
    ),
  ),
  bad(
    "decrypting with any key through one service",
    document(
      allow("kms:Decrypt", "*", when("StringEquals", "kms:ViaService", "s3.eu-central-1.amazonaws.com")),
    ),
    "iam-wildcard-resource Star::kms:Decrypt",
    "iam-kms-key Key::S",
  ),
  bad(
    "decrypting with an alias as the resource",
    document(allow("kms:Decrypt", ALIAS)),
    "iam-action-resource-match Mismatch::kms:Decrypt",
    "iam-kms-key Alias::S",
  ),
  bad(
    "decrypting with an alias and its key as resources",
    document(allow("kms:Decrypt", [KEY, ALIAS])),
    "iam-kms-key Alias::S",
  ),
  good("managing an alias of a key", document(allow(["kms:CreateAlias", "kms:UpdateAlias"], [KEY, ALIAS]))),
  bad(
    "all actions on one key",
    document(allow("kms:*", KEY)),
    "iam-wildcard-action Action::kms:*",
    "iam-kms-key Action::kms:*",
    "iam-kms-key Grant::S",
  ),
  bad("creating grants of one key", document(allow("kms:CreateGrant", KEY)), "iam-kms-key Grant::S"),
  good(
    "creating grants of one key for AWS services",
    document(allow("kms:CreateGrant", KEY, when("Bool", "kms:GrantIsForAWSResource", "true"))),
  ),
  bad(
    "creating grants that are not for AWS services",
    document(allow("kms:CreateGrant", KEY, when("Bool", "kms:GrantIsForAWSResource", "false"))),
    "iam-kms-key Grant::S",
  ),
  good("describing a key", document(allow("kms:DescribeKey", KEY))),
  bad(
    "describing any key",
    document(allow("kms:DescribeKey", "*")),
    "iam-wildcard-resource Star::kms:DescribeKey",
  ),
];
