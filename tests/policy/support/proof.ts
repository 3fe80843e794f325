import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Control } from "../../../policy/engine/control.ts";
import { Journal } from "../../../policy/engine/journal.ts";
import type { Verdict } from "../../../policy/engine/judge.ts";
import type { StackResource } from "../../../policy/engine/resource.ts";
import { controlPath } from "./control-files.ts";
import { isStatementName, type Leaf, leavesOf, replaceLeaf } from "./leaves.ts";
import { TODAY, type Trial, trialsOf, verdictOn, withProps } from "./subject.ts";

type Exceptions = {
  /** Outcomes that this control can't have. For example, a control that reads no property never meets an unknown one. */
  readonly never?: readonly Verdict["outcome"][];
};

const OUTCOMES = ["compliant", "violation", "not applicable", "not judged"] as const;

/**
 * Tests that every control must pass, based on all judgements in the test file. Call it last. It reuses the fixtures of
 * the file's tests, so it can't cover properties that the fixtures lack.
 */
export const proveControl = (control: Control, { never = [] }: Exceptions = {}): void => {
  describe("in all cases of this file", () => {
    it("has every possible outcome", () => {
      const seen = new Set(trialsOf(control).map(({ verdict }) => verdict.outcome));
      expect(OUTCOMES.filter((outcome) => seen.has(outcome))).toEqual(
        OUTCOMES.filter((outcome) => !never.includes(outcome)),
      );
    });

    it("reports every kind of finding in its source", () => {
      const found = keysOf(trialsOf(control)).map((key) => key.split("::")[0]);
      expect(findingKinds(control).filter((kind) => !found.includes(kind))).toEqual([]);
    });

    it("does not report an exempted finding, and reports it if the exemption names another finding", () => {
      for (const { verdict } of violating(control)) {
        const resources = new Set(verdict.findings.map(({ resource }) => resource?.name ?? ""));
        for (const name of resources) {
          const keys = [
            ...new Set(verdict.findings.filter((each) => each.resource?.name === name).map(({ key }) => key)),
          ];
          const others = verdict.findings.filter((each) => each.resource?.name !== name).length;
          expect(reportedWith(control, verdict, name, keys)).toEqual({
            reported: others,
            exempted: verdict.findings.length - others,
          });
          const altered = keys.map((key) => `${key}-not`);
          expect(reportedWith(control, verdict, name, altered)).toEqual({
            reported: verdict.findings.length,
            exempted: 0,
          });
        }
      }
    });

    it("prints no property value, even if it is a secret", () => {
      const cases = casesOf(control).filter(({ leaf }) => !isStatementName(leaf));
      if (cases.length === 0) return;
      fc.assert(
        fc.property(fc.constantFrom(...cases), secret, (each, value) => {
          expect(printed(judgeWith(each, value))).not.toContain(value);
        }),
        { numRuns: RUNS },
      );
    });

    it("handles any value in any property", () => {
      const cases = casesOf(control);
      if (cases.length === 0) return;
      fc.assert(
        fc.property(fc.constantFrom(...cases), fc.jsonValue({ maxDepth: 3 }), (each, value) => {
          expect(judgeWith(each, value).notJudged.filter(({ cause }) => cause === "fault")).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    });
  });
};

const RUNS = 60;

/** Contains characters that names don't have, and starts with nothing that a parser recognizes. */
const secret = fc
  .string({ unit: fc.constantFrom(..."abcdefghij0123456789!#%&=_/+"), minLength: 12, maxLength: 40 })
  .map((text) => `hunter2!${text}`);

const violating = (control: Control): readonly Trial[] =>
  trialsOf(control).filter(({ verdict }) => verdict.findings.length > 0);

const keysOf = (trials: readonly Trial[]): readonly string[] =>
  trials.flatMap(({ verdict }) => verdict.findings.map(({ key }) => key));

/** The first parts of the finding keys in the control's source. */
const findingKinds = ({ name }: Control): readonly string[] => {
  const source = readFileSync(
    new URL(`../../../policy/controls/${controlPath(name)}.ts`, import.meta.url),
    "utf8",
  );
  return [...source.matchAll(/key: ["`](\w+)::/g)].map(([, kind = ""]) => kind);
};

const reportedWith = (control: Control, verdict: Verdict, resource: string, findings: readonly string[]) => {
  const journal = new Journal(() => TODAY);
  journal.configure({
    exemptions: findings.map((finding) => ({
      control: control.id,
      resource,
      finding,
      reason: "Accepted in this test.",
      expires: TODAY,
    })),
  });
  expect(journal.problems).toEqual([]);
  const reported = journal.record(control, undefined, verdict).length;
  return { reported, exempted: journal.exempted.length };
};

/** One string property of one judged resource. */
type Case = {
  readonly trial: Trial;
  readonly resource: StackResource;
  readonly leaf: Leaf;
};

const casesOf = (control: Control): readonly Case[] =>
  trialsOf(control).flatMap((trial) =>
    trial.subjects.flatMap((resource) => {
      let leaves: readonly Leaf[] = [];
      withProps(resource, (props) => {
        leaves = leavesOf(props);
        return props;
      });
      return leaves.map((leaf) => ({ trial, resource, leaf }));
    }),
  );

const judgeWith = ({ trial, resource, leaf }: Case, value: unknown): Verdict => {
  const changed = withProps(resource, (props) => replaceLeaf(props, leaf, value));
  const subjects = trial.subjects.map((each) => (each === resource ? changed : each));
  return verdictOn(trial.control, subjects, trial.conditions);
};

/** All text that a verdict can print. */
const printed = ({ findings, notJudged }: Verdict): string =>
  [
    ...findings.flatMap(({ key, message, fix = "" }) => [key, message, fix]),
    ...notJudged.map(({ path }) => path),
  ].join("\n");
