import { ACCOUNT, bad, type DocumentRow, document, good, ROLE, STRANGER, trust } from "./row.ts";

const LAMBDA = { Service: "lambda.amazonaws.com" };
const oidc = (provider: string) => ({ Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${provider}` });
const GITHUB = "token.actions.githubusercontent.com";
const web = (provider: string, Condition?: Record<string, unknown>) =>
  document(trust(oidc(provider), Condition, "sts:AssumeRoleWithWebIdentity"));
const github = (operator: string, sub: unknown) =>
  web(GITHUB, {
    StringEquals: {
      [`${GITHUB}:aud`]: "sts.amazonaws.com",
      ...(operator === "StringEquals" ? { [`${GITHUB}:sub`]: sub } : {}),
    },
    ...(operator === "StringEquals" ? {} : { [operator]: { [`${GITHUB}:sub`]: sub } }),
  });
const EKS = "oidc.eks.eu-central-1.amazonaws.com/id/ABCDEF0123456789ABCDEF0123456789";
const org = { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };

/** Trust policies of roles. */
export const trustPolicies: readonly DocumentRow[] = [
  good("a service", document(trust(LAMBDA))),
  good("two services", document(trust({ Service: ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] }))),
  good("a role of the account", document(trust({ AWS: ROLE }))),
  good(
    "the account, which delegates to its IAM policies",
    document(trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` })),
  ),
  good("the account, named by id", document(trust({ AWS: ACCOUNT }))),
  good(
    "a role that may tag its sessions",
    document(trust({ AWS: ROLE }, undefined, ["sts:AssumeRole", "sts:TagSession"])),
  ),
  bad("everyone", document(trust("*")), "iam-trust-principal Principal::S"),
  bad("everyone as {AWS: *}", document(trust({ AWS: "*" })), "iam-trust-principal Principal::S"),
  bad("everyone in a list", document(trust({ AWS: [ROLE, "*"] })), "iam-trust-principal Principal::S"),
  bad("any service", document(trust({ Service: "*" })), "iam-trust-principal Principal::S"),
  good("everyone in an organization (checkov#6839, #7304)", document(trust({ AWS: "*" }, org))),
  good(
    "everyone with the ARN of one account's role (checkov#7304)",
    document(
      trust({ AWS: "*" }, { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/deploy-*` } }),
    ),
  ),
  good(
    "everyone in one account",
    document(trust({ AWS: "*" }, { StringEquals: { "aws:PrincipalAccount": ACCOUNT } })),
  ),
  bad(
    "everyone with the ARN of any account's role",
    document(trust({ AWS: "*" }, { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/deploy" } })),
    "iam-trust-principal Principal::S",
  ),
  bad(
    "everyone who knows an external id",
    document(trust({ AWS: "*" }, { StringEquals: { "sts:ExternalId": "b8f1" } })),
    "iam-trust-principal Principal::S",
  ),
  bad(
    "everyone with multi-factor authentication",
    document(trust({ AWS: "*" }, { Bool: { "aws:MultiFactorAuthPresent": "true" } })),
    "iam-trust-principal Principal::S",
  ),
  bad(
    "everyone in an organization, with IfExists",
    document(trust({ AWS: "*" }, { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
    "iam-trust-principal Principal::S",
    "policy-vacuous-condition Condition::S/aws:principalorgid",
  ),
  bad(
    "everyone in organizations that match a wildcard",
    document(trust({ AWS: "*" }, { StringLike: { "aws:PrincipalOrgID": "o-*" } })),
    "iam-trust-principal Principal::S",
  ),
  bad(
    "everyone except one account",
    document(trust({ AWS: "*" }, { StringNotEquals: { "aws:PrincipalAccount": STRANGER } })),
    "iam-trust-principal Principal::S",
  ),
  bad(
    "another account",
    document(trust({ AWS: `arn:aws:iam::${STRANGER}:root` })),
    "policy-cross-account Account::S",
  ),
  bad(
    "another account with an external id",
    document(trust({ AWS: STRANGER }, { StringEquals: { "sts:ExternalId": "b8f1" } })),
    "policy-cross-account Account::S",
  ),
  bad(
    "everyone in another account",
    document(trust({ AWS: "*" }, { StringEquals: { "aws:PrincipalAccount": STRANGER } })),
    "policy-cross-account Account::S",
  ),
  bad(
    "Allow with NotPrincipal",
    document({ Sid: "S", Effect: "Allow", NotPrincipal: { AWS: ROLE }, Action: "sts:AssumeRole" }),
    "policy-inverted-allow NotPrincipal::S",
  ),
  bad("all STS actions", document(trust(LAMBDA, undefined, "sts:*")), "iam-trust-principal Action::sts:*"),
  bad("all actions", document(trust(LAMBDA, undefined, "*")), "iam-trust-principal Action::*"),
  good("a Deny for everyone", document(trust(LAMBDA), { ...trust("*"), Effect: "Deny", Sid: "D" })),
  bad(
    "a Resource in a trust policy",
    document({ ...trust(LAMBDA), Resource: "*" }),
    "iam-policy-document-well-formed Document::assumeRolePolicy Statement[0]",
  ),

  good("one repository of GitHub", github("StringLike", "repo:acme/images:*")),
  good("one branch of one repository", github("StringEquals", "repo:acme/images:ref:refs/heads/main")),
  good(
    "one environment of two repositories",
    github("StringEquals", ["repo:acme/images:environment:prod", "repo:acme/site:environment:prod"]),
  ),
  bad(
    "any repository of GitHub (checkov 358)",
    web(GITHUB, { StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" } }),
    "iam-trust-principal WebIdentity::S",
  ),
  bad("no condition for GitHub", web(GITHUB), "iam-trust-principal WebIdentity::S"),
  bad(
    "the subject *",
    github("StringLike", "*"),
    "iam-trust-principal WebIdentity::S",
    `policy-vacuous-condition Condition::S/${GITHUB}:sub`,
  ),
  bad("a subject of any repository", github("StringLike", "repo:*"), "iam-trust-principal WebIdentity::S"),
  bad(
    "a subject of any repository's main branch",
    github("StringLike", "repo:*:ref:refs/heads/main"),
    "iam-trust-principal WebIdentity::S",
  ),
  bad(
    "all repositories of an organization",
    github("StringLike", "repo:acme/*"),
    "iam-trust-principal WebIdentity::S",
  ),
  bad(
    "organizations of a prefix",
    github("StringLike", "repo:acme*/images:*"),
    "iam-trust-principal WebIdentity::S",
  ),
  bad(
    "one exact repository and one wildcard",
    github("StringLike", ["repo:acme/images:*", "repo:*"]),
    "iam-trust-principal WebIdentity::S",
  ),
  bad(
    "a subject with ForAllValues, which is true without a subject",
    github("ForAllValues:StringLike", "repo:acme/images:*"),
    "iam-trust-principal WebIdentity::S",
    `policy-vacuous-condition Condition::S/${GITHUB}:sub`,
  ),
  bad(
    "a subject with IfExists",
    github("StringLikeIfExists", "repo:acme/images:*"),
    "iam-trust-principal WebIdentity::S",
    `policy-vacuous-condition Condition::S/${GITHUB}:sub`,
  ),
  bad(
    "an excluded subject",
    github("StringNotLike", "repo:acme/fork:*"),
    "iam-trust-principal WebIdentity::S",
  ),
  good(
    "one project of GitLab",
    web("gitlab.com", {
      StringLike: { "gitlab.com:sub": "project_path:acme/images:ref_type:branch:ref:main" },
    }),
  ),
  bad(
    "all projects of GitLab",
    web("gitlab.com", { StringLike: { "gitlab.com:sub": "project_path:*" } }),
    "iam-trust-principal WebIdentity::S",
  ),
  bad(
    "only GitLab's audience",
    web("gitlab.com", { StringEquals: { "gitlab.com:aud": "https://gitlab.com" } }),
    "iam-trust-principal WebIdentity::S",
  ),
  good(
    "one project of Terraform Cloud",
    web("app.terraform.io", {
      StringLike: { "app.terraform.io:sub": "organization:acme:project:images:workspace:*:run_phase:*" },
    }),
  ),
  bad(
    "all of Terraform Cloud",
    web("app.terraform.io", { StringEquals: { "app.terraform.io:aud": "aws.workload.identity" } }),
    "iam-trust-principal WebIdentity::S",
  ),
  good(
    "one service account of a cluster",
    web(EKS, { StringEquals: { [`${EKS}:sub`]: "system:serviceaccount:images:worker" } }),
  ),
  bad(
    "every pod of a cluster",
    web(EKS, { StringEquals: { [`${EKS}:aud`]: "sts.amazonaws.com" } }),
    "iam-trust-principal WebIdentity::S",
  ),
  bad(
    "every service account of a namespace",
    web(EKS, { StringLike: { [`${EKS}:sub`]: "system:serviceaccount:images:*" } }),
    "iam-trust-principal WebIdentity::S",
  ),
  good(
    "one identity pool of Cognito",
    document(
      trust(
        { Federated: "cognito-identity.amazonaws.com" },
        { StringEquals: { "cognito-identity.amazonaws.com:aud": "eu-central-1:0f1e" } },
        "sts:AssumeRoleWithWebIdentity",
      ),
    ),
  ),
  bad(
    "every identity pool of Cognito",
    document(
      trust({ Federated: "cognito-identity.amazonaws.com" }, undefined, "sts:AssumeRoleWithWebIdentity"),
    ),
    "iam-trust-principal WebIdentity::S",
  ),
  good(
    "a SAML provider of the account",
    document(
      trust(
        { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/corporate` },
        { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
        "sts:AssumeRoleWithSAML",
      ),
    ),
  ),
  bad(
    "any federation",
    document(trust({ Federated: "*" }, undefined, "sts:AssumeRoleWithWebIdentity")),
    "iam-trust-principal Principal::S",
  ),
];
