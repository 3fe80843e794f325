import { PolicyPack } from "@pulumi/policy";
import { z } from "zod";
import {
  type ControlMetadata,
  defineResourceControl,
  defineStackControl,
  noParameters,
} from "../../../../policy/engine/control.ts";
import { violation } from "../../../../policy/engine/judgement.ts";
import { policiesOf } from "../../../../policy/engine/pack.ts";
import { judgeEach } from "../../../../policy/engine/stack.ts";

const TYPES = ["test:index:Thing"];

const metadata = (id: string, name: string): ControlMetadata => ({
  id,
  name,
  title: `Rule ${id}.`,
  severity: "high",
  level: "mandatory",
  why: "This is a test.",
  remediation: "Fix it.",
  url: "https://example.com",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["test"],
  types: TYPES,
});

const limit = defineResourceControl({
  ...metadata("TEST-001", "limit"),
  parameters: z.strictObject({ maximum: z.number().default(10).describe("Largest size.") }),
  *check({ props }, { parameters }) {
    if ((props.number("size") ?? 0) > parameters.maximum) {
      yield violation({ key: "Size::large", message: "`size` must be small." });
    }
  },
});

const fault = defineResourceControl({
  ...metadata("TEST-002", "fault"),
  parameters: noParameters,
  check({ props }) {
    if (props.has("breaks")) throw new TypeError(`secret ${props.string("breaks")}`);
    return [];
  },
});

const remedy = defineResourceControl({
  ...metadata("TEST-003", "remedy"),
  parameters: noParameters,
  *check({ props }) {
    if (props.boolean("safe") !== true)
      yield violation({ key: "Safe::off", message: "`safe` must be true." });
  },
  remediate: () => ({ safe: true }),
});

const graph = defineStackControl({
  ...metadata("TEST-004", "graph"),
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(TYPES), function* (thing) {
      if (thing.props.string("label") === "alone") {
        yield violation({ key: "Label::alone", message: "`label` must not be set." });
      }
    }),
});

new PolicyPack("framework-pack", { policies: policiesOf([limit, fault, remedy, graph]) });
