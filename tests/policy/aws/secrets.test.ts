import { describe, expect, it } from "vitest";
import { isCredential, isPointer, looksRandom, namesSecret } from "../../../policy/aws/secrets.ts";

// Put together here, so that no scanner takes this file for a leak.
const join = (...parts: readonly string[]) => parts.join("");

describe("a name of a secret", () => {
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

describe("a credential by its form", () => {
  it.each([
    ["an access key of AWS", join("AKIA", "IOSFODNN7EXAMPLE")],
    ["a temporary one, in a text", join("id=ASIA", "IOSFODNN7EXAMPLE;")],
    ["a private key", join("-----BEGIN EC ", "PRIVATE KEY-----\nMHcCAQ")],
    ["a private key of no kind", join("-----BEGIN ", "PRIVATE KEY-----")],
    ["a token of GitHub", join("ghp_", "a".repeat(36))],
    ["a token of Slack", join("xoxb-", "1234567890-abc")],
    ["a key of Stripe", join("sk_live_", "a1B2c3D4e5F6g7H8")],
    ["a key of Google", join("AIza", "a".repeat(35))],
    ["a web token", join("eyJ", "hbGciOiJIUzI1NiJ9.eyJ", "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3")],
    ["a password in an address", "postgres://images:hunter2@db.example.com/images"],
    ["a password alone in an address", "redis://:hunter2@cache.example.com:6379"],
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

describe("a value that is plainly no secret", () => {
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

  it.each(["hunter2", "truest", "12345a"])("may not be %o", (value) => {
    expect(isPointer(value)).toBe(false);
  });
});

describe("a value made by chance", () => {
  it("is long, of letters and digits", () => {
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
