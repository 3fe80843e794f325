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
    ["one whose value is unknown", { type: "SecureString", name: "/db/password", value: UNKNOWN }],
    ["what is no secret", { type: "String", name: "/app/log-level", value: "INFO" }],
    [
      "what is no secret by its name, while its value is unknown",
      { type: "String", name: "/app/table", value: UNKNOWN },
    ],
    [
      "a name below a path that speaks of secrets",
      { type: "String", name: "/secrets/region", value: "eu-west-1" },
    ],
    [
      "where a secret is kept",
      { type: "String", name: "/db/password", value: "arn:aws:secretsmanager:::secret:db" },
    ],
  ])("accepts %s", (_, props) => {
    expect(judgeParameter(props).outcome).toBe("compliant");
  });

  it.each([
    ["a secret by its name", { type: "String", name: "/db/password", value: "hunter2" }],
    ["in a list", { type: "StringList", name: "/api/tokens", value: "abc,def" }],
    ["in the open on purpose", { type: "String", name: "/db/password", insecureValue: "hunter2" }],
    ["a credential by its form", { type: "String", name: "/app/config", value: ACCESS_KEY }],
  ])("refuses %s as plain text, without quoting it", (_, props) => {
    const verdict = judgeParameter(props);
    expect(findingsOf(verdict)).toEqual(["subject Type::plain"]);
    expect(verdict.findings[0]?.message).toBe(
      "`type` must be SecureString: the name or the value suggests a secret.",
    );
  });

  it("goes by the logical name where the parameter's own is unknown", () => {
    const parameter = (name: string) =>
      resource({
        type: "aws:ssm/parameter:Parameter",
        name,
        props: { type: "String", name: UNKNOWN, value: "hunter2" },
      });
    expect(judge(ssmSecureString, parameter("db-password")).outcome).toBe("violation");
    expect(judge(ssmSecureString, parameter("db-host")).outcome).toBe("compliant");
  });

  it("does not judge an unknown value under a name of a secret, nor an unknown type", () => {
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
