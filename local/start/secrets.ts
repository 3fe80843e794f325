import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../provider/resource.ts";

/** Pulumi's mark of a secret on the wire (https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts). */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export type Revealed = {
  readonly properties: Properties;
  /** Every text that was secret. */
  readonly secrets: ReadonlySet<string>;
  /** The properties that are secret or hold a secret. */
  readonly secretKeys: ReadonlySet<string>;
};

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const texts = (value: unknown): string[] => {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
};

/** Inputs as AWS takes them, and what of them must never be shown. */
export const revealSecrets = (inputs: Properties): Revealed => {
  const secrets = new Set<string>();
  const reveal = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(reveal);
    }
    if (!isPlainObject(value)) {
      return value;
    }
    if (value[SIGNATURE_KEY] === SECRET_SIGNATURE) {
      for (const text of texts(value["value"])) {
        secrets.add(text);
      }
      return reveal(value["value"]);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
  };
  const secretKeys = new Set<string>();
  const properties = Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => {
      const before = secrets.size;
      const revealed = reveal(value);
      if (secrets.size > before || texts(revealed).some((text) => secrets.has(text))) {
        secretKeys.add(key);
      }
      return [key, revealed];
    }),
  );
  return { properties, secrets, secretKeys };
};

/** Outputs with what was secret in the inputs secret again. */
export const markSecrets = (outputs: Properties, secretKeys: ReadonlySet<string>): Properties =>
  Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [key, secretKeys.has(key) ? pulumi.secret(value) : value]),
  );

/** A text for people without any of the secrets. */
export const redact = (text: string, secrets: Iterable<string>, shown: string): string =>
  [...secrets]
    .filter((secret) => secret.length > 0)
    .reduce((redacted, secret) => redacted.replaceAll(secret, shown), text);
