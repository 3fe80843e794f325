import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginCall, currentCall, markTypes } from "../../../policy/engine/call.ts";
import { StackView } from "../../../policy/engine/stack.ts";
import { PackProcess } from "../support/analyzer.ts";
import { resource } from "../support/subject.ts";

const [ROLE, QUEUE, TOPIC] = ["aws:iam/role:Role", "aws:sqs/queue:Queue", "aws:sns/topic:Topic"] as const;

/** Runs the work as the SDK runs a call: in its own asynchronous context. */
const inCall = <Result>(work: () => Result): Promise<Result> => Promise.resolve().then(work);

describe("markTypes", () => {
  it("marks a function for one type with that type in every call", async () => {
    const marked = markTypes(() => {}, [QUEUE]);
    expect(marked.__pulumiType).toBe(QUEUE);
    await inCall(() => {
      beginCall({ kind: "resource", resource: resource({ type: ROLE }) });
      expect(marked.__pulumiType).toBe(QUEUE);
    });
  });

  it("marks a function for many types with no type outside a call, so the SDK skips nothing", () => {
    expect(markTypes(() => {}, [QUEUE, TOPIC]).__pulumiType).toBeUndefined();
  });

  it("marks a function for many types with the resource's type if it is listed, and with another type if not", async () => {
    const marked = markTypes(() => {}, [QUEUE, TOPIC]);
    await inCall(() => {
      beginCall({ kind: "resource", resource: resource({ type: TOPIC }) });
      expect(marked.__pulumiType).toBe(TOPIC);
      beginCall({ kind: "resource", resource: resource({ type: ROLE }) });
      expect(marked.__pulumiType).toBe(QUEUE);
    });
  });

  it("marks a function for many types with a type that exists in the stack", async () => {
    const marked = markTypes(() => {}, [QUEUE, TOPIC]);
    await inCall(() => {
      beginCall({
        kind: "stack",
        stack: new StackView([resource({ type: ROLE }), resource({ type: TOPIC })]),
      });
      expect(marked.__pulumiType).toBe(TOPIC);
      beginCall({ kind: "stack", stack: new StackView([resource({ type: ROLE })]) });
      expect(marked.__pulumiType).toBe(QUEUE);
    });
  });
});

describe("a call", () => {
  it("keeps a call across awaits, separate from concurrent calls", async () => {
    const seen = await Promise.all(
      ["a", "b"].map((name) =>
        inCall(async () => {
          const call = { kind: "resource", resource: resource({ type: QUEUE, name }) } as const;
          beginCall(call);
          for (let turn = 0; turn < 3; turn++) await Promise.resolve();
          return currentCall() === call;
        }),
      ),
    );
    expect(seen).toEqual([true, true]);
    expect(currentCall()).toBeUndefined();
  });
});

describe("resources that the engine asks about concurrently", () => {
  let pack: PackProcess;
  beforeAll(async () => {
    pack = await PackProcess.start(new URL("../../../policy/", import.meta.url));
  });
  afterAll(() => pack.stop());

  it("are each judged by the controls of their type", async () => {
    const open = JSON.stringify({
      Statement: { Sid: "S", Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" },
    });
    const trust = JSON.stringify({
      Statement: { Sid: "S", Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
    });
    const asked = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? { type: "aws:sqs/queuePolicy:QueuePolicy", name: `queue-${index}`, props: { policy: open } }
        : { type: ROLE, name: `role-${index}`, props: { assumeRolePolicy: trust } },
    );
    const answers = await Promise.all(asked.map((each) => pack.analyze(each)));
    for (const [index, diagnostics] of answers.entries()) {
      expect(diagnostics.map(({ policy }) => policy)).toContain(
        index % 2 === 0 ? "policy-any-principal" : "iam-trust-principal",
      );
    }
  });

  it("are judged even if the policy that begins the call is disabled", async () => {
    await pack.configure({ "pack-settings": { level: "disabled" } });
    const props = { policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }) };
    const diagnostics = await pack.analyze({ type: "aws:iam/rolePolicy:RolePolicy", name: "open", props });
    expect(diagnostics.map(({ policy }) => policy)).toContain("iam-administrator");
  });
});
