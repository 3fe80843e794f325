import { SSM_PARAMETER } from "../../aws/resource-types.ts";
import { isCredential, isPointer, namesSecret } from "../../aws/secrets.ts";
import { defineResourceControl, noParameters } from "../../engine/control.ts";
import { violation } from "../../engine/judgement.ts";

export const ssmSecureString = defineResourceControl({
  id: "SSM-001",
  name: "ssm-secure-string",
  title: "Secrets in Parameter Store are SecureStrings.",
  severity: "high",
  level: "mandatory",
  why: "A parameter of the type String is stored in plain text and shown to anyone who may read parameters.",
  remediation: "Set type to SecureString, and set keyId to a customer-managed key.",
  url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-securestring.html",
  mappings: { fsbp: [], cis: [], nist: [] },
  services: ["ssm"],
  types: SSM_PARAMETER,
  parameters: noParameters,
  *check({ name, props }) {
    if (props.string("type") === "SecureString") return;
    const called = props.isUnknown("name") ? name : (props.string("name") ?? name);
    const isSecretByName = namesSecret(called.split("/").at(-1) ?? "");
    const property = props.has("insecureValue") ? "insecureValue" : "value";
    // An unknown value matters only if the name suggests a secret.
    if (props.isUnknown(property) && !isSecretByName) return;
    const value = props.string(property) ?? "";
    if (!isCredential(value) && (!isSecretByName || isPointer(value))) return;
    yield violation({
      key: "Type::plain",
      message: "`type` must be SecureString: the name or the value suggests a secret.",
    });
  },
});
