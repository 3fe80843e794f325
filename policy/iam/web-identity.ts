import { hasWildcard } from "../engine/wildcard.ts";
import { demandsMatch } from "./condition.ts";
import type { Statement } from "./policy-document.ts";

/** What a trust policy must demand of the tokens of an identity provider. */
type TokenRule = {
  /** The claims, by the names of their condition keys, one of which must limit who comes. */
  readonly claims: readonly string[];
  /** Does the value leave few enough? It may hold wildcards. */
  readonly isNarrow: (value: string) => boolean;
  /** What a narrow value is, to follow "must name". */
  readonly expected: string;
};

const notWild = (value: string) => !/^[*?:/]*$/.test(value) && !value.includes("${");

/**
 * Providers that many organizations share: the audience is the same for all of their users, so the subject must tell
 * who comes. By the start of the provider's name.
 */
const SHARED: readonly (readonly [provider: string, rule: TokenRule])[] = [
  [
    "token.actions.githubusercontent.com",
    {
      claims: ["sub", "repository", "repository_id", "job_workflow_ref"],
      // A subject is `repo:<organization>/<repository>:…`; an organization of `acme*` can be anyone's.
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
      isNarrow: (value) => notWild(value) && !value.startsWith("*"),
      expected: "the organization",
    },
  ],
];

/**
 * Of a provider of one's own, and of Cognito, Google and other logins, the audience tells enough. Not so Cognito's
 * `amr`: every pool has authenticated users.
 */
const ANY_CLAIM: TokenRule = {
  claims: ["sub", "aud", "oaud", "app_id"],
  isNarrow: notWild,
  expected: "the subject or the audience",
};

/** Of a cluster, the subject: else each of its pods may come. */
const CLUSTER: TokenRule = {
  claims: ["sub"],
  isNarrow: (value) => /^system:serviceaccount:[^*?:]+:[^:]+$/.test(value) && !/:\*+$/.test(value),
  expected: "the namespace and the service account",
};

/**
 * What is missing in the conditions of a trust statement for one web identity provider: what they must name.
 *
 * @param provider as in the principal: an ARN of an OIDC provider, or a name such as `accounts.google.com`.
 * @returns `undefined` when they limit who comes.
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
