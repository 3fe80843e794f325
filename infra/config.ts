import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type Settings, settingsSchema } from "./settings.ts";

export type StackConfig<Rendition> = Settings & {
  /** Where notices and alarms go. Secret: it stays encrypted in the state. */
  readonly email: pulumi.Output<string>;
  readonly renditions: readonly Rendition[];
};

/** The stack's configuration is wrong: one message that lists every problem, for people, so without a stack trace. */
export class ConfigError extends pulumi.RunError {
  constructor(namespace: string, problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      [
        `The configuration of this stack has ${count}:`,
        ...problems.map((problem) => `  - ${namespace}:${problem}`),
        "Set a value with `pulumi config set <key> <value>`; README.md lists every key.",
      ].join("\n"),
    );
  }
}

/** Config values arrive as text; everything but text is written as JSON in the stack's file. */
export const fromText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

/** zod's issues as sentences: the place, what was expected, what came. */
export const problemsIn = (value: unknown, { issues }: z.ZodError): string[] =>
  issues.map(({ path, message }) => {
    const place = path
      .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
      .join("")
      .replace(/^\./, "");
    const found = path.reduce<unknown>(
      (inner, part) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, part) : undefined),
      value,
    );
    const expected = message.replace(/^Invalid \w+: /, "").replace(/, received .*$/, "");
    return `${place}: ${expected.charAt(0).toLowerCase()}${expected.slice(1)}, got ${shown(found)}`;
  });

/** The value of a secret, to be judged here and now; it must not leave this file but as an output. */
const plaintextOf = (secret: pulumi.Output<string> | undefined): Promise<string | undefined> =>
  new Promise((resolve) => {
    if (secret === undefined) {
      resolve(undefined);
    } else {
      secret.apply(resolve);
    }
  });

/** The keys that the engine decrypted for this run; undefined where no engine runs the program. */
const decryptedKeys = (): readonly string[] | undefined => {
  const keys = process.env["PULUMI_CONFIG_SECRET_KEYS"];
  return keys === undefined ? undefined : z.array(z.string()).parse(JSON.parse(keys));
};

const EMAIL_COMMAND = "`pulumi config set --secret email you@example.com`";

const emailProblems = (namespace: string, address: string | undefined): string[] => {
  // Empty is the default in Pulumi.yaml, where a key without one would end the run before it says how to set it.
  if (address === undefined || address === "") {
    return [`email: missing, expected the address that gets the notices; run ${EMAIL_COMMAND}`];
  }
  if (decryptedKeys()?.includes(`${namespace}:email`) === false) {
    return [`email: expected a secret, got plain text in the stack's file; run ${EMAIL_COMMAND}`];
  }
  return z.email().safeParse(address).success
    ? []
    : ["email: expected an e-mail address such as you@example.com; what came is secret and not shown"];
};

/** A key that nobody reads is most likely a misspelt one, whose default would silently stand. */
export const unknownKeys = (namespace: string, known: readonly string[]): string[] =>
  Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(`${namespace}:`))
    .map((key) => key.slice(namespace.length + 1))
    .filter((key) => !known.includes(key))
    .map((key) => `${key}: unknown key, expected one of ${known.join(", ")}`);

/**
 * Reads and validates the whole configuration of the stack.
 *
 * @param renditionsSchema schema of the rendition specs, the one that the handler itself uses, with its default.
 * @throws {ConfigError} naming every key that is missing, unknown or out of range; secret values are never shown.
 */
export const loadConfig = async <Rendition>(
  renditionsSchema: z.ZodType<readonly Rendition[]>,
): Promise<StackConfig<Rendition>> => {
  const config = new pulumi.Config();
  const plainKeys = ["renditions", ...Object.keys(settingsSchema.shape)];
  const { renditions: givenRenditions, ...given } = Object.fromEntries(
    plainKeys.flatMap((key) => {
      const text = config.get(key);
      return text === undefined ? [] : [[key, fromText(text)]];
    }),
  );
  const address = await plaintextOf(config.getSecret("email"));
  const settings = settingsSchema.safeParse(given);
  const renditions = renditionsSchema.safeParse(givenRenditions);

  const problems = [
    ...unknownKeys(config.name, ["email", ...plainKeys]),
    ...emailProblems(config.name, address),
    ...(settings.success ? [] : problemsIn(given, settings.error)),
    ...(renditions.success
      ? []
      : problemsIn(
          { renditions: givenRenditions },
          new z.ZodError(
            renditions.error.issues.map((issue) => ({ ...issue, path: ["renditions", ...issue.path] })),
          ),
        )),
  ];
  if (problems.length > 0 || !settings.success || !renditions.success || address === undefined) {
    throw new ConfigError(config.name, problems);
  }
  return { ...settings.data, email: pulumi.secret(address), renditions: renditions.data };
};
