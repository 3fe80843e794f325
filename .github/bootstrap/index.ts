import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { currentDeployment } from "../../infra/deployment.ts";
import { Encryption } from "../../infra/encryption.ts";
import { EVERY_KEY_OPTION, keyGrants } from "../../infra/key-grants.ts";
import { physicalResources } from "../../infra/naming.ts";
import { policyDocument } from "../../infra/permissions.ts";
import { PrivateBucket } from "../../infra/private-bucket.ts";
import { tagging } from "../../infra/tagging.ts";
import { loadBootstrapConfig } from "./config.ts";
import {
  boundaryPolicy,
  type CiArgs,
  ciNames,
  deliveryPolicy,
  type Role,
  rolePolicy,
  trustPolicy,
} from "./documents.ts";

const GITHUB = "token.actions.githubusercontent.com";
const KEY_DELETION_WINDOW_DAYS = 30;
/** A state that was overwritten is of use for as long as somebody may want to look back. */
const OLD_STATE_DAYS = 365;

const config = loadBootstrapConfig();
const deployment = { ...(await currentDeployment()), project: config.project, stack: config.stack };
const { accountId, partition, region } = deployment;
const physicalNames = physicalResources(deployment);
const names = ciNames({ deployment });
const opts = {
  transformations: [tagging({ Project: pulumi.getProject(), Stack: config.stack })],
};

if (config.createProvider) {
  new aws.iam.OpenIdConnectProvider(
    "github",
    { url: `https://${GITHUB}`, clientIdLists: ["sts.amazonaws.com"] },
    { ...opts, protect: true },
  );
}

const createSecretsKey = (): pulumi.Output<string> => {
  const key = new aws.kms.Key(
    "secrets-key",
    {
      description: `State and secrets of ${deployment.project}/${deployment.stack} in Pulumi`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_WINDOW_DAYS,
      policy: policyDocument([
        {
          sid: "AccountDecides",
          principals: { account: `arn:${partition}:iam::${accountId}:root` },
          actions: ["kms:*"],
          resources: ["*"],
        },
      ]),
    },
    { ...opts, protect: true },
  );
  return key.arn;
};

const createState = (bucket: string) => {
  const secretsKeyArn =
    config.secretsKeyArn === undefined ? createSecretsKey() : pulumi.output(config.secretsKeyArn);
  if (config.createStateBucket) {
    new PrivateBucket(
      "state",
      {
        bucket: { name: bucket, arn: `arn:${partition}:s3:::${bucket}` },
        keyArn: secretsKeyArn,
        noncurrentVersionDays: OLD_STATE_DAYS,
        protectData: true,
      },
      opts,
    );
  }
  return { bucket, secretsKeyArn };
};

const state = config.stateBucket === undefined ? undefined : createState(config.stateBucket);
const encryption = new Encryption(
  "encryption",
  {
    deployment,
    names: physicalNames,
    keyArn: config.keyArn,
    keyDeletionWindowDays: KEY_DELETION_WINDOW_DAYS,
    protectData: true,
    statements: keyGrants(EVERY_KEY_OPTION, deployment, physicalNames),
  },
  opts,
);
const args: pulumi.Output<CiArgs> = pulumi
  .all([encryption.keyArn, state?.secretsKeyArn])
  .apply(([keyArn, secretsKeyArn]) => ({
    deployment,
    repository: config.repository,
    keyArn,
    state:
      state === undefined || secretsKeyArn === undefined
        ? undefined
        : { bucket: state.bucket, secretsKeyArn },
  }));

const boundary = new aws.iam.Policy(
  "boundary",
  {
    name: names.boundary,
    description: `What the roles of ${deployment.project}/${deployment.stack} may do at most`,
    policy: encryption.keyArn.apply((keyArn) => boundaryPolicy({ deployment, keyArn })),
  },
  opts,
);

const createRole = (role: Role): aws.iam.Role => {
  const created = new aws.iam.Role(
    `${role}-role`,
    {
      name: names[role],
      // Who may take it hangs on no key, and is known at the first preview.
      assumeRolePolicy: trustPolicy(role, { ...config, deployment, keyArn: "", state: undefined }),
    },
    opts,
  );
  // With Pulumi Cloud a preview asks nothing of AWS but who it is.
  if (role === "deploy" || state !== undefined) {
    new aws.iam.RolePolicy(
      `${role}-permissions`,
      { name: role, role: created.name, policy: args.apply((known) => rolePolicy(role, known) ?? "") },
      opts,
    );
  }
  return created;
};

const preview = createRole("preview");
const deploy = createRole("deploy");
if (config.delivery) {
  const policy = new aws.iam.Policy(
    "delivery",
    {
      name: names.delivery,
      description: `What deploying a delivery of ${deployment.project}/${deployment.stack} takes besides`,
      policy: args.apply(deliveryPolicy),
    },
    opts,
  );
  new aws.iam.RolePolicyAttachment("deploy-delivery", { role: deploy.name, policyArn: policy.arn }, opts);
}

// By the names of the variables in GitHub that they are for.
export const AWS_REGION = region;
export const AWS_PREVIEW_ROLE_ARN = preview.arn;
export const AWS_DEPLOY_ROLE_ARN = deploy.arn;
export const PULUMI_STACK = config.stack;
export const PULUMI_BACKEND_URL =
  config.stateBucket === undefined ? "" : `s3://${config.stateBucket}?region=${region}`;
// And for the stack itself: `pulumi stack init --secrets-provider`, `pulumi config set`.
export const secretsProvider =
  state === undefined ? "default" : pulumi.interpolate`awskms:///${state.secretsKeyArn}?region=${region}`;
export const { keyArn } = encryption;
export const permissionsBoundary = boundary.arn;
