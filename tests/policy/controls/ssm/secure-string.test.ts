import { describe, expect, it } from "vitest";
import { ssmSecureString } from "../../../../policy/controls/ssm/secure-string.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, resource, UNKNOWN } from "../../support/subject.ts";

const judgeParameter = (props: object) =>
  judge(ssmSecureString, resource({ type: "aws:ssm/parameter:Parameter", props }));
const ACCESS_KEY = ["AKIA", "IOSFODNN7EXAMPLE"].join("");

describe("SSM-001 ssm-secure-string", () => {
  it.each([
    ["a secret as a SecureString", { type: "SecureString", name: "/db/password", value: "hunter2" }],
    ["a SecureString with an unknown value", { type: "SecureString", name: "/db/password", value: UNKNOWN }],
    ["a parameter that is not a secret", { type: "String", name: "/app/log-level", value: "INFO" }],
    [
      "an unknown value, if the name does not suggest a secret",
      { type: "String", name: "/app/table", value: UNKNOWN },
    ],
    [
      "a harmless name below a path that contains the word secret",
      { type: "String", name: "/secrets/region", value: "eu-west-1" },
    ],
    [
      "a reference to a secret",
      { type: "String", name: "/db/password", value: "arn:aws:secretsmanager:::secret:db" },
    ],
  ])("accepts %s", (_, props) => {
    expect(judgeParameter(props).outcome).toBe("compliant");
  });

  it.each([
    ["a name that suggests a secret", { type: "String", name: "/db/password", value: "hunter2" }],
    [
      "a name that suggests a secret, of the type StringList",
      { type: "StringList", name: "/api/tokens", value: "abc,def" },
    ],
    [
      "a name that suggests a secret, with an insecureValue",
      { type: "String", name: "/db/password", insecureValue: "hunter2" },
    ],
    ["a value with the format of a credential", { type: "String", name: "/app/config", value: ACCESS_KEY }],
  ])("reports %s, without quoting the value", (_, props) => {
    const verdict = judgeParameter(props);
    expect(findingsOf(verdict)).toEqual(["subject Type::plain"]);
    expect(verdict.findings[0]?.message).toBe(
      "`type` must be SecureString: the name or the value suggests a secret.",
    );
  });

  it("uses the logical name while the parameter's name is unknown", () => {
    const parameter = (name: string) =>
      resource({
        type: "aws:ssm/parameter:Parameter",
        name,
        props: { type: "String", name: UNKNOWN, value: "hunter2" },
      });
    expect(judge(ssmSecureString, parameter("db-password")).outcome).toBe("violation");
    expect(judge(ssmSecureString, parameter("db-host")).outcome).toBe("compliant");
  });

  it("does not judge an unknown value if the name suggests a secret, or an unknown type", () => {
    expect(judgeParameter({ type: "String", name: "/db/password", value: UNKNOWN }).outcome).toBe(
      "not judged",
    );
    expect(judgeParameter({ type: UNKNOWN, name: "/db/password", value: "hunter2" }).outcome).toBe(
      "not judged",
    );
  });

  it("does not apply to other types", () => {
    const type = "aws:secretsmanager/secretVersion:SecretVersion";
    expect(judge(ssmSecureString, resource({ type })).outcome).toBe("not applicable");
  });

  proveControl(ssmSecureString);
});
