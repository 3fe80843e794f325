import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { boundary } from "../../infra/boundary.ts";
import { keyPolicy } from "../../infra/encryption.ts";
import { EVERY_KEY_OPTION, keyGrants } from "../../infra/key-grants.ts";
import { type Deployment, fingerprintOf, physicalResources, prefixOf } from "../../infra/naming.ts";
import { policyDocument } from "../../infra/permissions.ts";

/** Where Pulumi keeps the stack, unless Pulumi Cloud does. */
export type StateStore = {
  readonly bucket: string;
  /** The key that encrypts the stack's secrets. */
  readonly secretsKeyArn: string;
};

/** What the documents of CI's roles are filled in with. */
export type CiArgs = {
  /** Where the stack of the pipeline is, or will be. */
  readonly deployment: Deployment;
  /** `owner/repository` at GitHub. */
  readonly repository: string;
  /** Undefined where Pulumi Cloud keeps the state and its secrets. */
  readonly state: StateStore | undefined;
  /** The key of all that the stack stores. */
  readonly keyArn: string;
};

/** A file of `.github/aws`. */
export type Template = "deploy" | "deploy-delivery" | "preview" | "trust-deploy" | "trust-preview";

export type Role = "deploy" | "preview";

const templateSchema = z.strictObject({
  Version: z.literal("2012-10-17"),
  Statement: z.array(z.looseObject({ Sid: z.string() })),
});

/** The statements about the bucket of the state and the key of its secrets. */
const STATE_STATEMENTS: readonly string[] = [
  "FindTheState",
  "ReadTheState",
  "KeepTheState",
  "DecryptTheStacksSecrets",
  "UseTheStacksSecrets",
];

/** Names of what is made for one stack of the pipeline; none of them is a name that its deploy role may touch. */
export const ciNames = ({ deployment }: Pick<CiArgs, "deployment">) => {
  const name = `image-ci-${deployment.stack}`;
  return {
    boundary: `${name}-boundary`,
    boundaryArn: `arn:${deployment.partition}:iam::${deployment.accountId}:policy/${name}-boundary`,
    delivery: `${name}-delivery`,
    deploy: `${name}-deploy`,
    preview: `${name}-preview`,
  } as const;
};

const filledIn = (text: string, args: CiArgs): string => {
  const { deployment, repository, state, keyArn } = args;
  const values: Readonly<Record<string, string>> = {
    ACCOUNT_ID: deployment.accountId,
    BOUNDARY_ARN: ciNames(args).boundaryArn,
    FINGERPRINT: fingerprintOf(deployment),
    "OWNER/REPOSITORY": repository,
    PREFIX: prefixOf(deployment),
    REGION: deployment.region,
    ...(state === undefined ? {} : { SECRETS_KEY_ARN: state.secretsKeyArn, STATE_BUCKET: state.bucket }),
    STACK_KEY_ARN: keyArn,
    "arn:aws:": `arn:${deployment.partition}:`,
  };
  const placeholder = new RegExp(Object.keys(values).join("|"), "g");
  return text.replaceAll(placeholder, (name) => values[name] ?? name);
};

const statementsOf = (template: Template, args: CiArgs) => {
  const text = readFileSync(join(import.meta.dirname, `../aws/${template}.json`), "utf8");
  // The statements go before their placeholders are filled in, for some have no value.
  const { Statement } = templateSchema.parse(JSON.parse(text));
  const kept = Statement.filter(({ Sid }) => args.state !== undefined || !STATE_STATEMENTS.includes(Sid));
  return templateSchema.shape.Statement.parse(JSON.parse(filledIn(JSON.stringify(kept), args)));
};

const documentOf = (template: Template, args: CiArgs): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statementsOf(template, args) });

/** What the role may do; undefined where that is nothing. */
export const rolePolicy = (role: Role, args: CiArgs): string | undefined =>
  role === "preview" && args.state === undefined ? undefined : documentOf(role, args);

/** What the deploy role may do besides, for the option `delivery`: together both are too long for a role's own. */
export const deliveryPolicy = (args: CiArgs): string => documentOf("deploy-delivery", args);

/** Who may take the role: jobs of this repository, by GitHub's word. */
export const trustPolicy = (role: Role, args: CiArgs): string => documentOf(`trust-${role}`, args);

/** What the roles that the deploy role makes may do at most. */
export const boundaryPolicy = ({ deployment, keyArn }: Pick<CiArgs, "deployment" | "keyArn">): string =>
  policyDocument(boundary({ deployment, names: physicalResources(deployment), keyArn }));

/** The policy of the stack's key, as the stack itself would write it with every option on. */
export const stackKeyPolicy = ({ deployment }: Pick<CiArgs, "deployment">): string => {
  const names = physicalResources(deployment);
  return keyPolicy({ deployment, names, statements: keyGrants(EVERY_KEY_OPTION, deployment, names) });
};
