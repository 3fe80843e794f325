import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetQueueAttributesCommand, ListQueuesCommand } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { type CreatedResource, type DeployOptions, deploy, destroy } from "../../../local/provider/deploy.ts";
import { ACCOUNT, credentialVariables, emulatedAws, REGION } from "../support/emulated-aws.ts";

const emulated = emulatedAws();

const DOCUMENT = JSON.stringify({ Version: "2012-10-17", Statement: [] });

const deployProgram = (program: DeployOptions["program"], options: Partial<DeployOptions> = {}) =>
  deploy({
    aws: emulated.aws,
    project: "test",
    stack: "local",
    config: {},
    secretKeys: [],
    program,
    ...options,
  });

const messageOf = async (deployment: Promise<unknown>): Promise<string> => {
  const outcome = await deployment.then(
    () => new Error("It was deployed."),
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ name: "LocalError" });
  return outcome instanceof Error ? outcome.message : String(outcome);
};

test("the program's outputs are plain, of resources that exist", async () => {
  const outputs = await deployProgram(async () => {
    const dead = new aws.sqs.Queue("dead", { name: "dead" });
    const queue = new aws.sqs.Queue("queue", {
      name: "uploads",
      redrivePolicy: dead.arn.apply((deadLetterTargetArn) =>
        JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }),
      ),
    });
    return { url: queue.url, both: [dead.arn, pulumi.interpolate`<${queue.arn}>`], fixed: 1 };
  });
  const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:`;
  expect(outputs).toEqual({
    url: `${emulated.emulator.endpoint}/${ACCOUNT}/uploads`,
    both: [`${arn}dead`, `<${arn}uploads>`],
    fixed: 1,
  });
  const { Attributes } = await emulated.aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: String(outputs["url"]), AttributeNames: ["RedrivePolicy"] }),
  );
  expect(JSON.parse(Attributes?.["RedrivePolicy"] ?? "")).toEqual({
    deadLetterTargetArn: `${arn}dead`,
    maxReceiveCount: 3,
  });
});

test("resources that no output depends on are made as well, components' children among them", async () => {
  const created: string[] = [];
  await deployProgram(
    async () => {
      const component = new pulumi.ComponentResource("test:index:Part", "part");
      const first = new aws.sqs.Queue("first", { name: "first" }, { parent: component });
      first.arn.apply(() => {
        new aws.sqs.Queue("late", { name: "late" }, { parent: component });
      });
      return {};
    },
    { onCreated: ({ type, name }) => created.push(`${type} ${name}`) },
  );
  expect(created).toEqual(["aws:sqs/queue:Queue first", "aws:sqs/queue:Queue late"]);
});

test("the program sees its configuration, its stack, its account and its region", async () => {
  const outputs = await deployProgram(
    async () => {
      const config = new pulumi.Config("test");
      const { accountId } = await aws.getCallerIdentity();
      const { region } = await aws.getRegion();
      return { size: config.getNumber("size"), stack: pulumi.getStack(), accountId, region };
    },
    { config: { "test:size": "3" } },
  );
  expect(outputs).toEqual({ size: 3, stack: "local", accountId: ACCOUNT, region: REGION });
});

test("secret outputs are not shown", async () => {
  const outputs = await deployProgram(
    async () => {
      const address = new pulumi.Config("test").requireSecret("address");
      const topic = new aws.sns.Topic("topic", { name: "secret-topic" });
      const mail = new aws.sns.TopicSubscription("mail", {
        topic: topic.arn,
        protocol: "email",
        endpoint: address,
      });
      return { address, endpoint: mail.endpoint, list: [mail.endpoint], protocol: mail.protocol };
    },
    { config: { "test:address": "hidden@example.com" }, secretKeys: ["test:address"] },
  );
  expect(outputs).toEqual({
    address: "[secret]",
    endpoint: "[secret]",
    list: "[secret]",
    protocol: "email",
  });
});

test("the first resource that fails is named, with AWS's reason", async () => {
  const message = await messageOf(
    deployProgram(async () => {
      const broken = new aws.iam.RolePolicy("broken", { role: "nobody", name: "work", policy: DOCUMENT });
      const dependent = new aws.sqs.Queue("dependent", { name: broken.id });
      return { url: dependent.url };
    }),
  );
  expect(message).toMatch(
    /^broken \[aws:iam\/rolePolicy:RolePolicy\] could not be created: NoSuchEntity\w*: .*nobody/,
  );
});

test("a type that the provider does not have is named", async () => {
  const message = await messageOf(
    deployProgram(async () => ({ id: new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" }).id })),
  );
  expect(message).toMatch(
    /^net \[aws:ec2\/vpc:Vpc\] could not be created: aws:ec2\/vpc:Vpc is not supported here; supported are /,
  );
});

test("a property that the provider does not have is named", async () => {
  const message = await messageOf(
    deployProgram(async () => ({
      url: new aws.sqs.Queue("first", { name: "first.fifo", fifoQueue: true }).url,
    })),
  );
  expect(message).toBe('first [aws:sqs/queue:Queue] could not be created: "fifoQueue" is not supported here');
});

test("a look-up that the provider does not have is named", async () => {
  const message = await messageOf(deployProgram(async () => ({ zones: await aws.getAvailabilityZones() })));
  expect(message).toMatch(
    /^aws:index\/getAvailabilityZones:getAvailabilityZones failed: .* is not supported here/,
  );
});

test("an error never shows a secret", async () => {
  const message = await messageOf(
    deployProgram(
      async () => {
        const role = new pulumi.Config("test").requireSecret("role");
        return { id: new aws.iam.RolePolicy("broken", { role, name: "work", policy: DOCUMENT }).id };
      },
      { config: { "test:role": "hidden-role" }, secretKeys: ["test:role"] },
    ),
  );
  expect(message).toMatch(/^broken \[aws:iam\/rolePolicy:RolePolicy\] could not be created: .*\[secret\]/);
  expect(message).not.toContain("hidden-role");
});

test("what the program itself throws is passed on as its message alone", async () => {
  const message = await messageOf(
    deployProgram(async () => {
      throw new pulumi.RunError("The configuration of this stack has 1 problem:\n  - test:size: missing");
    }),
  );
  expect(message).toBe("The configuration of this stack has 1 problem:\n  - test:size: missing");
});

test("after a failure the next deployment starts afresh", async () => {
  await messageOf(
    deployProgram(async () => ({ url: new aws.sqs.Queue("bad", { name: "x", fifoQueue: true }).url })),
  );
  const outputs = await deployProgram(async () => ({ url: new aws.sqs.Queue("good", { name: "good" }).url }));
  expect(outputs).toEqual({ url: `${emulated.emulator.endpoint}/${ACCOUNT}/good` });
});

test("two deployments at once are refused", async () => {
  const first = deployProgram(async () => ({ url: new aws.sqs.Queue("only", { name: "only" }).url }));
  await expect(deployProgram(async () => ({}))).rejects.toThrow(
    "A deployment is already running in this process.",
  );
  await first;
});

test("everything created is deleted again, the last first", async () => {
  const queues = async () =>
    (await emulated.aws.sqs.send(new ListQueuesCommand({ QueueNamePrefix: "temporary" }))).QueueUrls ?? [];
  const created: CreatedResource[] = [];
  await deployProgram(
    async () => {
      const queue = new aws.sqs.Queue("queue", { name: "temporary" });
      const policy = new aws.sqs.QueuePolicy("policy", {
        queueUrl: queue.url,
        policy: DOCUMENT,
      });
      return { id: policy.id };
    },
    { onCreated: (resource) => created.push(resource) },
  );
  expect(await queues()).toHaveLength(1);
  await destroy(created, emulated.aws);
  expect(await queues()).toEqual([]);
});

test("under plain Node a failure is one error, and the process ends cleanly", async () => {
  const { endpoint, authorityFile } = emulated.emulator;
  // Arguments are seen by every user of a machine, variables are not.
  const env = { ...process.env, ...credentialVariables(emulated.emulator) };
  const script = `
    import * as aws from "@pulumi/aws";
    import { connect } from "./local/emulator/aws.ts";
    import { deploy } from "./local/provider/deploy.ts";
    const emulator = ${JSON.stringify({ endpoint, authorityFile })};
    const client = connect(emulator, "${REGION}");
    for (const role of ["nobody", "no-one"]) {
      const program = async () => {
        const broken = new aws.iam.RolePolicy(role, { role, name: "p", policy: "{}" });
        return { url: new aws.sqs.Queue("dependent", { name: broken.id }).url };
      };
      try {
        await deploy({ aws: client, project: "t", stack: "s", config: {}, secretKeys: [], program });
      } catch (error) {
        console.log(error.name, error.message.split(":")[0]);
      }
    }
    client.close();
  `;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module-typescript", "--eval", script],
    { cwd: join(import.meta.dirname, "..", "..", ".."), env },
  );
  expect(stderr).toBe("");
  expect(stdout).toBe("LocalError nobody [aws\nLocalError no-one [aws\n");
});
