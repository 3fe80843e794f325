import { allow, bad, type DocumentRow, deny, document, good, OBJECTS, QUEUE, TABLE, when } from "./row.ts";

const read = (operator: string, key: string, value: unknown) =>
  document(allow("s3:GetObject", OBJECTS, when(operator, key, value)));
const vacuous = (key: string) => `policy-vacuous-condition Condition::S/${key}`;

/** Conditions of identity policies that limit nothing, and conditions that only look as if they do. */
export const conditions: readonly DocumentRow[] = [
  good("an exact value", read("StringEquals", "aws:PrincipalTag/Team", "images")),
  bad("the pattern *", read("StringLike", "aws:PrincipalTag/Team", "*"), vacuous("aws:principaltag/team")),
  bad("the pattern * in a list", read("StringLike", "s3:prefix", ["home/*", "*"]), vacuous("s3:prefix")),
  good("a pattern with a fixed part", read("StringLike", "s3:prefix", "home/*")),
  bad(
    "* compared with StringEquals, which treats it as plain text",
    read("StringEquals", "aws:PrincipalTag/Team", "*"),
    "policy-literal-pattern Wildcard::S/aws:principaltag/team",
  ),
  bad(
    "an ARN of wildcards only",
    read("ArnLike", "aws:PrincipalArn", "arn:*:*:*:*:*"),
    vacuous("aws:principalarn"),
  ),
  bad("a range with every address", read("IpAddress", "aws:SourceIp", "0.0.0.0/0"), vacuous("aws:sourceip")),
  good("a range of addresses", read("IpAddress", "aws:SourceIp", "192.0.2.0/24")),
  good(
    "IfExists on a key of the request",
    read("StringEqualsIfExists", "s3:x-amz-server-side-encryption", "aws:kms"),
  ),
  bad(
    "IfExists on the caller",
    read("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
    vacuous("aws:principalorgid"),
  ),
  bad(
    "IfExists on the source",
    read("StringEqualsIfExists", "aws:SourceVpce", "vpce-0a1b2c3d"),
    vacuous("aws:sourcevpce"),
  ),
  good(
    "IfExists in a Deny, which denies more requests",
    document(deny("s3:*", "*", when("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5"))),
  ),
  bad(
    "ForAllValues, which is true for a request without values",
    document(
      allow(
        "dynamodb:GetItem",
        TABLE,
        when("ForAllValues:StringEquals", "dynamodb:LeadingKeys", [`\${aws:userid}`]),
      ),
    ),
    vacuous("dynamodb:leadingkeys"),
  ),
  good(
    "ForAllValues with a Null condition on the key",
    document(
      allow("dynamodb:GetItem", TABLE, {
        Condition: {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [`\${aws:userid}`] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      }),
    ),
  ),
  good(
    "ForAllValues on aws:TagKeys",
    document(allow("sqs:TagQueue", QUEUE, when("ForAllValues:StringEquals", "aws:TagKeys", ["Team"]))),
  ),
  good(
    "ForAnyValue",
    document(
      allow("dynamodb:GetItem", TABLE, when("ForAnyValue:StringEquals", "dynamodb:LeadingKeys", ["7"])),
    ),
  ),
  good("TLS", read("Bool", "aws:SecureTransport", "true")),
  good("a number", read("NumericLessThanEquals", "s3:max-keys", 100)),
  good("a date", read("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z")),
  bad(
    "an operator that does not exist in IAM",
    read("StringMatches", "aws:PrincipalTag/Team", "images"),
    "iam-policy-document-well-formed Document::policy Statement[0].Condition.StringMatches",
  ),
  bad(
    "a condition without an operator",
    document(allow("s3:GetObject", OBJECTS, { Condition: { "aws:PrincipalTag/Team": "images" } })),
    "iam-policy-document-well-formed Document::policy Statement[0].Condition.aws:PrincipalTag/Team",
  ),
];
