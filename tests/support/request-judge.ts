import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterAll, afterEach, expect } from "vitest";
import { z } from "zod";
import { PYTHON } from "../../local/emulator/emulator.ts";

const JUDGE = join(import.meta.dirname, "..", "..", "local", "emulator", "request_models.py");

/** A request of an SDK client that reaches no emulator. */
export type JudgedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

const verdict = z.object({ problem: z.string().nullable() });

let judge: { readonly child: ChildProcessWithoutNullStreams; readonly lines: Interface } | undefined;
/** Answers come in the order of the questions. */
const waiting: ((line: string) => void)[] = [];
const problems: string[] = [];

/** The rules are the emulator's own, in a process of this test file. */
const startJudge = () => {
  const child = spawn(PYTHON, [JUDGE]);
  const lines = createInterface(child.stdout).on("line", (line) => waiting.shift()?.(line));
  let errors = "";
  child.stderr.on("data", (text: Buffer) => {
    errors += text.toString();
  });
  child.once("close", () => {
    for (const answer of waiting.splice(0))
      answer(JSON.stringify({ problem: `the judge has ended: ${errors}` }));
  });
  return { child, lines };
};

const urlOf = ({ path, query }: JudgedRequest): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((each) => `${encodeURIComponent(name)}=${encodeURIComponent(String(each ?? ""))}`),
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
};

const judged: Promise<void>[] = [];

const problemOf = async (request: JudgedRequest): Promise<void> => {
  judge ??= startJudge();
  const { method, headers, body } = request;
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([a-z0-9-]+)\//.exec(headers["authorization"] ?? "")?.[1];
  const question = { service, method, url: urlOf(request), headers, body: body.toString("base64") };
  const answered = new Promise<string>((resolve) => waiting.push(resolve));
  judge.child.stdin.write(`${JSON.stringify(question)}\n`);
  const { problem } = verdict.parse(JSON.parse(await answered));
  if (problem !== null) problems.push(problem);
};

/** Holds a request against AWS's model of the service that it is signed for; its test fails where it does not fit. */
export const judgeRequest = (request: JudgedRequest): void => {
  // The answer comes after the request's own, whose timing it does not change.
  judged.push(problemOf(request));
};

afterEach(async () => {
  await Promise.all(judged.splice(0));
  expect(problems.splice(0), "requests that AWS would refuse").toEqual([]);
});
afterAll(() => {
  judge?.child.stdin.end();
  judge = undefined;
});
