import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { RENDITION_FORMATS } from "../../handler/core/rendition-format.ts";
import { LocalError } from "../errors.ts";
import type { ImagingTask } from "./imaging-process.ts";

const answer = z.object({ number: z.int(), answer: z.unknown().optional(), problem: z.string().optional() });

const metadataEntries = z.array(
  z.object({
    group: z.enum(["camera", "place", "time", "person", "colour", "other"]),
    name: z.string(),
    value: z.string(),
  }),
);

const trial = z.object({
  durationMs: z.number(),
  files: z.array(
    z.object({
      name: z.string(),
      key: z.string(),
      format: z.enum(RENDITION_FORMATS),
      width: z.int(),
      height: z.int(),
      bytes: z.instanceof(Uint8Array),
    }),
  ),
});
export type Trial = z.output<typeof trial>;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A decoder that hangs, or an encoder with too much to do, is ended. Milliseconds. */
const TIMEOUT_MS = 60_000;

/**
 * Images decoded in a process of their own: what is wrong with a file, or with the decoder, stays there, and the page
 * answers meanwhile. It is started when it is first needed, and again after it has ended.
 */
export class Imaging {
  #process: ChildProcess | undefined;
  #numbers = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** @throws {LocalError} when the file can't be read */
  async metadata(bytes: Uint8Array) {
    return metadataEntries.parse(await this.#ask({ kind: "metadata", bytes: new Uint8Array(bytes) }));
  }

  /** @throws {LocalError} with the reason for which the function would refuse it */
  async try(task: Omit<Extract<ImagingTask, { kind: "try" }>, "kind">): Promise<Trial> {
    return trial.parse(await this.#ask({ kind: "try", ...task }));
  }

  close(): void {
    this.#process?.kill();
  }

  async #ask(task: ImagingTask): Promise<unknown> {
    this.#numbers += 1;
    const number = this.#numbers;
    const child = this.#running();
    const timeout = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(number, { resolve, reject });
        child.send({ number, task });
      });
    } finally {
      clearTimeout(timeout);
      this.#waiting.delete(number);
    }
  }

  #running(): ChildProcess {
    if (this.#process?.connected) {
      return this.#process;
    }
    const child = fork(join(import.meta.dirname, "imaging-process.ts"), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (message) => {
      const { number, answer: given, problem } = answer.parse(message);
      const waiting = this.#waiting.get(number);
      if (problem === undefined) {
        waiting?.resolve(given);
      } else {
        waiting?.reject(new LocalError(problem));
      }
    });
    child.on("exit", () => {
      for (const { reject } of this.#waiting.values()) {
        reject(new LocalError("The image could not be decoded: its decoder has ended."));
      }
    });
    // It is no reason to go on.
    child.unref();
    child.channel?.unref();
    this.#process = child;
    return child;
  }
}
