/** Detects secrets in configuration, where anyone who may read the configuration can read them. */

/** Does the name indicate a secret: `DB_PASSWORD`, `apiToken`, `STRIPE_SECRET_KEY`? */
export const namesSecret = (name: string): boolean => {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  // `SECRET_ARN`, `TOKEN_URL` and `PASSWORD_MIN_LENGTH` describe a secret but do not contain one.
  if (ABOUT_A_SECRET.has(last)) return false;
  return (
    words.some((word) => SECRET_WORDS.has(word)) || (last === "key" && SECRET_KEYS.has(words.at(-2) ?? ""))
  );
};

/** Could the name indicate a secret? `SENDGRID_KEY` does, `SORT_KEY` does not; only the value can tell. */
export const mayNameSecret = (name: string): boolean => wordsOf(name).at(-1) === "key";

/** Does the value have the format of a known credential? */
export const isCredential = (value: string): boolean =>
  CREDENTIALS.some((credential) => credential.test(value));

/** Does the value look random: long, letters and digits, no spaces, and not in a common format? */
export const looksRandom = (value: string): boolean =>
  /^[A-Za-z0-9_+/=.-]{20,}$/.test(value) &&
  /\d/.test(value) &&
  /[A-Za-z]/.test(value) &&
  !UUID.test(value) &&
  !isPointer(value);

/** Is the value clearly not a secret: a reference to one, a number, a switch? */
export const isPointer = (value: string): boolean =>
  value.trim() === "" ||
  /^(true|false|yes|no|on|off|none|null|disabled|enabled)$/i.test(value) ||
  /^[\d.]+$/.test(value) ||
  /^(arn:|\{\{resolve:|ssm:|secretsmanager:|alias\/|\/|https?:\/\/)/.test(value);

const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

const SECRET_WORDS: ReadonlySet<string> = new Set([
  "apikey",
  "credential",
  "credentials",
  "passphrase",
  "passwd",
  "password",
  "passwords",
  "pwd",
  "secret",
  "secrets",
  "token",
  "tokens",
]);

/** Words that indicate a secret when followed by `key`. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  "access",
  "api",
  "app",
  "auth",
  "client",
  "encryption",
  "hmac",
  "master",
  "private",
  "service",
  "shared",
  "signing",
]);

/** Last words of names that describe a secret but do not contain one. */
const ABOUT_A_SECRET: ReadonlySet<string> = new Set([
  "algorithm",
  "arn",
  "arns",
  "audience",
  "bucket",
  "count",
  "enabled",
  "endpoint",
  "expiration",
  "expiry",
  "file",
  "format",
  "header",
  "id",
  "ids",
  "issuer",
  "length",
  "lifetime",
  "limit",
  "location",
  "manager",
  "name",
  "names",
  "parameter",
  "path",
  "policy",
  "prefix",
  "provider",
  "ref",
  "region",
  "required",
  "rotation",
  "seconds",
  "source",
  "stage",
  "store",
  "table",
  "timeout",
  "ttl",
  "type",
  "uri",
  "url",
  "version",
]);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const CREDENTIALS = [
  // AWS access keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  /(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/,
  /-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/,
  // GitHub, Slack, Stripe, Google.
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\bgithub_pat_[A-Za-z0-9_]{36}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10}/,
  /\b[rs]k_live_[A-Za-z0-9]{16}/,
  /\bAIza[A-Za-z0-9_-]{35}/,
  // JSON web token.
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+/,
  // URL with a password: postgres://user:password@host.
  /:\/\/[^\s/:@]*:[^\s/@]+@/,
] as const;
