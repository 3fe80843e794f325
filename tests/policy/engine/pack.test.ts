import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { UNKNOWN_SENTINELS } from "../../../policy/engine/unknown.ts";
import { PackProcess, type SentResource } from "../support/analyzer.ts";
import { UNKNOWN, urnOf } from "../support/subject.ts";

const TYPE = "test:index:Thing";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hidden" };

const thing = (name: string, props: SentResource["props"]): SentResource => ({
  type: TYPE,
  name,
  props: { safe: true, ...props },
});

let pack: PackProcess;
beforeAll(async () => {
  pack = await PackProcess.start(new URL("../support/framework-pack/", import.meta.url));
});
afterAll(() => pack.stop());
afterEach(async () => {
  // The journal survives a test, as it survives a resource in a preview: judge all names again.
  await pack.configure({});
  for (const name of ["a", "b"]) await pack.analyze(thing(name, {}));
  await pack.analyzeStack([]);
});

describe("a pack in Pulumi's runner", () => {
  it("lists the settings first, then the controls in order, then the reports", async () => {
    const info = await pack.info();
    expect(info.policiesList.map(({ name }) => name)).toEqual([
      "pack-settings",
      "limit",
      "fault",
      "remedy",
      "graph",
      "pack-exemptions",
      "pack-exempted",
      "pack-not-judged",
    ]);
  });

  it("reports nothing for a compliant resource or a resource of another type", async () => {
    expect(await pack.analyze(thing("a", { size: 10 }))).toEqual([]);
    expect(await pack.analyze({ type: "test:index:Other", name: "b", props: { size: 99 } })).toEqual([]);
  });

  it("prints the rule, the fault, the fix and the key for an exemption", async () => {
    expect(await pack.analyze(thing("a", { size: 11 }))).toEqual([
      {
        policy: "limit",
        message: "Rule TEST-001.\n`size` must be small. Fix it. [TEST-001 Size::large]",
        level: "mandatory",
        urn: "",
      },
    ]);
  });

  it("judges by the parameters of the config, or by their defaults", async () => {
    await pack.configure({ limit: { properties: { maximum: 20 } } });
    expect(await pack.analyze(thing("a", { size: 11 }))).toEqual([]);
    await pack.configure({ limit: {} });
    expect(await pack.analyze(thing("a", { size: 11 }))).toHaveLength(1);
  });

  it("uses the level of the config", async () => {
    await pack.configure({ limit: { level: "advisory" } });
    expect(await pack.analyze(thing("a", { size: 11 }))).toMatchObject([{ level: "advisory" }]);
    await pack.configure({ limit: { level: "disabled" } });
    expect(await pack.analyze(thing("a", { size: 11 }))).toEqual([]);
  });

  it("reports invalid parameters instead of judging by the defaults", async () => {
    await pack.configure({ limit: { properties: { maximum: "many" } } });
    expect(await pack.analyze(thing("a", { size: 1 }))).toMatchObject([
      { message: expect.stringContaining("[TEST-001 Parameters::maximum]") },
    ]);
  });

  it("reports a property of the wrong kind as a violation", async () => {
    expect(await pack.analyze(thing("a", { size: { in: "cm" } }))).toMatchObject([
      {
        message:
          "Rule TEST-001.\n`size` must be a number. Give `size` as a number. [TEST-001 Malformed::size]",
      },
    ]);
  });

  it("lists each unknown value once, in one advisory at the end, with the controls that needed it", async () => {
    const unknown = thing("a", {
      size: UNKNOWN_SENTINELS.number,
      safe: UNKNOWN_SENTINELS.boolean,
      label: UNKNOWN,
    });
    expect(await pack.analyze(unknown)).toEqual([]);
    expect(await pack.analyzeStack([unknown])).toEqual([
      {
        policy: "pack-not-judged",
        message: [
          "Not everything could be judged.",
          "Not judged, because the value is not known until the update. `pulumi up` will judge it:",
          "- a: size (TEST-001)",
          "- a: safe (TEST-003)",
          "- a: label (TEST-004)",
        ].join("\n"),
        level: "advisory",
        urn: "",
      },
    ]);
  });

  it("does not list a value that has become known", async () => {
    await pack.analyze(thing("a", { size: UNKNOWN_SENTINELS.number }));
    await pack.analyze(thing("a", { size: 1 }));
    expect(await pack.analyzeStack([thing("a", { size: 1 })])).toEqual([]);
  });

  it("names a control that throws without printing the error's message, and runs the others", async () => {
    const broken = thing("a", { breaks: "hunter2", size: 11 });
    expect(await pack.analyze(broken)).toMatchObject([{ policy: "limit" }]);
    const [report, ...others] = await pack.analyzeStack([broken]);
    expect(others).toEqual([]);
    expect(report?.message).toBe(
      "Not everything could be judged.\nNot judged, because the control failed. Please report this:\n- a: TypeError (TEST-002)",
    );
  });

  it("judges one resource of a stack when another's value is unknown, and names the resource at fault", async () => {
    const diagnostics = await pack.analyzeStack([
      thing("a", { label: UNKNOWN }),
      thing("b", { label: "alone" }),
    ]);
    expect(diagnostics).toMatchObject([
      { policy: "graph", urn: urnOf(TYPE, "b") },
      { policy: "pack-not-judged", message: expect.stringContaining("- a: label (TEST-004)") },
    ]);
  });

  it("changes only the remediated properties, and keeps secrets secret and unknown values unknown", async () => {
    await pack.configure({ remedy: { level: "remediate" } });
    const sent = thing("a", { safe: false, token: SECRET, label: UNKNOWN, list: [SECRET] });
    expect(await pack.remediate(sent)).toEqual([
      { policy: "remedy", props: { safe: true, token: SECRET, label: UNKNOWN, list: [SECRET] } },
    ]);
  });

  it("does not remediate a compliant resource", async () => {
    await pack.configure({ remedy: { level: "remediate" } });
    expect(await pack.remediate(thing("a", {}))).toEqual([]);
  });
});

