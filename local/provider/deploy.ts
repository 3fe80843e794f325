import * as timers from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Aws } from "../../operator/aws.ts";
import { LocalError } from "../errors.ts";
import { markSecrets, redact, revealSecrets } from "../start/secrets.ts";
import type { Invoke } from "./invokes.ts";
import type { Properties, Resource } from "./resource.ts";
import { INVOKES, RESOURCES } from "./table.ts";

export type DeployOptions = {
  readonly aws: Aws;
  readonly project: string;
  readonly stack: string;
  /** Configuration as text by full key, such as `image-pipeline:email`; `aws:region` is set already. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys of `config` that are secret. */
  readonly secretKeys: readonly string[];
  /** Loads the program afresh; its exports are the outputs. */
  readonly program: () => Promise<Readonly<Record<string, unknown>>>;
  /** Told of each resource once it exists, also in a deployment that fails later. */
  readonly onCreated?: (resource: CreatedResource) => void;
};

export type CreatedResource = {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly id: string;
  /** Outputs, secrets among them in plain text. */
  readonly state: Properties;
};

/** Why a program could not be deployed, naming the resource that failed. Nothing secret is in it. */
export class DeploymentError extends LocalError {}

const QUIET_MS = 5;
const SECRET_SHOWN = "[secret]";
const properties = z.record(z.string(), z.unknown());

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) {
    return String(error);
  }
  // AWS errors have names that documentation and forums speak of.
  return /^(Error|RunError|InputError|LocalError|TypeError|RangeError)$/.test(error.name) ||
    error.message === ""
    ? error.message || error.name
    : `${error.name}: ${error.message}`;
};

const plain = async (value: unknown): Promise<unknown> => {
  const output: pulumi.Output<unknown> = pulumi.output(value);
  if (await pulumi.isSecret(output)) {
    return SECRET_SHOWN;
  }
  return new Promise((resolve) => {
    output.apply(resolve);
  });
};

/** The first failure stops a deployment, once the resources that are being made have come to rest. */
class Run {
  readonly failed: Promise<never>;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #secrets: Set<string>;
  #reject: (error: DeploymentError) => void = () => {};
  #stopped = false;
  #steps = 0;

  constructor(secrets: Iterable<string>) {
    this.#secrets = new Set(secrets);
    this.failed = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    // Nobody may be waiting for it yet.
    this.failed.catch(() => {});
  }

