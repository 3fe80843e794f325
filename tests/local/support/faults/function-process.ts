import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { SQSBatchResponse } from "aws-lambda";
import * as z from "zod";

const ENTRY = join(import.meta.dirname, "function-entry.ts");

const answerSchema = z.object({
  id: z.int(),
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).optional(),
  error: z.string().optional(),
});

/** The handler in a process of its own, as Lambda runs it, which can be killed and comes back cold. */
export class FunctionProcess {
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #calls = 0;

  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
  }

  /** Runs one batch; `undefined` when the process ended before it answered. */
  async invoke(event: unknown, timeoutMs: number): Promise<SQSBatchResponse | undefined> {
    const child = this.#child ?? this.#start();
    this.#calls += 1;
    const id = this.#calls;
    child.send({ id, event, timeoutMs });
    const ended = once(child, "exit").then(() => undefined);
    for (;;) {
      const message = await Promise.race([once(child, "message"), ended]);
      if (message === undefined) return undefined;
      const answer = answerSchema.parse(message[0]);
      if (answer.id !== id) continue;
      if (answer.error !== undefined) throw new Error(answer.error);
      return { batchItemFailures: answer.batchItemFailures ?? [] };
    }
  }

  /** Ends the process where it stands, as a crash does. */
  readonly kill = (): void => {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  };

  #start(): ChildProcess {
    const child = fork(ENTRY, {
      env: { ...this.#environment },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.setMaxListeners(0);
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined;
    });
    this.#child = child;
    return child;
  }
}
