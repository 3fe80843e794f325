import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  boundaryPolicy,
  type CiArgs,
  ciNames,
  deliveryPolicy,
  rolePolicy,
  stackKeyPolicy,
  trustPolicy,
} from "../../.github/bootstrap/documents.ts";
import { print } from "../../.github/bootstrap/printed.ts";
import { MAX_PREFIX_LENGTH } from "../../infra/naming.ts";
import { actionTable, resourceFits } from "../../policy/aws/action-table.ts";
import { documentOf, EMAIL, resourceNamed, runProgram } from "../support/program.ts";
import { CI_ARGS, SECRETS_KEY_ARN, STATE_BUCKET } from "./support/ci-args.ts";
import { MISFILED } from "./support/deployer-calls.ts";
import { statementsOf } from "./support/iam.ts";

const DOCUMENTS: readonly (readonly [name: string, document: string])[] = [
  ["deploy", rolePolicy("deploy", CI_ARGS) ?? ""],
  ["deploy-delivery", deliveryPolicy(CI_ARGS)],
  ["preview", rolePolicy("preview", CI_ARGS) ?? ""],
];

describe.each(DOCUMENTS)("the document %s of CI's roles", (_, document) => {
  const grants = statementsOf(document).flatMap(({ actions, resources }) =>
    actions.patterns.map((action) => ({ action, resources: resources?.patterns ?? [] })),
  );

  it("names actions that AWS has, none by a wildcard", () => {
    const names = grants.map(({ action }) => action);
    expect(names.map((name) => actionTable().find(name)?.name)).toEqual(names);
  });

  it("limits every action that can be limited, to resources that it acts on", () => {
    for (const { action, resources } of grants) {
      const facts = actionTable().find(action);
      expect(resources.includes("*"), action).toBe(facts?.wildcardOnly);
      if (action === MISFILED) continue;
      const fitting = resources.filter((resource) => facts !== undefined && resourceFits(facts, resource));
      expect(fitting, action).toEqual(resources);
    }
  });

  it("has no placeholder left", () => {
    expect(document).not.toMatch(/ACCOUNT_ID|BOUNDARY|FINGERPRINT|KEY_ARN|OWNER|PREFIX|REGION|STATE_BUCKET/);
  });
});

describe("the documents of CI", () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; white space does not count.
  it("fit into a role, and into managed policies, with the longest names", () => {
    const longest: CiArgs = {
      ...CI_ARGS,
      deployment: {
        ...CI_ARGS.deployment,
        stack: "s".repeat(MAX_PREFIX_LENGTH - "image-pipeline-".length),
        partition: "aws-us-gov",
        region: "ap-southeast-2",
      },
      state: { bucket: "b".repeat(63), secretsKeyArn: SECRETS_KEY_ARN },
    };
    expect(rolePolicy("deploy", longest)?.length).toBeLessThanOrEqual(10_240);
    expect(deliveryPolicy(longest).length).toBeLessThanOrEqual(6144);
    expect(boundaryPolicy(longest).length).toBeLessThanOrEqual(6144);
    expect(ciNames(longest).deploy.length).toBeLessThanOrEqual(64);
  });

  it("name the partition that the stack is in", () => {
    const documents = [
      rolePolicy("deploy", CI_ARGS),
      deliveryPolicy(CI_ARGS),
      trustPolicy("deploy", CI_ARGS),
    ];
    const government = { ...CI_ARGS.deployment, partition: "aws-us-gov" };
    const args = { ...CI_ARGS, deployment: government, keyArn: "KEY", state: undefined };
    expect(documents.join()).toContain("arn:aws:");
    for (const document of [rolePolicy("deploy", args), deliveryPolicy(args), trustPolicy("deploy", args)]) {
      expect(document).not.toContain("arn:aws:");
    }
  });

  it("ask nothing of a bucket or of another key where Pulumi Cloud keeps the state", () => {
    const args = { ...CI_ARGS, state: undefined };
    expect(rolePolicy("preview", args)).toBeUndefined();
    const left = statementsOf(rolePolicy("deploy", args) ?? "").map(({ label }) => label);
    const all = statementsOf(rolePolicy("deploy", CI_ARGS) ?? "").map(({ label }) => label);
    expect(all.filter((label) => !left.includes(label))).toEqual([
      "FindTheState",
      "KeepTheState",
      "UseTheStacksSecrets",
    ]);
  });

  it("let in jobs of this repository alone, those that deploy by the environment `production`", () => {
    const claims = (role: "deploy" | "preview") => JSON.parse(trustPolicy(role, CI_ARGS)).Statement;
    const provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const trusted = (sid: string, subject: string) => [
      {
        Sid: sid,
        Effect: "Allow",
        Principal: { Federated: provider },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": subject,
          },
        },
      },
    ];
    expect(claims("deploy")).toEqual(
      trusted("TheProductionEnvironmentOfThisRepository", "repo:owner/repository:environment:production"),
    );
    expect(claims("preview")).toEqual(
      trusted("PullRequestsOfThisRepository", "repo:owner/repository:pull_request"),
    );
  });

  it("give the key the policy that the stack itself gives to its own, with every option on", async () => {
    const program = await runProgram({
      stack: CI_ARGS.deployment.stack,
      config: { email: EMAIL, delivery: "true", inventory: "weekly", notices: "digest" },
    });
    expect(JSON.parse(stackKeyPolicy(CI_ARGS))).toEqual(documentOf(resourceNamed(program, "encryption-key")));
  });
});

