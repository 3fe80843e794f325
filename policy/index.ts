import { PolicyPack } from "@pulumi/policy";
import { controls } from "./controls/index.ts";
import { policiesOf } from "./engine/pack.ts";

// The SDK starts its server here and reads the pack's version from package.json in the working directory.
new PolicyPack("aws-least-privilege", {
  displayName: "AWS least privilege and encryption",
  description: "What IAM documents allow, who may use resources, and what encrypts them.",
  provider: "aws",
  tags: ["iam", "least-privilege", "encryption"],
  enforcementLevel: "mandatory",
  policies: policiesOf(controls),
});
