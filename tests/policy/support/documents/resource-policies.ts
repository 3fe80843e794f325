import {
  ACCOUNT,
  BUCKET,
  bad,
  type DocumentRow,
  document,
  good,
  grant,
  OBJECTS,
  QUEUE,
  ROLE,
  STRANGER,
  TOPIC,
  when,
} from "./row.ts";

const S3 = { Service: "s3.amazonaws.com" };
const SNS = { Service: "sns.amazonaws.com" };
const LOGS = { Service: "delivery.logs.amazonaws.com" };
const CDN = { Service: "cloudfront.amazonaws.com" };
const DISTRIBUTION = `arn:aws:cloudfront::${ACCOUNT}:distribution/E1A2B3C4D5`;
const send = (Principal: unknown, Condition?: Record<string, unknown>) =>
  document(grant(Principal, "sqs:SendMessage", QUEUE, Condition === undefined ? {} : { Condition }));
const read = (Condition?: Record<string, unknown>) =>
  grant("*", "s3:GetObject", OBJECTS, Condition === undefined ? {} : { Condition });
const denyOthers = (Condition: Record<string, unknown>, Resource: unknown = [BUCKET, OBJECTS]) => ({
  ...grant("*", "s3:*", Resource, { Condition }),
  Sid: "D",
  Effect: "Deny",
});
const ANY = "policy-any-principal Principal::S";
const FOREIGN = "policy-cross-account Account::S";

