import { describe, expect, it } from "vitest";
import { isCredential, isPointer, looksRandom, namesSecret } from "../../../policy/aws/secrets.ts";

// Assembled at run time, so secret scanners don't report this file.
const join = (...parts: readonly string[]) => parts.join("");

describe("a name that suggests a secret", () => {
  it.each([
    "PASSWORD",
    "DB_PASSWORD",
    "dbPassword",
    "db-passwd",
    "SLACK_BOT_TOKEN",
    "refreshToken",
    "CLIENT_SECRET",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "SSH_PASSPHRASE",
    "STRIPE_API_KEY",
    "apiKey",
    "APIKEY",
    "AWS_SECRET_ACCESS_KEY",
    "JWT_SIGNING_KEY",
    "TLS_PRIVATE_KEY",
  ])("is %s", (name) => {
    expect(namesSecret(name)).toBe(true);
  });

  it.each([
    "LOG_LEVEL",
    "TABLE_NAME",
    "PARTITION_KEY",
    "KMS_KEY_ARN",
    "PUBLIC_KEY",
    "DB_PASSWORD_ARN",
    "dbPasswordArn",
    "SECRET_NAME",
    "SECRETS_MANAGER_ENDPOINT",
    "TOKEN_URL",
    "TOKEN_TTL",
    "PASSWORD_MIN_LENGTH",
    "API_KEY_PARAMETER",
    "TOKENIZER",
    "COMPASS",
    "",
  ])("is not %o", (name) => {
    expect(namesSecret(name)).toBe(false);
  });
});

describe("a value with the format of a credential", () => {
  it.each([
    ["an AWS access key", join("AKIA", "IOSFODNN7EXAMPLE")],
    ["a temporary AWS access key inside a text", join("id=ASIA", "IOSFODNN7EXAMPLE;")],
    ["a private key", join("-----BEGIN EC ", "PRIVATE KEY-----\nMHcCAQ")],
    ["a private key without an algorithm", join("-----BEGIN ", "PRIVATE KEY-----")],
    ["a GitHub token", join("ghp_", "a".repeat(36))],
    ["a Slack token", join("xoxb-", "1234567890-abc")],
    ["a Stripe key", join("sk_live_", "a1B2c3D4e5F6g7H8")],
    ["a Google key", join("AIza", "a".repeat(35))],
    ["a JSON web token", join("eyJ", "hbGciOiJIUzI1NiJ9.eyJ", "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3")],
    ["a password in a URL", "postgres://images:hunter2@db.example.com/images"],
    ["a password without a user in a URL", "redis://:hunter2@cache.example.com:6379"],
  ])("is %s", (_, value) => {
    expect(isCredential(value)).toBe(true);
  });

  it.each([
    "",
    "INFO",
    "https://example.com/path?user@example.com",
    "https://user@example.com",
    "s3://bucket/key:with@signs",
    "arn:aws:iam::111122223333:role/name",
    "AKIA",
    join("XAKIA", "IOSFODNN7EXAMPLE"),
    "-----BEGIN PUBLIC KEY-----",
  ])("is not %o", (value) => {
    expect(isCredential(value)).toBe(false);
  });
});

describe("a value that is clearly not a secret", () => {
  it.each([
    "",
    " ",
    "true",
    "none",
    "3600",
    "1.5",
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
    "{{resolve:ssm:/db/password}}",
    "ssm:/db/password",
    "/db/password",
    "alias/data",
    "https://example.com/token",
  ])("is %o", (value) => {
    expect(isPointer(value)).toBe(true);
  });

  it.each(["hunter2", "truest", "12345a"])("is not %o", (value) => {
    expect(isPointer(value)).toBe(false);
  });
});

describe("a random-looking value", () => {
  it("is long and has letters and digits", () => {
    expect(looksRandom("SG1aB2cD3eF4gH5iJ6kL7mN8")).toBe(true);
    expect(looksRandom("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")).toBe(true);
  });

  it.each([
    "short1",
    "only-letters-in-this-long-text",
    "12345678901234567890",
    "7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11",
    "arn:aws:kms:eu-west-1:111122223333:key/abc",
    "a sentence with 2 numbers and 3 spaces",
  ])("is not %o", (value) => {
    expect(looksRandom(value)).toBe(false);
  });
});
