import { hasWildcard } from "../engine/wildcard.ts";
import { demandsMatch } from "./condition.ts";
import type { Statement } from "./policy-document.ts";

/** What a trust policy must require of tokens from an identity provider. */
type TokenRule = {
  /** Claims (names in condition keys) of which at least one must limit who may assume the role. */
  readonly claims: readonly string[];
  /** Is the value narrow enough? It may contain wildcards. */
  readonly isNarrow: (value: string) => boolean;
  /** What a narrow value names; it follows "must name" in the message. */
  readonly expected: string;
};

const isSpecific = (value: string) => !/^[*?:/]*$/.test(value) && !value.includes("${");

/**
 * Providers that many organizations share. The audience is the same for all their users, so the subject must identify
 * the caller. Matched by the start of the provider's name.
 */
const SHARED: readonly (readonly [provider: string, rule: TokenRule])[] = [
  [
    "token.actions.githubusercontent.com",
    {
      claims: ["sub", "repository", "repository_id", "job_workflow_ref"],
      // A subject is `repo:<organization>/<repository>:…`; anyone can create an organization that matches `acme*`.
      isNarrow: (value) => /^(repo:)?[^*?:/]+\/[^*?:/]+(:.*|\/.*|@.*)?$/.test(value) || /^\d+$/.test(value),
      expected: "the organization and the repository",
    },
  ],
  [
    "agent.buildkite.com",
    {
      claims: ["sub"],
      isNarrow: (value) => /^organization:[^*?:]+:pipeline:[^*?:]+:/.test(value),
      expected: "the organization and the pipeline",
    },
  ],
  [
    "gitlab.com",
    {
      claims: ["sub"],
      isNarrow: (value) => /^project_path:[^*?:/]+\/[^*?:]+:/.test(value),
      expected: "the group and the project",
    },
  ],
  [
    "app.terraform.io",
    {
      claims: ["sub"],
      isNarrow: (value) => /^organization:[^*?:]+:project:[^*?:]+:/.test(value),
      expected: "the organization and the project",
    },
  ],
  [
    "api.pulumi.com",
    {
      claims: ["sub", "aud"],
      isNarrow: (value) => isSpecific(value) && !value.startsWith("*"),
      expected: "the organization",
    },
  ],
];

/**
 * For private providers, Cognito, Google and other logins, the audience is narrow enough. Cognito's `amr` is not: every
 * pool has authenticated users.
 */
const ANY_CLAIM: TokenRule = {
  claims: ["sub", "aud", "oaud", "app_id"],
  isNarrow: isSpecific,
  expected: "the subject or the audience",
};

/** For a cluster, the subject is required: otherwise any of its pods may assume the role. */
const CLUSTER: TokenRule = {
  claims: ["sub"],
  isNarrow: (value) => /^system:serviceaccount:[^*?:]+:[^:]+$/.test(value) && !/:\*+$/.test(value),
  expected: "the namespace and the service account",
};

/**
 * What the conditions of a trust statement must name for one web identity provider, but don't.
 *
 * @param provider as in the principal: the ARN of an OIDC provider, or a name such as `accounts.google.com`.
 * @returns `undefined` when the conditions limit who may assume the role.
 */
export const missingClaim = (
  { conditions }: Pick<Statement, "conditions">,
  provider: string,
): string | undefined => {
  const name = provider.replace(/^arn:[^/]*:oidc-provider\//, "").toLowerCase();
  const rule = ruleFor(name);
  const keys = rule.claims.map((claim) => `${name}:${claim}`);
  const limited = conditions.some(
    (condition) =>
      keys.includes(condition.key) &&
      demandsMatch(condition) &&
      condition.values.every((value) => rule.isNarrow(value)),
  );
  return limited ? undefined : rule.expected;
};

const ruleFor = (name: string): TokenRule => {
  if (/^oidc\.eks\..*\.amazonaws\.com(\.cn)?\/id\//.test(name)) return CLUSTER;
  return SHARED.find(([provider]) => name === provider || name.startsWith(`${provider}/`))?.[1] ?? ANY_CLAIM;
};

export const isSamlProvider = (provider: string): boolean =>
  /:saml-provider\//.test(provider) && !hasWildcard(provider);