  hide(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      this.#secrets.add(secret);
    }
  }

  fail(what: string, cause: unknown): void {
    if (this.#stopped) {
      return;
    }
    this.#stopped = true;
    const message = redact(`${what}${messageOf(cause)}`, this.#secrets, SECRET_SHOWN);
    void Promise.allSettled(this.#underWay).then(() => this.#reject(new DeploymentError(message)));
  }

  /** Resolves when no resource is being made any more, such as those that no output depends on. */
  async settled(): Promise<void> {
    for (let before = -1; before !== this.#steps; ) {
      before = this.#steps;
      await pulumi.runtime.disconnect();
      // An output that has just come may make its `apply` create more, some turns of the event loop later.
      await timers.setTimeout(QUIET_MS);
    }
  }

  /**
   * What a step makes. After a failure it never comes: Pulumi's outputs then stay pending, where a rejection would
   * come out of every output that depends on it.
   */
  async step<Made>(what: string, make: () => Promise<Made>): Promise<Made> {
    this.#steps += 1;
    if (!this.#stopped) {
      const making = make();
      this.#underWay.add(making);
      try {
        return await making;
      } catch (error) {
        this.fail(what, error);
      } finally {
        this.#underWay.delete(making);
      }
    }
    return new Promise(() => {});
  }
}

const lookUp = <Entry>(table: Readonly<Record<string, Entry>>, token: string): Entry => {
  const entry = Object.hasOwn(table, token) ? table[token] : undefined;
  if (entry === undefined) {
    throw new Error(`${token} is not supported here; supported are ${Object.keys(table).join(", ")}.`);
  }
  return entry;
};

const mocksFor = (run: Run, { aws, onCreated }: DeployOptions): pulumi.runtime.Mocks => ({
  newResource: ({ type, name, inputs, custom, id }) =>
    run.step(`${name} [${type}] could not be ${id ? "read" : "created"}: `, async () => {
      const given = revealSecrets(properties.parse(inputs));
      run.hide(given.secrets);
      if (!custom) {
        return { id: undefined, state: {} };
      }
      const resource = lookUp<Resource>(RESOURCES, type);
      if (id) {
        const state = await resource.read(id, aws);
        if (state === undefined) {
          throw new Error(`there is none with the id ${id}.`);
        }
        return { id, state };
      }
      const created = await resource.create(given.properties, aws);
      onCreated?.({ type, name, id: created.id, state: created.outputs });
      return { id: created.id, state: markSecrets(created.outputs, given.secretKeys) };
    }),
  call: ({ token, inputs }) =>
    run.step(`${token} failed: `, async (): Promise<Properties> => {
      const given = revealSecrets(properties.parse(inputs));
      run.hide(given.secrets);
      return lookUp<Invoke>(INVOKES, token)(given.properties, aws);
    }),
});

/** What Pulumi's mocks say they have and have not. Each resource is tried once here: the emulator knows at once what is made. */
const errorHooks = {
  registerErrorHook(_request: unknown, callback: (error: null) => void): void {
    callback(null);
  },
};

let deploying = false;

/**
 * Runs a Pulumi program in this process, its resources made by AWS calls, without Pulumi's CLI or state.
 *
 * Everything is created, nothing compared with what is there: for an empty account. One at a time in a process.
 *
 * @returns the program's outputs; secret ones as `[secret]`.
 * @throws {DeploymentError} with the first failure.
 */
export const deploy = async (options: DeployOptions): Promise<Readonly<Record<string, unknown>>> => {
  const { aws, project, stack, config, secretKeys, program } = options;
  if (deploying) {
    throw new Error("A deployment is already running in this process.");
  }
  deploying = true;
  const run = new Run(secretKeys.flatMap((key) => config[key] ?? []));
  const onRejection = (error: unknown) => run.fail("The program failed: ", error);
  process.on("unhandledRejection", onRejection);
  try {
    await pulumi.runtime.setMocks(mocksFor(run, options), project, stack, false);
    Object.assign(pulumi.runtime.getMonitor() ?? {}, errorHooks);
    pulumi.runtime.setAllConfig({ "aws:region": aws.region, ...config }, [...secretKeys]);
    const outputs = async () => {
      const exported = await program().catch((error: unknown) => {
        run.fail("", error);
        return run.failed;
      });
      const entries = Object.entries(exported).map(
        async ([name, value]) => [name, await plain(value)] as const,
      );
      const plainOutputs = Object.fromEntries(await Promise.all(entries));
      await run.settled();
      return plainOutputs;
    };
    return await Promise.race([outputs(), run.failed]);
  } finally {
    process.off("unhandledRejection", onRejection);
    // Forgets promises that a failure left pending, of which Pulumi would complain when the process ends.
    await pulumi.runtime.setMocks({
      newResource: () => new Promise(() => {}),
      call: () => new Promise(() => {}),
    });
    deploying = false;
  }
};

/**
 * Deletes what was created, the last first: nothing is created before what it depends on.
 *
 * @throws {DeploymentError} with the first resource that could not be deleted; those created before it stay.
 */
export const destroy = async (created: readonly CreatedResource[], aws: Aws): Promise<void> => {
  for (const { type, name, id, state } of created.toReversed()) {
    await lookUp<Resource>(RESOURCES, type)
      .delete(id, state, aws)
      .catch((error: unknown) => {
        throw new DeploymentError(`${name} [${type}] could not be deleted: ${messageOf(error)}`);
      });
  }
};