describe("exemptions", () => {
  const exemption = {
    control: "TEST-001",
    resource: "a",
    finding: "Size::large",
    reason: "Accepted by the owners of the stack.",
    expires: "2999-12-31",
  };
  const exempting = (...exemptions: object[]) =>
    pack.configure({
      "pack-settings": { properties: { exemptions: exemptions.map((entry) => ({ ...entry })) } },
    });
  const large = (name: string) => thing(name, { size: 11 });

  it("suppress and list the finding of the named resource, and no others", async () => {
    await exempting(exemption);
    expect(await pack.analyze(large("a"))).toEqual([]);
    expect(await pack.analyze(large("b"))).toHaveLength(1);
    expect(await pack.analyzeStack([large("a"), large("b")])).toEqual([
      {
        policy: "pack-exempted",
        message:
          "These findings are exempted.\n- a [TEST-001 Size::large] until 2999-12-31: Accepted by the owners of the stack.",
        level: "advisory",
        urn: "",
      },
    ]);
  });

  it("suppress findings of stack controls", async () => {
    await exempting({ ...exemption, control: "graph", finding: "Label::alone" });
    const alone = thing("a", { label: "alone" });
    await pack.analyze(alone);
    expect(await pack.analyzeStack([alone])).toMatchObject([{ policy: "pack-exempted" }]);
  });

  it("expire after their last day: the finding is reported again, and the exemption is a violation", async () => {
    await exempting({ ...exemption, expires: "2020-01-31" });
    expect(await pack.analyze(large("a"))).toHaveLength(1);
    expect(await pack.analyzeStack([large("a")])).toMatchObject([
      {
        policy: "pack-exemptions",
        level: "mandatory",
        message: expect.stringContaining(
          "The exemption of `a` from TEST-001 (Size::large) expired on 2020-01-31.",
        ),
      },
    ]);
  });

  it.each([
    [
      "that are not needed",
      exemption,
      "is not needed: the control reports no such finding. Remove the exemption.",
    ],
    ["of another finding", { ...exemption, finding: "Size::small" }, "is not needed"],
    ["of no resource", { ...exemption, resource: "c" }, "matches no resource of the stack"],
    ["from no control", { ...exemption, control: "TEST-999" }, "names no control of this pack"],
  ])("%s are a violation", async (_, unneeded, problem) => {
    await exempting(unneeded);
    await pack.analyze(thing("a", {}));
    const diagnostics = await pack.analyzeStack([thing("a", {})]);
    expect(diagnostics).toMatchObject([
      { policy: "pack-exemptions", message: expect.stringContaining(problem) },
    ]);
  });

  it("are not a violation while the value is unknown", async () => {
    await exempting(exemption);
    const unknown = thing("a", { size: UNKNOWN_SENTINELS.number });
    await pack.analyze(unknown);
    expect((await pack.analyzeStack([unknown])).map(({ policy }) => policy)).toEqual(["pack-not-judged"]);
  });

  it("that are invalid are reported, and no exemption applies then", async () => {
    await exempting(exemption, { ...exemption, reason: "because", expires: "soon" });
    expect(await pack.analyze(large("a"))).toHaveLength(1);
    const messages = (await pack.analyzeStack([large("a")])).map(
      ({ policy, message }) => `${policy}: ${message}`,
    );
    expect(messages).toEqual([
      expect.stringContaining("pack-settings: The policy pack's settings are valid.\n`exemptions.1.reason`"),
      expect.stringContaining("pack-settings: The policy pack's settings are valid.\n`exemptions.1.expires`"),
    ]);
  });
});
