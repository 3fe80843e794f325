import type { Control } from "./control.ts";
import { coversControl, coversFinding, coversResource, type Exemption, isExpired } from "./exemption.ts";
import type { Verdict } from "./judge.ts";
import type { Finding, NotJudged } from "./judgement.ts";
import type { ResourceView } from "./resource.ts";
import { type PackSettings, parseSettings } from "./settings.ts";
import type { StackView } from "./stack.ts";

/** A finding that an exemption covers. */
export type ExemptedFinding = {
  readonly control: Control;
  readonly finding: Finding;
  readonly exemption: Exemption;
};

/** Something that a control could not decide. */
export type OpenQuestion = {
  readonly control: Control;
  readonly notJudged: NotJudged;
};

type Entry = {
  readonly control: Control;
  readonly verdict: Verdict;
  readonly exempted: readonly ExemptedFinding[];
};

/**
 * The verdicts of this preview or update. The engine asks about one resource at a time, then about the stack. What was
 * not judged or was exempted is reported once, at the end, so the journal keeps it until then.
 */
export class Journal {
  readonly #today: () => string;
  readonly #entries = new Map<string, Entry>();
  #config = "{}";
  #parsed = parseSettings({});

  /** @param today today in UTC, `YYYY-MM-DD`. */
  constructor(today: () => string = () => new Date().toISOString().slice(0, 10)) {
    this.#today = today;
  }

  get today(): string {
    return this.#today();
  }

  get settings(): PackSettings {
    return this.#parsed.settings;
  }

  /** The problems in the settings. */
  get problems(): readonly string[] {
    return this.#parsed.problems;
  }

  /** Reads the settings. The engine delivers the same ones with every resource, so a repeated one is skipped. */
  configure(config: object): void {
    const text = JSON.stringify(config);
    if (text === this.#config) return;
    this.#config = text;
    this.#parsed = parseSettings(config);
  }

  /**
   * Keeps a verdict. A later verdict on the same subject replaces it.
   *
   * @param subject the resource judged, or `undefined` for the stack.
   * @returns the findings to report: those that no current exemption covers.
   */
  record(control: Control, subject: ResourceView | undefined, verdict: Verdict): readonly Finding[] {
    const exempted: ExemptedFinding[] = [];
    const reported: Finding[] = [];
    for (const finding of verdict.findings) {
      const exemption = this.#exemptionFor(control, finding);
      if (exemption === undefined) reported.push(finding);
      else exempted.push({ control, finding, exemption });
    }
    this.#entries.set(keyOf(control, subject?.urn), { control, verdict, exempted });
    return reported;
  }

  get exempted(): readonly ExemptedFinding[] {
    return [...this.#entries.values()].flatMap((entry) => entry.exempted);
  }

  get openQuestions(): readonly OpenQuestion[] {
    return [...this.#entries.values()].flatMap(({ control, verdict }) =>
      verdict.notJudged.map((notJudged) => ({ control, notJudged })),
    );
  }

  /** One sentence for each problem with an exemption, judged at the end of a preview or update. */
  exemptionProblems(controls: readonly Control[], stack: StackView): readonly string[] {
    return this.settings.exemptions.flatMap((exemption) => {
      const problem = this.#problemOf(exemption, controls, stack);
      const { control, resource, finding } = exemption;
      const subject = `The exemption of \`${resource}\` from ${control}${finding === undefined ? "" : ` (${finding})`}`;
      return problem === undefined ? [] : [`${subject} ${problem}`];
    });
  }

  #problemOf(exemption: Exemption, controls: readonly Control[], stack: StackView): string | undefined {
    const control = controls.find((candidate) => coversControl(exemption, candidate));
    if (control === undefined)
      return "names no control of this pack. Correct the name or remove the exemption.";
    if (isExpired(exemption, this.today)) {
      return `expired on ${exemption.expires}. Fix the resource, or renew the exemption if its reason is still valid.`;
    }
    if (this.exempted.some((entry) => entry.exemption === exemption)) return undefined;
    const subjects = stack.resources.filter((resource) => coversResource(exemption, resource));
    if (subjects.length === 0)
      return "matches no resource of the stack. Correct the name or remove the exemption.";
    const undecided = subjects.some((subject) => this.#mayStillBeUsed(control, subject));
    return undecided
      ? undefined
      : "is not needed: the control reports no such finding. Remove the exemption.";
  }

  /** True when the control did not run on the resource (disabled, or not in this update) or could not decide. */
  #mayStillBeUsed(control: Control, resource: ResourceView): boolean {
    const entry = this.#entries.get(keyOf(control, control.kind === "resource" ? resource.urn : undefined));
    return entry === undefined || entry.verdict.notJudged.length > 0;
  }

  #exemptionFor(control: Control, finding: Finding): Exemption | undefined {
    const { resource } = finding;
    if (resource === undefined) return undefined;
    return this.settings.exemptions.find(
      (exemption) =>
        coversControl(exemption, control) &&
        coversResource(exemption, resource) &&
        coversFinding(exemption, finding.key) &&
        !isExpired(exemption, this.today),
    );
  }
}

const keyOf = (control: Control, urn: string | undefined): string => `${control.id} ${urn ?? ""}`;
