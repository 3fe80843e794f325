import {
  ACCOUNT,
  allow,
  BUCKET,
  bad,
  type DocumentRow,
  document,
  FUNCTION,
  good,
  OBJECTS,
  QUEUE,
  TABLE,
  TOPIC,
  when,
} from "./row.ts";

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${resource}`;

/** Resources of identity policies: wildcards, matching actions and resources, limiting conditions. */
export const identityResources: readonly DocumentRow[] = [
  good("all objects of one bucket (cdk-nag IAM5, tfsec#1978)", document(allow("s3:GetObject", OBJECTS))),
  good("objects under a prefix (defsec#906)", document(allow("s3:GetObject", `${BUCKET}/*/test/*`))),
  good(
    "all streams of one log group",
    document(allow("logs:PutLogEvents", arn("logs", "log-group:/aws/lambda/f:*"))),
  ),
  good("all indexes of one table", document(allow("dynamodb:Query", [TABLE, `${TABLE}/index/*`]))),
  good("all versions of one function", document(allow("lambda:InvokeFunction", [FUNCTION, `${FUNCTION}:*`]))),
  good("a name with a wildcard in it", document(allow("sqs:SendMessage", arn("sqs", "ingest-*")))),
  good("one queue in any region", document(allow("sqs:SendMessage", `arn:aws:sqs:*:${ACCOUNT}:ingest`))),
  good(
    "the user's own folder, with a policy variable",
    document(allow("s3:GetObject", `${BUCKET}/\${aws:username}/*`)),
  ),
  good(
    "the caller's own queue, with a policy variable",
    document(allow("sqs:SendMessage", arn("sqs", `\${aws:username}`))),
  ),
  good(
    "actions that take no resource (tfsec#915, #1962, trivy#5040)",
    document(allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")),
  ),
  good("listing buckets, which takes no resource", document(allow("s3:ListAllMyBuckets", "*"))),
  good(
    "listing buckets on arn:aws:s3:::*, as in older examples (parliament#10)",
    document(allow("s3:ListAllMyBuckets", "arn:aws:s3:::*")),
  ),
  good("the login of a container registry", document(allow("ecr:GetAuthorizationToken", "*"))),
  good(
    "the network interfaces of a function in a VPC",
    document(allow("ec2:DescribeNetworkInterfaces", "*")),
  ),
  bad(
    "an action that takes resources, on *",
    document(allow("sqs:SendMessage", "*")),
    "iam-wildcard-resource Star::sqs:SendMessage",
  ),
  bad(
    "an action that takes resources and some that don't, on *",
    document(allow(["xray:PutTraceSegments", "sns:Publish"], "*")),
    "iam-wildcard-resource Star::sns:Publish",
  ),
  bad(
    "two actions on * in one statement (cdk-nag#833)",
    document(allow(["sqs:SendMessage", "sns:Publish"], "*")),
    "iam-wildcard-resource Star::sqs:SendMessage",
    "iam-wildcard-resource Star::sns:Publish",
  ),
  bad(
    "* in a list with an ARN",
    document(allow("sns:Publish", [TOPIC, "*"])),
    "iam-wildcard-resource Star::sns:Publish",
  ),
  bad(
    "an ARN of wildcards only (parliament RESOURCE_EFFECTIVELY_STAR)",
    document(allow("sns:Publish", "arn:aws:*:*:*:*")),
    "iam-wildcard-resource Star::sns:Publish",
  ),
  bad("arn:*", document(allow("sns:Publish", "arn:*")), "iam-wildcard-resource Star::sns:Publish"),
  bad("**", document(allow("sns:Publish", "**")), "iam-wildcard-resource Star::sns:Publish"),
  bad(
    "every queue of the account",
    document(allow("sqs:SendMessage", arn("sqs", "*"))),
    "iam-wildcard-resource EveryResource::sqs:SendMessage",
  ),
  bad(
    "every bucket's objects",
    document(allow("s3:PutObject", "arn:aws:s3:::*/*")),
    "iam-wildcard-resource EveryResource::s3:PutObject",
  ),
  bad(
    "every bucket",
    document(allow("s3:PutObject", "arn:aws:s3:::*")),
    "iam-wildcard-resource EveryResource::s3:PutObject",
  ),
  bad(
    "every table of a region",
    document(allow("dynamodb:UpdateItem", arn("dynamodb", "table/*"))),
    "iam-wildcard-resource EveryResource::dynamodb:UpdateItem",
  ),
  bad(
    "every log group",
    document(allow(["logs:CreateLogStream", "logs:PutLogEvents"], arn("logs", "log-group:*"))),
    "iam-wildcard-resource EveryResource::logs:CreateLogStream",
    "iam-wildcard-resource EveryResource::logs:PutLogEvents",
  ),
  good(
    "describing log groups, which needs all of them",
    document(allow("logs:DescribeLogGroups", arn("logs", "log-group:*"))),
  ),
  good(
    "every instance, whose ids AWS assigns",
    document(allow("ec2:RunInstances", [arn("ec2", "instance/*"), arn("ec2", "volume/*")])),
  ),
  good(
    "every DNS change, whose ids AWS assigns",
    document(allow("route53:GetChange", "arn:aws:route53:::change/*")),
  ),
  bad(
    "every hosted zone",
    document(allow("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/*")),
    "iam-wildcard-resource EveryResource::route53:ChangeResourceRecordSets",
  ),
  bad(
    "an action of a service that the table covers in part, on *",
    document(allow("bedrock:InvokeModel", "*")),
    "iam-wildcard-resource Star::bedrock:InvokeModel",
  ),
  bad(
    "terminating instances on *",
    document(allow("ec2:TerminateInstances", "*")),
    "iam-wildcard-resource Star::ec2:TerminateInstances",
  ),
  good(
    "terminating instances with one tag, on * (checkov#990, #1392, #5305: conditions ignored)",
    document(allow("ec2:TerminateInstances", "*", when("StringEquals", "aws:ResourceTag/Team", "images"))),
  ),
  good(
    "terminating instances of the caller's team, with a policy variable in a tag condition",
    document(
      allow(
        "ec2:TerminateInstances",
        "*",
        when("StringEquals", "ec2:ResourceTag/Team", `team-\${aws:PrincipalTag/Team}`),
      ),
    ),
  ),
  bad(
    "a tag condition with the value *",
    document(allow("ec2:TerminateInstances", "*", when("StringLike", "aws:ResourceTag/Team", "*"))),
    "iam-wildcard-resource Star::ec2:TerminateInstances",
    "policy-vacuous-condition Condition::S/aws:resourcetag/team",
  ),
  bad(
    "a condition that does not limit the resources",
    document(allow("sqs:SendMessage", "*", when("Bool", "aws:SecureTransport", "true"))),
    "iam-wildcard-resource Star::sqs:SendMessage",
  ),
  bad(
    "a tag condition with IfExists",
    document(
      allow("ec2:TerminateInstances", "*", when("StringEqualsIfExists", "aws:ResourceTag/Team", "images")),
    ),
    "iam-wildcard-resource Star::ec2:TerminateInstances",
  ),
  bad(
    "an action wildcard on *",
    document(allow("sqs:Send*", "*")),
    "iam-wildcard-action Action::sqs:Send*",
    "iam-wildcard-resource Star::sqs:Send*",
  ),
  bad(
    "metrics in any namespace",
    document(allow("cloudwatch:PutMetricData", "*")),
    "iam-scoping-condition Condition::cloudwatch:PutMetricData",
  ),
  good(
    "metrics in one namespace (checkov#990)",
    document(allow("cloudwatch:PutMetricData", "*", when("StringEquals", "cloudwatch:namespace", "Images"))),
  ),
  good(
    "metrics in a few namespaces",
    document(
      allow(
        "cloudwatch:PutMetricData",
        "*",
        when("StringLike", "cloudwatch:namespace", ["Images/*", "Queue"]),
      ),
    ),
  ),
  bad(
    "metrics in a namespace that matches *",
    document(allow("cloudwatch:PutMetricData", "*", when("StringLike", "cloudwatch:namespace", "*"))),
    "iam-scoping-condition Condition::cloudwatch:PutMetricData",
    "policy-vacuous-condition Condition::S/cloudwatch:namespace",
  ),
  bad(
    "event source mappings for any function",
    document(allow("lambda:CreateEventSourceMapping", "*")),
    "iam-scoping-condition Condition::lambda:CreateEventSourceMapping",
  ),
  good(
    "event source mappings for one function",
    document(
      allow("lambda:CreateEventSourceMapping", "*", when("ArnEquals", "lambda:FunctionArn", FUNCTION)),
    ),
  ),
  bad(
    "an object action on the bucket",
    document(allow("s3:GetObject", BUCKET)),
    "iam-action-resource-match Mismatch::s3:GetObject",
  ),
  bad(
    "a bucket action on objects",
    document(allow("s3:ListBucket", OBJECTS)),
    "iam-action-resource-match Mismatch::s3:ListBucket",
  ),
  good(
    "bucket and object actions on a bucket and its objects (parliament#208)",
    document(allow(["s3:GetObject", "s3:ListBucket"], [BUCKET, OBJECTS])),
  ),
  good(
    "objects through an access point",
    document(allow("s3:GetObject", arn("s3", "accesspoint/readers/object/*"))),
  ),
  good("a resource of another service and the right one", document(allow("sqs:SendMessage", [QUEUE, TOPIC]))),
  good(
    "a wildcard as the service in the ARN",
    document(allow("sqs:SendMessage", `arn:aws:*:*:${ACCOUNT}:ingest`)),
  ),
  good(
    "an ARN of another partition",
    document(allow("sqs:SendMessage", `arn:aws-cn:sqs:cn-north-1:${ACCOUNT}:ingest`)),
  ),
  good(
    "an action wildcard that matches more than the resource (parliament#172)",
    document(allow("s3:List*", BUCKET)),
  ),
  bad(
    "the ARN of another service",
    document(allow("sqs:SendMessage", TOPIC)),
    "iam-action-resource-match Mismatch::sqs:SendMessage",
  ),
  bad(
    "a table's ARN without table/",
    document(allow("dynamodb:UpdateItem", arn("dynamodb", "assets"))),
    "iam-action-resource-match Mismatch::dynamodb:UpdateItem",
  ),
  bad(
    "an action without resources on an ARN",
    document(allow("s3:ListAllMyBuckets", BUCKET)),
    "iam-action-resource-match Mismatch::s3:ListAllMyBuckets",
  ),
  bad(
    "two actions, one of which does not match the resource",
    document(allow(["dynamodb:UpdateItem", "dynamodb:ListStreams"], TABLE)),
    "iam-action-resource-match Mismatch::dynamodb:ListStreams",
  ),
  bad(
    "the data of every secret",
    document(allow("secretsmanager:GetSecretValue", "*")),
    "iam-wildcard-resource Star::secretsmanager:GetSecretValue",
    "iam-data-exfiltration Action::secretsmanager:GetSecretValue",
  ),
  bad(
    "the data of every bucket",
    document(allow("s3:GetObject", "arn:aws:s3:::*/*")),
    "iam-wildcard-resource EveryResource::s3:GetObject",
    "iam-data-exfiltration Action::s3:GetObject",
  ),
  good(
    "the data of one secret",
    document(allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:db-??????"))),
  ),
  good(
    "the data of objects with one tag",
    document(
      allow("s3:GetObject", "arn:aws:s3:::*/*", when("StringEquals", "s3:ExistingObjectTag/public", "yes")),
    ),
  ),
];