/** Policies of queues, topics, buckets and similar resources. */
export const resourcePolicies: readonly DocumentRow[] = [
  good("a role of the account", send({ AWS: ROLE })),
  good("the account", send({ AWS: ACCOUNT })),
  good("a deleted role, which IAM shows as an id", send({ AWS: "AROAEXAMPLEEXAMPLE" })),
  good(
    "a CloudFront origin access identity",
    document(
      grant(
        { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1A2B3" },
        "s3:GetObject",
        OBJECTS,
      ),
    ),
  ),
  bad("everyone", send("*"), ANY),
  bad("everyone as {AWS: *}", send({ AWS: "*" }), ANY),
  bad("everyone and a role", send({ AWS: [ROLE, "*"] }), ANY),
  bad("everyone, over TLS", send("*", { Bool: { "aws:SecureTransport": "true" } }), ANY),
  bad(
    "everyone with a Referer header",
    document(read({ StringLike: { "aws:Referer": "https://example.com/*" } })),
    ANY,
  ),
  good("everyone in an organization", send("*", { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
  good(
    "everyone in a part of an organization",
    send("*", {
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*" },
    }),
  ),
  bad(
    "everyone in any organization",
    send("*", { StringLike: { "aws:PrincipalOrgID": "*" } }),
    ANY,
    "policy-vacuous-condition Condition::S/aws:principalorgid",
  ),
  good("everyone in the account", send("*", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } })),
  good(
    "SNS's default policy, limited by the source's owner",
    document(
      grant(
        { AWS: "*" },
        ["SNS:Publish", "SNS:Subscribe"],
        TOPIC,
        when("StringEquals", "AWS:SourceOwner", ACCOUNT),
      ),
    ),
  ),
  good("everyone on behalf of one topic (FSBP SQS.3)", send("*", { ArnEquals: { "aws:SourceArn": TOPIC } })),
  good("everyone on behalf of one bucket", send("*", { ArnLike: { "aws:SourceArn": BUCKET } })),
  bad("everyone on behalf of any bucket", send("*", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } }), ANY),
  bad(
    "everyone on behalf of buckets with a prefix, which others can create",
    send("*", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::images-*" } }),
    ANY,
  ),
  bad(
    "everyone on behalf of topics of any account",
    send("*", { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:notices" } }),
    ANY,
  ),
  bad(
    "everyone on behalf of a source named by a policy variable",
    send("*", { StringEquals: { "aws:SourceAccount": `\${aws:PrincipalAccount}` } }),
    ANY,
  ),
  good("everyone in a VPC", document(read({ StringEquals: { "aws:SourceVpc": "vpc-0a1b2c3d" } }))),
  good(
    "everyone through a VPC endpoint",
    document(read({ StringEquals: { "aws:SourceVpce": ["vpce-0a1b2c3d", "vpce-4e5f6a7b"] } })),
  ),
  bad(
    "everyone through VPC endpoints that match a wildcard",
    document(read({ StringLike: { "aws:SourceVpce": "vpce-*" } })),
    ANY,
  ),
  good(
    "everyone in a range of addresses",
    document(read({ IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "2001:db8::/48"] } })),
  ),
  bad(
    "everyone in a range with every address",
    document(read({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })),
    ANY,
    "policy-vacuous-condition Condition::S/aws:sourceip",
  ),
  bad(
    "everyone in a range with half of all addresses",
    document(read({ IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } })),
    ANY,
  ),
  bad(
    "everyone in one range or in a range with every address",
    document(read({ IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "::/0"] } })),
    ANY,
    "policy-vacuous-condition Condition::S/aws:sourceip",
  ),
  bad("everyone outside a range", document(read({ NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } })), ANY),
  good(
    "everyone with the id of one role's sessions",
    document(read({ StringLike: { "aws:userId": "AROAEXAMPLEEXAMPLE:*" } })),
  ),
  bad(
    "everyone in an organization, with IfExists",
    send("*", { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
    ANY,
    "policy-vacuous-condition Condition::S/aws:principalorgid",
  ),
  good(
    "everyone, with a Deny for other organizations",
    document(read(), denyOthers({ StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
  ),
  good(
    "everyone, with a Deny for others except AWS services",
    document(
      read(),
      denyOthers({
        StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      }),
    ),
  ),
  good(
    "everyone, with a Deny outside a VPC",
    document(read(), denyOthers({ StringNotEquals: { "aws:SourceVpc": "vpc-0a1b2c3d" } })),
  ),
  bad(
    "everyone, with a Deny for others on other resources",
    document(
      read(),
      denyOthers({ StringNotEquals: { "aws:SourceVpc": "vpc-0a1b2c3d" } }, `${BUCKET}/private/*`),
    ),
    ANY,
  ),
  bad(
    "everyone, with a Deny for others only without TLS",
    document(
      read(),
      denyOthers({
        StringNotEquals: { "aws:SourceVpc": "vpc-0a1b2c3d" },
        Bool: { "aws:SecureTransport": "false" },
      }),
    ),
    ANY,
  ),
  bad(
    "everyone, TLS demanded",
    document(read(), denyOthers({ Bool: { "aws:SecureTransport": "false" } })),
    ANY,
  ),
  good(
    "Deny for everyone (checkov#1000, #4394, #5934)",
    document(denyOthers({ Bool: { "aws:SecureTransport": "false" } })),
  ),
  good("Deny of everything without conditions", document({ ...grant("*", "s3:*", OBJECTS), Effect: "Deny" })),
  good(
    "Deny with NotPrincipal",
    document({ Effect: "Deny", NotPrincipal: { AWS: ROLE }, Action: "s3:DeleteObject", Resource: OBJECTS }),
  ),
  bad(
    "Allow with NotPrincipal",
    document({
      Sid: "S",
      Effect: "Allow",
      NotPrincipal: { AWS: ROLE },
      Action: "s3:GetObject",
      Resource: OBJECTS,
    }),
    "policy-inverted-allow NotPrincipal::S",
  ),
  bad(
    "Allow with NotAction",
    document({
      Sid: "S",
      Effect: "Allow",
      Principal: { AWS: ROLE },
      NotAction: "s3:DeleteBucket",
      Resource: OBJECTS,
    }),
    "policy-inverted-allow NotAction::S",
  ),
  bad("another account", send({ AWS: `arn:aws:iam::${STRANGER}:root` }), FOREIGN),
  bad("a role of another account", send({ AWS: [ROLE, `arn:aws:iam::${STRANGER}:role/reader`] }), FOREIGN),
  bad("another account, named by id", send({ AWS: STRANGER }), FOREIGN),
  bad(
    "everyone in another account",
    send("*", { StringEquals: { "aws:PrincipalAccount": STRANGER } }),
    FOREIGN,
  ),
  bad("an ARN with a wildcard account", send({ AWS: "arn:aws:iam::*:role/reader" }), ANY),
  bad(
    "all actions for a role",
    document(grant({ AWS: ROLE }, "sqs:*", QUEUE)),
    "policy-wildcard-action Action::S/sqs:*",
  ),
  bad(
    "all actions for everyone",
    document(grant("*", "SQS:*", QUEUE)),
    ANY,
    "policy-wildcard-action Action::S/SQS:*",
  ),
  bad(
    "all actions of all services",
    document(grant({ AWS: ROLE }, "*", QUEUE)),
    "policy-wildcard-action Action::S/*",
  ),
  good("an action prefix for a role", document(grant({ AWS: ROLE }, "s3:Get*", OBJECTS))),

  good(
    "S3 on behalf of one bucket of one account",
    send(S3, { ArnEquals: { "aws:SourceArn": BUCKET }, StringEquals: { "aws:SourceAccount": ACCOUNT } }),
  ),
  good("S3 on behalf of one account", send(S3, { StringEquals: { "aws:SourceAccount": ACCOUNT } })),
  bad(
    "S3 on behalf of a bucket without an account (checkov 364 accepts it, FSBP Lambda.1 does not)",
    send(S3, { ArnEquals: { "aws:SourceArn": BUCKET } }),
    "policy-confused-deputy SourceAccount::S/s3.amazonaws.com",
  ),
  bad("S3 on behalf of anyone", send(S3), "policy-confused-deputy Source::S/s3.amazonaws.com"),
  good("SNS on behalf of one topic", send(SNS, { ArnEquals: { "aws:SourceArn": TOPIC } })),
  good(
    "SNS on behalf of topics of one account",
    send(SNS, { ArnLike: { "aws:SourceArn": `arn:aws:sns:*:${ACCOUNT}:*` } }),
  ),
  good("a condition key in lower case", send(SNS, { ArnLike: { "AWS:sourcearn": TOPIC } })),
  bad("SNS on behalf of anyone", send(SNS), "policy-confused-deputy Source::S/sns.amazonaws.com"),
  bad(
    "SNS on behalf of topics of any account",
    send(SNS, { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:notices" } }),
    "policy-confused-deputy Source::S/sns.amazonaws.com",
  ),
  bad(
    "SNS on behalf of a source that matches *",
    send(SNS, { ArnLike: { "aws:SourceArn": "*" } }),
    "policy-confused-deputy Source::S/sns.amazonaws.com",
    "policy-vacuous-condition Condition::S/aws:sourcearn",
  ),
  bad(
    "SNS on behalf of a topic, with IfExists",
    send(SNS, { ArnEqualsIfExists: { "aws:SourceArn": TOPIC } }),
    "policy-confused-deputy Source::S/sns.amazonaws.com",
    "policy-vacuous-condition Condition::S/aws:sourcearn",
  ),
  bad(
    "SNS on behalf of any topic except one",
    send(SNS, { ArnNotEquals: { "aws:SourceArn": TOPIC } }),
    "policy-confused-deputy Source::S/sns.amazonaws.com",
  ),
  bad(
    "SNS on behalf of another account",
    send(SNS, { StringEquals: { "aws:SourceAccount": STRANGER } }),
    FOREIGN,
  ),
  bad(
    "SNS on behalf of a topic of another account",
    send(SNS, { ArnEquals: { "aws:SourceArn": TOPIC.replace(ACCOUNT, STRANGER) } }),
    FOREIGN,
  ),
  good(
    "a service on behalf of an organization",
    send(SNS, { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } }),
  ),
  bad(
    "two services on behalf of anyone",
    send({ Service: ["events.amazonaws.com", "sns.amazonaws.com"] }),
    "policy-confused-deputy Source::S/events.amazonaws.com",
    "policy-confused-deputy Source::S/sns.amazonaws.com",
  ),
  good(
    "log delivery on behalf of one account",
    document(grant(LOGS, "s3:PutObject", OBJECTS, when("StringEquals", "aws:SourceAccount", ACCOUNT))),
  ),
  bad(
    "log delivery with an ACL, on behalf of anyone",
    document(
      grant(LOGS, "s3:PutObject", OBJECTS, when("StringEquals", "s3:x-amz-acl", "bucket-owner-full-control")),
    ),
    "policy-confused-deputy Source::S/delivery.logs.amazonaws.com",
  ),
  good(
    "CloudFront on behalf of one distribution",
    document(grant(CDN, "s3:GetObject", OBJECTS, when("StringEquals", "AWS:SourceArn", DISTRIBUTION))),
  ),
  bad(
    "CloudFront on behalf of every distribution",
    document(grant(CDN, "s3:GetObject", OBJECTS)),
    "policy-confused-deputy Source::S/cloudfront.amazonaws.com",
  ),
  good("Deny for a service", document({ ...grant(S3, "sqs:SendMessage", QUEUE), Effect: "Deny" })),
];
