import { it } from "vitest";
import { runProgram, EMAIL, KEY_ARN } from "../support/program.ts";
it("x", async () => {
  const all = new Set<string>();
  for (const notices of ["digest","every"]) {
  const p = await runProgram({ stack: "production", config: { email: EMAIL, keyArn: KEY_ARN, permissionsBoundary: "arn:aws:iam::123456789012:policy/x", delivery:"true", inventory:"daily", notices, onDelete:"remove", recordTags:'["a"]', corsAllowedOrigins:'["https://www.example.com"]', reservedConcurrency:"20" }, preview: true});
  for (const r of p.resources) if (r.type.includes("iam/rolePolicy")) for (const s of JSON.parse(String(r.inputs["policy"])).Statement) all.add(r.name+" "+JSON.stringify([s.Action,s.Resource,s.Condition]));
  if (notices==="digest") { console.log([...new Set(p.resources.filter(r=>r.custom).map(r=>r.type))].sort().join("\n")); 
   console.log(p.resources.filter(r=>r.type.includes("iam/role:")).map(r=>JSON.stringify(r.inputs)).join("\n")); }
  }
  console.log([...all].join("\n"));
});
