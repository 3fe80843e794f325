import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment, PhysicalResources } from "./naming.ts";
import { denyPlainTransport, policyDocument, type Statement } from "./permissions.ts";

export type NotificationsArgs = {
  readonly deployment: Deployment;
  readonly names: PhysicalResources;
  readonly keyArn: pulumi.Input<string>;
  /** Address that gets every notice and alarm. Secret. AWS sends it one mail to confirm first. */
  readonly email: pulumi.Output<string>;
};

/** The topic of notices and alarms, and the owner's e-mail subscription. */
export class Notifications extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  readonly #arn: string;

  constructor(name: string, args: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("image-pipeline:index:Notifications", name, {}, opts);
    const { noticeTopic, alarm } = args.names;
    this.#arn = noticeTopic.arn;
    const child = { parent: this };

    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { name: noticeTopic.name, displayName: "Image pipeline", kmsMasterKeyId: args.keyArn },
      child,
    );
    new aws.sns.TopicPolicy(
      `${name}-policy`,
      {
        arn: topic.arn,
        policy: policyDocument([
          {
            sid: "AlarmsOfTheStack",
            principals: { service: "cloudwatch.amazonaws.com" },
            actions: ["sns:Publish"],
            resources: [noticeTopic.arn],
            conditions: {
              ArnLike: { "aws:SourceArn": alarm("*").arn },
              StringEquals: { "aws:SourceAccount": args.deployment.accountId },
            },
          },
          denyPlainTransport("sns:Publish", [noticeTopic.arn]),
        ]),
      },
      child,
    );
    new aws.sns.TopicSubscription(
      `${name}-email`,
      { topic: topic.arn, protocol: "email", endpoint: args.email },
      child,
    );

    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }

  /** Publishing to the topic. */
  publish(): Statement {
    return { sid: "PublishNotices", actions: ["sns:Publish"], resources: [this.#arn] };
  }
}
