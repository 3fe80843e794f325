import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { loadBootstrapConfig } from "../../.github/bootstrap/config.ts";
import {
  boundaryPolicy,
  deliveryPolicy,
  rolePolicy,
  stackKeyPolicy,
  trustPolicy,
} from "../../.github/bootstrap/documents.ts";
import { controls } from "../../policy/controls/index.ts";
import { inputsOf, statesOf } from "../policy/support/program-subjects.ts";
import { judge } from "../policy/support/subject.ts";
import {
  documentOf,
  KEY_ARN,
  type RecordedProgram,
  type RecordedResource,
  resourceNamed,
  runProgram,
} from "../support/program.ts";
import { CI_ARGS, SECRETS_KEY_ARN, STATE_BUCKET } from "./support/ci-args.ts";
import { allOptions, BOUNDARY_ARN, STACK } from "./support/every-option.ts";

const REQUIRED = { repository: CI_ARGS.repository, stack: STACK };
const bootstrap = (config: Readonly<Record<string, string>>): Promise<RecordedProgram> =>
  runProgram({ program: "bootstrap", stack: "ci", config: { ...REQUIRED, ...config } });

const whole = await bootstrap({ stateBucket: STATE_BUCKET, delivery: "true" });
// The mock gives every key the same ARN.
const WHOLE_ARGS = { ...CI_ARGS, state: { bucket: STATE_BUCKET, secretsKeyArn: KEY_ARN } };

const typesOf = ({ resources }: RecordedProgram): readonly string[] =>
  resources.filter(({ custom }) => custom).map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);

describe("the program that sets CI up", () => {
  it("makes roles, boundary, both keys, the bucket of the state and GitHub's provider", () => {
    const types = typesOf(whole);
    expect(types.filter((type) => !/ state-(?!bucket)/.test(type)).sort()).toEqual([
      "Alias encryption-alias",
      "Bucket state-bucket",
      "Key encryption-key",
      "Key secrets-key",
      "OpenIdConnectProvider github",
      "Policy boundary",
      "Policy delivery",
      "Role deploy-role",
      "Role preview-role",
      "RolePolicy deploy-permissions",
      "RolePolicy preview-permissions",
      "RolePolicyAttachment deploy-delivery",
    ]);
  });

  it("gives the roles the documents of .github/aws, and no boundary of the pipeline's roles", () => {
    const text = (name: string, property?: string) =>
      JSON.stringify(documentOf(resourceNamed(whole, name), property));
    expect(text("deploy-permissions")).toBe(rolePolicy("deploy", WHOLE_ARGS));
    expect(text("preview-permissions")).toBe(rolePolicy("preview", WHOLE_ARGS));
    expect(text("delivery")).toBe(deliveryPolicy(WHOLE_ARGS));
    expect(text("boundary")).toBe(boundaryPolicy(WHOLE_ARGS));
    expect(text("encryption-key")).toBe(stackKeyPolicy(WHOLE_ARGS));
    for (const role of ["deploy", "preview"] as const) {
      expect(text(`${role}-role`, "assumeRolePolicy")).toBe(trustPolicy(role, WHOLE_ARGS));
      expect(resourceNamed(whole, `${role}-role`).inputs["name"]).toBe(`image-ci-production-${role}`);
    }
    expect(resourceNamed(whole, "boundary").inputs["name"]).toBe(BOUNDARY_ARN.split("/").at(-1));
  });

  it("protects what nobody could make again: keys, state and provider", () => {
    const kept = whole.resources.filter(({ protect }) => protect).map(({ name }) => name);
    expect(kept.sort()).toEqual(["encryption-key", "github", "secrets-key", "state-bucket"]);
  });

  it("tells the values of GitHub's variables by their names, and those of the stack's file", () => {
    expect(whole.outputs).toEqual({
      AWS_REGION: "eu-central-1",
      AWS_PREVIEW_ROLE_ARN: "arn:aws:mock:eu-central-1:123456789012:preview-role",
      AWS_DEPLOY_ROLE_ARN: "arn:aws:mock:eu-central-1:123456789012:deploy-role",
      PULUMI_STACK: "production",
      PULUMI_BACKEND_URL: "s3://my-pulumi-state?region=eu-central-1",
      secretsProvider: `awskms:///${KEY_ARN}?region=eu-central-1`,
      keyArn: KEY_ARN,
      permissionsBoundary: "arn:aws:mock:eu-central-1:123456789012:boundary",
    });
  });

  it("uses what is there already: bucket, keys and provider", async () => {
    const others = await bootstrap({
      stateBucket: STATE_BUCKET,
      createStateBucket: "false",
      secretsKeyArn: SECRETS_KEY_ARN,
      keyArn: KEY_ARN,
      createProvider: "false",
    });
    expect(typesOf(others).toSorted()).toEqual([
      "Policy boundary",
      "Role deploy-role",
      "Role preview-role",
      "RolePolicy deploy-permissions",
      "RolePolicy preview-permissions",
    ]);
    expect(JSON.stringify(documentOf(resourceNamed(others, "deploy-permissions")))).toBe(
      rolePolicy("deploy", CI_ARGS),
    );
  });

  it("makes no bucket and no key of secrets where Pulumi Cloud keeps the state, and a preview asks nothing of AWS", async () => {
    const cloud = await bootstrap({});
    expect(typesOf(cloud).toSorted()).toEqual([
      "Alias encryption-alias",
      "Key encryption-key",
      "OpenIdConnectProvider github",
      "Policy boundary",
      "Role deploy-role",
      "Role preview-role",
      "RolePolicy deploy-permissions",
    ]);
    expect(cloud.outputs).toMatchObject({ PULUMI_BACKEND_URL: "", secretsProvider: "default" });
  });

  it("names every key of its configuration that is missing, misspelt or wrong", async () => {
    await pulumi.runtime.setMocks(
      { call: () => ({}), newResource: () => ({ id: "", state: {} }) },
      "image-pipeline-ci",
      "ci",
    );
    pulumi.runtime.setAllConfig({
      "image-pipeline-ci:repository": "owner",
      "image-pipeline-ci:delivry": "true",
    });
    expect(loadBootstrapConfig).toThrow(
      [
        "The configuration of this stack has 3 problems:",
        "  - image-pipeline-ci:delivry: unknown key, expected one of repository, stack, project, stateBucket, createStateBucket, secretsKeyArn, keyArn, createProvider, delivery",
        '  - image-pipeline-ci:repository: expected owner/repository, got "owner"',
        "  - image-pipeline-ci:stack: expected the name of the stack that CI deploys, got nothing",
      ].join("\n"),
    );
  });
});