describe("print.ts, for the shell lines", () => {
  const ENVIRONMENT = {
    ACCOUNT_ID: CI_ARGS.deployment.accountId,
    REGION: CI_ARGS.deployment.region,
    REPOSITORY: CI_ARGS.repository,
    STACK: CI_ARGS.deployment.stack,
    STATE_BUCKET,
    SECRETS_KEY_ARN,
    STACK_KEY_ARN: CI_ARGS.keyArn,
  };
  const printed = (name: string): string => print(name, ENVIRONMENT);

  it("prints what the program makes", () => {
    expect({
      alias: printed("alias"),
      key: printed("key"),
      boundary: printed("boundary"),
      delivery: printed("delivery"),
      deploy: printed("deploy"),
      preview: printed("preview"),
      "trust-deploy": printed("trust-deploy"),
      "trust-preview": printed("trust-preview"),
    }).toEqual({
      alias: "alias/image-pipeline-production",
      key: stackKeyPolicy(CI_ARGS),
      boundary: boundaryPolicy(CI_ARGS),
      delivery: deliveryPolicy(CI_ARGS),
      deploy: rolePolicy("deploy", CI_ARGS),
      preview: rolePolicy("preview", CI_ARGS),
      "trust-deploy": trustPolicy("deploy", CI_ARGS),
      "trust-preview": trustPolicy("preview", CI_ARGS),
    });
  });

  it.each([
    ["a document that there is not", "deplo", {}, "expected one of alias, key, boundary"],
    ["no account", "key", { ACCOUNT_ID: "" }, "ACCOUNT_ID: expected the twelve digits"],
    ["no key yet", "deploy", { STACK_KEY_ARN: "" }, "STACK_KEY_ARN: missing"],
    ["a bucket without a key", "preview", { SECRETS_KEY_ARN: "" }, "SECRETS_KEY_ARN: missing"],
  ])("refuses %s", (_, name, changed, message) => {
    expect(() => print(name, { ...ENVIRONMENT, ...changed })).toThrow(message);
  });

  it("writes the document, or ends with 1 and a sentence", () => {
    const script = join(import.meta.dirname, "../../.github/bootstrap/print.ts");
    const run = (name: string) =>
      spawnSync(process.execPath, [script, name], {
        encoding: "utf8",
        env: { ...process.env, ...ENVIRONMENT },
      });
    const [good, bad] = [run("trust-preview"), run("trust")];
    expect([good.status, good.stdout.trim(), good.stderr]).toEqual([0, trustPolicy("preview", CI_ARGS), ""]);
    expect([bad.status, bad.stdout]).toEqual([1, ""]);
    expect(bad.stderr).toMatch(/^print\.ts: expected one of alias, .*, trust-preview\n$/);
  });
});

describe("the shell lines of .github/README.md", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../.github/README.md"), "utf8");
  const [, lines = ""] = /```sh\n((?:(?!```)[\s\S])*print\.ts(?:(?!```)[\s\S])*)```/.exec(readme) ?? [];

  /** Every command that the lines run, its arguments each in brackets; what print.ts would print is `<name>`. */
  const commandsOf = async (delivery: "true" | "false"): Promise<readonly string[]> => {
    const folder = await mkdtemp(join(tmpdir(), "shell-"));
    const stub = (text: string) => ["#!/bin/sh", text, ""].join("\n");
    const logged = `printf '%s' "$(basename "$0")" >> log; printf ' [%s]' "$@" >> log; echo >> log`;
    const stubs = {
      node: stub('printf "<%s>" "$2"'),
      aws: stub(`${logged}; case "$*" in "kms create-key"*) echo ${CI_ARGS.keyArn} ;; esac`),
      pulumi: stub(logged),
      gh: stub(logged),
      git: stub(logged),
    };
    for (const [name, text] of Object.entries(stubs))
      await writeFile(join(folder, name), text, { mode: 0o755 });
    const script = lines.replace("DELIVERY=false", `DELIVERY=${delivery}`);
    const run = spawnSync("bash", ["--norc", "-eu", "-c", script], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: `${folder}:${process.env["PATH"]}` },
    });
    expect([run.status, run.stderr]).toEqual([0, ""]);
    const log = await readFile(join(folder, "log"), "utf8");
    await rm(folder, { recursive: true });
    return log.trim().split("\n");
  };

  it("make what the program makes, of the same documents", async () => {
    const commands = await commandsOf("true");
    const documents = commands.flatMap((command) =>
      [...command.matchAll(/\[<([a-z-]+)>\]/g)].map(([, name]) => name),
    );
    expect(documents).toEqual([
      "key",
      "alias",
      "boundary",
      "trust-preview",
      "preview",
      "trust-deploy",
      "deploy",
      "delivery",
    ]);
    const names = ciNames(CI_ARGS);
    for (const command of [
      `aws [iam] [create-policy] [--policy-name] [${names.boundary}] [--policy-document] [<boundary>]`,
      `aws [iam] [create-role] [--role-name] [${names.deploy}] [--assume-role-policy-document] [<trust-deploy>]`,
      `aws [iam] [put-role-policy] [--role-name] [${names.preview}] [--policy-name] [preview] [--policy-document] [<preview>]`,
      `aws [iam] [attach-role-policy] [--role-name] [${names.deploy}] [--policy-arn] [arn:aws:iam::123456789012:policy/${names.delivery}]`,
      `pulumi [config] [set] [keyArn] [${CI_ARGS.keyArn}]`,
      `pulumi [config] [set] [permissionsBoundary] [${names.boundaryArn}]`,
      `gh [variable] [set] [AWS_DEPLOY_ROLE_ARN] [--body] [arn:aws:iam::123456789012:role/${names.deploy}]`,
    ]) {
      expect(commands).toContain(command);
    }
  });

  it("leave out what only a delivery needs", async () => {
    const commands = await commandsOf("false");
    expect(commands.filter((command) => command.includes("delivery"))).toEqual([]);
  });
});
