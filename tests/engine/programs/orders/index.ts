import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// A secret in a property that a control is about: the control must not print it.
const token = new pulumi.Config().requireSecret("token");

const queue = new aws.sqs.Queue("orders", { name: "orders" });
const topic = new aws.sns.Topic("shipped", { name: "shipped" });
new aws.sns.TopicPolicy("shipped-policy", {
  arn: topic.arn,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "sns:Publish", Resource: topic.arn }],
  }),
});
const key = new aws.kms.Key("data", { description: "Orders' data" });
const role = new aws.iam.Role("worker", {
  name: "worker",
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  }),
});
new aws.iam.RolePolicy("worker-permissions", {
  name: "permissions",
  role: role.name,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "Bucket", Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::orders/*" },
      { Sid: "Deploy", Effect: "Allow", Action: ["iam:PassRole", "lambda:CreateFunction"], Resource: "*" },
      {
        Sid: "Partner",
        Effect: "Allow",
        Action: "sqs:SendMessage",
        Resource: "arn:aws:sqs:*:*:*",
        Condition: { StringEquals: { "aws:PrincipalTag/Token": token } },
      },
    ],
  }),
});

export const queueUrl = queue.url;
export const keyId = key.keyId;