type Exemption = {
  readonly why: string;
  readonly control: string;
  readonly resource: string;
  /** Each finding, or where they come from the statement alone, their pattern. */
  readonly findings: RegExp;
};

/** What the policy pack says of the roles and must be so. Everything else would be a flaw. */
const EXEMPTIONS: readonly Exemption[] = [
  {
    why: "AWS gives the id of an event source mapping, and its tag actions know no condition on the function.",
    control: "iam-wildcard-resource",
    resource: "deploy-permissions",
    findings: /^EveryResource::lambda:(ListTags|TagResource|UntagResource)$/,
  },
  {
    why: "AWS gives the ids of distributions, of what they use and of log deliveries; only who wants `delivery` grants this.",
    control: "iam-wildcard-resource",
    resource: "delivery",
    findings:
      /^EveryResource::(cloudfront:\w+|logs:(CreateDelivery|DeleteDelivery|GetDelivery|TagResource|UntagResource|UpdateDeliveryConfiguration))$/,
  },
  {
    why: "AWS's reference files the action under destinations, the API's documentation under sources: both are granted.",
    control: "iam-action-resource-match",
    resource: "delivery",
    findings: /^Mismatch::logs:DeleteDeliverySource$/,
  },
  {
    why: "These resources have ids that AWS gives, or are in us-east-1, so that the pack does not find them in the stack.",
    control: "iam-dead-grant",
    resource: "deploy-permissions",
    findings: /^Resource::(EventSourcesOfTheFunction|TagsOfEventSources)\[0\]$/,
  },
  {
    why: "The same.",
    control: "iam-dead-grant",
    resource: "delivery",
    findings:
      /^Resource::(LogsOfDistributions\[[012]\]|LogSources\[0\]|LogDestinations\[0\]|LogDeliveries\[0\])$/,
  },
  {
    why: "A boundary is attached to nothing: the roles of the pipeline name it.",
    control: "iam-unattached-policy",
    resource: "boundary",
    findings: /^Policy::unattached$/,
  },
  {
    why: "A log of who read the state would need a bucket of its own; CloudTrail's data events are the better record.",
    control: "s3-bucket-access-logging",
    resource: "state-bucket",
    findings: /^Logging::missing$/,
  },
];

describe("the policy pack on what sets CI up", () => {
  // Together with the pipeline's resources, which the roles are about.
  it("finds nothing but what is exempted, each for a reason, and no way to more rights", async () => {
    const pipeline = await allOptions();
    const stack = [...statesOf(whole), ...statesOf(pipeline)];
    const own = new Set(whole.resources.map(({ name }: RecordedResource) => name));
    const found = controls
      .filter(({ level }) => level !== "disabled")
      .flatMap((control) => {
        const subjects =
          control.kind === "stack"
            ? [stack]
            : inputsOf(whole)
                .filter(({ type }) => control.types.includes(type))
                .map((subject) => [subject]);
        return subjects
          .flatMap((subject) => judge(control, subject).findings)
          .map(({ resource, key }) => ({ control: control.name, resource: resource?.name ?? "", key }));
      })
      .filter(({ resource }) => own.has(resource));
    const exemptionOf = (finding: (typeof found)[number]) =>
      EXEMPTIONS.find(
        ({ control, resource, findings }) =>
          control === finding.control && resource === finding.resource && findings.test(finding.key),
      );
    expect(found.filter((finding) => exemptionOf(finding) === undefined)).toEqual([]);
    const needed = new Set(found.map(exemptionOf));
    expect(EXEMPTIONS.filter((exemption) => !needed.has(exemption))).toEqual([]);
    const judged = controls.filter(({ level }) => level === "mandatory").map(({ name }) => name);
    expect(judged).toEqual(
      expect.arrayContaining([
        "iam-privilege-escalation",
        "iam-pass-role",
        "iam-kms-key",
        "iam-administrator",
      ]),
    );
  });
});
