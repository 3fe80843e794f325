import {
  ACCOUNT,
  allow,
  BUCKET,
  bad,
  type DocumentRow,
  deny,
  document,
  good,
  grant,
  OBJECTS,
  QUEUE,
  ROLE,
  STRANGER,
  TABLE,
  TOPIC,
  trust,
  when,
} from "./row.ts";

const malformed = (place: string) =>
  `iam-policy-document-well-formed Document::policy${place === "" ? "" : ` ${place}`}`;
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${resource}`;
const everything = (action: string, ...others: readonly string[]) => [
  `iam-wildcard-resource EveryResource::${action}`,
  ...others,
];

/** Identity policies that look narrow but are not, or look wrong but are not. */
export const subtleIdentity: readonly DocumentRow[] = [
  bad(
    "an incomplete ARN, which IAM completes with wildcards",
    document(allow("sqs:SendMessage", "arn:aws:sqs")),
    ...everything("sqs:SendMessage"),
  ),
  bad(
    "an incomplete ARN that ends after its account",
    document(allow("dynamodb:GetItem", `arn:aws:dynamodb:eu-central-1:${ACCOUNT}`)),
    ...everything("dynamodb:GetItem", "iam-data-exfiltration Action::dynamodb:GetItem"),
  ),
  bad(
    "an ARN that ends in a wildcard before its resource",
    document(allow("sns:Publish", "arn:aws:sns:*")),
    ...everything("sns:Publish"),
  ),
  bad(
    "an ARN with a wildcard in the service",
    document(allow("sqs:SendMessage", "arn:aws:sqs*")),
    ...everything("sqs:SendMessage"),
  ),
  bad(
    "a name pattern of at least one character",
    document(allow("sqs:SendMessage", arn("sqs", "?*"))),
    ...everything("sqs:SendMessage"),
  ),
  bad(
    "a name pattern of at least one character, reversed",
    document(allow("sqs:SendMessage", arn("sqs", "*?"))),
    ...everything("sqs:SendMessage"),
  ),
  bad(
    "a bucket name pattern of at least three characters, which matches every bucket",
    document(allow("s3:GetObject", "arn:aws:s3:::???*/*")),
    ...everything("s3:GetObject", "iam-data-exfiltration Action::s3:GetObject"),
  ),
  good("a name pattern of an exact length", document(allow("sqs:SendMessage", arn("sqs", "tenant-????")))),
  good(
    "the random suffix of a secret's ARN",
    document(allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:database-??????"))),
  ),
  bad(
    "every secret",
    document(allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:*"))),
    ...everything(
      "secretsmanager:GetSecretValue",
      "iam-data-exfiltration Action::secretsmanager:GetSecretValue",
    ),
  ),
  good("parameters of one path", document(allow("ssm:GetParameter", arn("ssm", "parameter/images/*")))),
  bad(
    "every parameter, without the slash",
    document(allow("ssm:GetParameter", arn("ssm", "parameter*"))),
    ...everything("ssm:GetParameter", "iam-data-exfiltration Action::ssm:GetParameter"),
  ),
  bad(
    "all actions on buckets with a prefix and their objects",
    document(allow("s3:*", "arn:aws:s3:::images*")),
    "iam-wildcard-action Action::s3:*",
    "iam-bucket-name Bucket::S",
  ),
  bad(
    "objects in buckets with a prefix, which others can create",
    document(allow("s3:PutObject", "arn:aws:s3:::images-*/*")),
    "iam-bucket-name Bucket::S",
  ),
  good(
    "objects in buckets with a prefix, limited to one account",
    document(
      allow("s3:PutObject", "arn:aws:s3:::images-*/*", when("StringEquals", "aws:ResourceAccount", ACCOUNT)),
    ),
  ),
  bad(
    "a wildcard for one character of an action",
    document(allow("s3:?etObject", OBJECTS)),
    "iam-wildcard-action Action::s3:?etObject",
  ),
  bad(
    "iam:PassRole matched by question marks",
    document(allow("iam:Pass????", ROLE)),
    "iam-wildcard-action Action::iam:Pass????",
    "iam-pass-role PassedToService::S",
  ),
  good(
    "passing a role to one service for one kind of resource",
    document(
      allow("iam:PassRole", ROLE, {
        Condition: {
          StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
          ArnLike: { "iam:AssociatedResourceArn": arn("ecs", "task/*") },
        },
      }),
    ),
  ),
  bad(
    "NotAction with a condition",
    document({
      Sid: "S",
      Effect: "Allow",
      NotAction: "s3:DeleteObject",
      Resource: OBJECTS,
      ...when("Bool", "aws:MultiFactorAuthPresent", "true"),
    }),
    "policy-inverted-allow NotAction::S",
  ),
  bad(
    "a wildcard compared with StringEquals, which treats it as plain text",
    document(allow("s3:ListBucket", BUCKET, when("StringEquals", "s3:prefix", "home/*"))),
    "policy-literal-pattern Wildcard::S/s3:prefix",
  ),
  bad(
    "a Deny with a wildcard compared with StringEquals, which denies nothing",
    document(deny("s3:PutObject", OBJECTS, when("StringEquals", "aws:PrincipalTag/Team", "guest-*"))),
    "policy-literal-pattern Wildcard::S/aws:principaltag/team",
  ),
  good(
    "an ARN wildcard compared with ArnEquals, which equals ArnLike",
    document(allow("s3:GetObject", OBJECTS, when("ArnEquals", "aws:SourceArn", arn("lambda", "function:*")))),
  ),
  good(
    "a literal star written as a policy variable",
    document(allow("s3:ListBucket", BUCKET, when("StringEquals", "s3:prefix", `home/\${*}`))),
  ),
  bad(
    "a policy variable in a document with the old version",
    { Version: "2008-10-17", Statement: [allow("s3:GetObject", `${BUCKET}/\${aws:username}/*`)] },
    "policy-literal-pattern Variable::S",
  ),
  bad(
    "a policy variable in a condition of a document without a version",
    {
      Statement: [
        allow("s3:GetObject", OBJECTS, when("StringEquals", "s3:prefix", `\${aws:PrincipalTag/Team}`)),
      ],
    },
    "policy-literal-pattern Variable::S",
  ),
  bad(
    "IfExists and ForAnyValue at once",
    document(
      allow(
        "s3:GetObject",
        OBJECTS,
        when("ForAnyValue:StringLikeIfExists", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*"),
      ),
    ),
    "policy-vacuous-condition Condition::S/aws:principalorgpaths",
  ),
  bad(
    "a condition pattern of at least one character",
    document(allow("s3:GetObject", OBJECTS, when("StringLike", "aws:PrincipalTag/Team", "?*"))),
    "policy-vacuous-condition Condition::S/aws:principaltag/team",
  ),
  good(
    "ForAllValues with a Deny of requests without the key",
    document(
      allow("dynamodb:Query", TABLE, when("ForAllValues:StringEquals", "dynamodb:LeadingKeys", ["7"])),
      { ...deny("dynamodb:Query", TABLE, when("Null", "dynamodb:LeadingKeys", "true")), Sid: "D" },
    ),
  ),
  bad(
    "a repeated element, of which only the last counts",
    `{"Statement":[{"Sid":"S","Effect":"Deny","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`,
    malformed("Statement[0].Effect"),
  ),
  bad(
    "a repeated element with a JSON escape",
    String.raw`{"Statement":[{"Effect":"Allow","Action":"*","\u0041ction":"s3:GetObject","Resource":"*"}]}`,
    malformed("Statement[0].Action"),
  ),
  bad(
    "a repeated operator, of which only the last counts",
    `{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"${OBJECTS}","Condition":
      {"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"StringEquals":{"s3:prefix":"home"}}}}`,
    malformed("Statement.Condition.StringEquals"),
  ),
  good(
    "the same element in two statements",
    document(
      { ...allow("s3:GetObject", OBJECTS), Sid: "A" },
      { ...allow("s3:PutObject", OBJECTS), Sid: "B" },
    ),
  ),
  bad("a statement with only a Sid", document({ Sid: "S" }), malformed("Statement[0].Effect")),
  bad(
    "two statements with the same Sid",
    document(allow("s3:GetObject", OBJECTS), allow("s3:PutObject", OBJECTS)),
    malformed("Statement[1].Sid"),
  ),
  bad(
    "a Sid with spaces",
    document({ ...allow("s3:GetObject", OBJECTS), Sid: "Read originals" }),
    malformed("Statement[0].Sid"),
  ),
  bad(
    "a version that does not exist",
    { Version: "2026-01-01", Statement: [allow("s3:GetObject", OBJECTS)] },
    malformed("Version"),
  ),
  bad(
    "elements in lower case",
    { Version: "2012-10-17", Statement: [{ effect: "Allow", action: "*", resource: "*" }] },
    malformed("Statement[0].Effect"),
    malformed("Statement[0]"),
  ),
  bad(
    "a resource with a space after it",
    document(allow("s3:GetObject", "* ")),
    malformed("Statement[0].Resource[0]"),
  ),
  bad("a list in a list", document(allow([["s3:GetObject"]], OBJECTS)), malformed("Statement[0].Action")),
  bad("a statement that is null", { Version: "2012-10-17", Statement: [null] }, malformed("Statement[0]")),
  bad("a document without Statement", { Version: "2012-10-17" }, malformed("Statement")),
];

/** The same for resource policies. */
export const subtleResource: readonly DocumentRow[] = [
  bad(
    "everyone, a role and a service",
    document(grant({ AWS: [ROLE, "*"], Service: "sns.amazonaws.com" }, "sqs:SendMessage", QUEUE)),
    "policy-any-principal Principal::S",
    "policy-confused-deputy Source::S/sns.amazonaws.com",
  ),
  bad(
    "another account in a list with a role and a service",
    document(
      grant(
        { AWS: [ROLE, `arn:aws:iam::${STRANGER}:root`], Service: ["sns.amazonaws.com"] },
        "sqs:SendMessage",
        QUEUE,
        when("ArnEquals", "aws:SourceArn", TOPIC),
      ),
    ),
    "policy-cross-account Account::S",
  ),
  bad("nobody", document(grant({}, "sqs:SendMessage", QUEUE)), malformed("Statement[0].Principal")),
  bad(
    "an empty list of principals",
    document(grant({ AWS: [] }, "sqs:SendMessage", QUEUE)),
    malformed("Statement[0].Principal"),
  ),
  bad(
    "a principal with a partial wildcard",
    document(grant({ AWS: `arn:aws:iam::${ACCOUNT}:role/*` }, "sqs:SendMessage", QUEUE)),
    malformed("Statement[0].Principal"),
  ),
  bad(
    "an organization path with ForAllValues, which is true for callers without one",
    document(
      grant(
        "*",
        "sqs:SendMessage",
        QUEUE,
        when("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-a1b2/*"),
      ),
    ),
    "policy-any-principal Principal::S",
    "policy-vacuous-condition Condition::S/aws:principalorgpaths",
  ),
  good(
    "an organization path with ForAnyValue",
    document(
      grant(
        "*",
        "sqs:SendMessage",
        QUEUE,
        when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2/*"),
      ),
    ),
  ),
  bad(
    "everyone outside an organization",
    document(
      grant(
        "*",
        "sqs:SendMessage",
        QUEUE,
        when("ForAnyValue:StringNotEquals", "aws:PrincipalOrgID", "o-a1b2"),
      ),
    ),
    "policy-any-principal Principal::S",
  ),
  bad(
    "everyone in some organization",
    document(grant("*", "sqs:SendMessage", QUEUE, when("Null", "aws:PrincipalOrgID", "false"))),
    "policy-any-principal Principal::S",
  ),
  bad(
    "everyone with a role of one name, in any account",
    document(
      grant("*", "sqs:SendMessage", QUEUE, when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy")),
    ),
    "policy-any-principal Principal::S",
  ),
  bad(
    "everyone in two ranges that together contain every address",
    document(
      grant("*", "sqs:SendMessage", QUEUE, when("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"])),
    ),
    "policy-any-principal Principal::S",
  ),
  bad(
    "everyone through AWS services",
    document(grant("*", "sqs:SendMessage", QUEUE, when("Bool", "aws:PrincipalIsAWSService", "true"))),
    "policy-any-principal Principal::S",
  ),
  bad(
    "everyone who sends a header",
    document(
      grant("*", "sqs:SendMessage", QUEUE, when("StringLike", "aws:Referer", "https://example.com/*")),
    ),
    "policy-any-principal Principal::S",
  ),
  bad(
    "a service on behalf of any account, with StringLike",
    document(
      grant(
        { Service: "sns.amazonaws.com" },
        "sqs:SendMessage",
        QUEUE,
        when("StringLike", "aws:SourceAccount", "*"),
      ),
    ),
    "policy-confused-deputy Source::S/sns.amazonaws.com",
    "policy-vacuous-condition Condition::S/aws:sourceaccount",
  ),
  bad(
    "a service on behalf of any account, with a Null condition",
    document(
      grant(
        { Service: "sns.amazonaws.com" },
        "sqs:SendMessage",
        QUEUE,
        when("Null", "aws:SourceAccount", "false"),
      ),
    ),
    "policy-confused-deputy Source::S/sns.amazonaws.com",
  ),
  bad(
    "a service on behalf of the account and another account",
    document(
      grant(
        { Service: "sns.amazonaws.com" },
        "sqs:SendMessage",
        QUEUE,
        when("StringEquals", "aws:SourceAccount", [ACCOUNT, STRANGER]),
      ),
    ),
    "policy-cross-account Account::S",
  ),
  bad(
    "topics that match a wildcard compared with StringEquals, so none may publish",
    document(
      grant(
        { Service: "sns.amazonaws.com" },
        "sqs:SendMessage",
        QUEUE,
        when("StringEquals", "aws:SourceArn", arn("sns", "*")),
      ),
    ),
    "policy-literal-pattern Wildcard::S/aws:sourcearn",
  ),
  bad(
    "all actions of all services, in one action",
    document(grant({ AWS: ROLE }, "*:*", QUEUE)),
    "policy-wildcard-action Action::S/*:*",
  ),
];

/** The same for trust policies. */
const ACTIONS_TOKENS = "token.actions.githubusercontent.com";
const web = (condition?: Readonly<Record<string, unknown>>) =>
  document(
    trust(
      { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ACTIONS_TOKENS}` },
      condition,
      "sts:AssumeRoleWithWebIdentity",
    ),
  );
const subject = (operator: string, value: unknown) =>
  web({ [operator]: { [`${ACTIONS_TOKENS}:sub`]: value } });

export const subtleTrust: readonly DocumentRow[] = [
  bad(
    "GitHub's audience without a subject",
    web({ StringEquals: { [`${ACTIONS_TOKENS}:aud`]: "sts.amazonaws.com" } }),
    "iam-trust-principal WebIdentity::S",
  ),
  bad(
    "the owner of GitHub repositories without a subject",
    web({ StringEquals: { [`${ACTIONS_TOKENS}:repository_owner`]: "acme" } }),
    "iam-trust-principal WebIdentity::S",
  ),
  bad(
    "repositories with a prefix",
    subject("StringLike", "repo:acme/app*"),
    "iam-trust-principal WebIdentity::S",
  ),
  good(
    "a subject key in another case",
    web({ StringLike: { [`${ACTIONS_TOKENS.toUpperCase()}:SUB`]: "repo:acme/app:*" } }),
  ),
  good("a subject with GitHub's ids", subject("StringEquals", "repo:acme@1/app@2:ref:refs/heads/main")),
  bad(
    "a subject wildcard compared with StringEquals, so nobody may assume the role",
    subject("StringEquals", "repo:acme/app:*"),
    "policy-literal-pattern Wildcard::S/token.actions.githubusercontent.com:sub",
  ),
  bad(
    "an action of another service",
    document(trust({ Service: "lambda.amazonaws.com" }, undefined, ["sts:AssumeRole", "s3:GetObject"])),
    "iam-policy-document-well-formed Document::assumeRolePolicy Statement[0].Action[1]",
  ),
  bad(
    "an invalid service name",
    document(trust({ Service: "lambda" })),
    "iam-policy-document-well-formed Document::assumeRolePolicy Statement[0].Principal",
  ),
  bad(
    "a service name with a wildcard",
    document(trust({ Service: "*.amazonaws.com" })),
    "iam-policy-document-well-formed Document::assumeRolePolicy Statement[0].Principal",
  ),
];
