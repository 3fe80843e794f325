import { it } from "vitest";
import { runProgram } from "../support/program.ts";
import { controls } from "../../policy/controls/index.ts";
import { inputsOf, statesOf } from "../policy/support/program-subjects.ts";
import { judge } from "../policy/support/subject.ts";
it("b", async () => {
  const p = await runProgram({ program: "bootstrap", stack: "ci", config: { repository: "o/r", stack: "production", stateBucket: "my-state", delivery: "true" }});
  console.log(p.resources.map(r => r.type+" "+r.name).join("\n"), p.outputs);
  for (const c of controls) { if (c.level==="disabled") continue;
    const subjects = c.kind==="stack" ? [statesOf(p)] : inputsOf(p).filter(({type})=>c.types.includes(type));
    for (const s of subjects) { const v = judge(c, s as never); for (const f of v.findings) console.log(c.id, c.name, c.level, f.resource?.name, f.key, f.message); for (const n of v.notJudged) console.log("NOTJUDGED", c.name, n.resource?.name, n.path); }
  }
});
