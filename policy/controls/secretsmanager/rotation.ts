import { SECRET, SECRET_ROTATION } from "../../aws/resource-types.ts";
import { defineStackControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";
import { judgeEach } from "../../engine/stack.ts";

export const secretsmanagerRotation = defineStackControl({
  id: "SECRETSMANAGER-001",
  name: "secretsmanager-rotation",
  title: "Secrets in Secrets Manager are rotated.",
  severity: "medium",
  level: "advisory",
  why: "Anyone who once obtained a secret that never changes can use it forever.",
  remediation:
    "Add an aws.secretsmanager.SecretRotation, or exempt a secret that someone else has to rotate.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html#secretsmanager-1",
  mappings: { fsbp: ["SecretsManager.1"], cis: [], nist: ["AC-2", "AC-3"] },
  services: ["secretsmanager"],
  types: SECRET,
  parameters: noParameters,
  check: (stack) =>
    judgeEach(stack.ofType(SECRET), function* (secret) {
      if (stack.attachedTo(secret, SECRET_ROTATION, "secretId").length > 0) return;
      yield violation({ key: "Rotation::missing", message: "The secret must be rotated." });
    }),
});
