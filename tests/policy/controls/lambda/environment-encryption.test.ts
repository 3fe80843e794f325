import { describe, expect, it } from "vitest";
import { lambdaEnvironmentEncryption } from "../../../../policy/controls/lambda/environment-encryption.ts";
import { proveControl } from "../../support/proof.ts";
import { findingsOf, judge, remedy, resource, UNKNOWN } from "../../support/subject.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/7a0b6f2e-6e1b-4a53-9d36-0a3c1f3c7d11";
const environment = { variables: { LOG_LEVEL: "INFO" } };
const lambda = (props: object) => resource({ type: "aws:lambda/function:Function", props });
const judgeFunction = (props: object) => judge(lambdaEnvironmentEncryption, lambda(props));

describe("LAMBDA-004 lambda-environment-encryption", () => {
  it("accepts a customer-managed key", () => {
    expect(judgeFunction({ environment, kmsKeyArn: KEY }).outcome).toBe("compliant");
  });

  it.each([
    ["no key", undefined],
    ["an empty key", ""],
    ["the AWS-managed key", "arn:aws:kms:eu-west-1:111122223333:alias/aws/lambda"],
  ])("reports variables with %s", (_, kmsKeyArn) => {
    expect(findingsOf(judgeFunction({ environment, kmsKeyArn }))).toEqual([
      "subject Encryption::aws-managed-key",
    ]);
  });

  it("does not judge an unknown key or an unknown environment", () => {
    expect(judgeFunction({ environment, kmsKeyArn: UNKNOWN }).outcome).toBe("not judged");
    expect(judgeFunction({ environment: { variables: UNKNOWN } }).outcome).toBe("not judged");
  });

  it("does not apply to a function without variables", () => {
    for (const props of [{}, { environment: {} }, { environment: { variables: {} } }]) {
      expect(judgeFunction(props).outcome).toBe("not applicable");
    }
  });

  it("sets the key from the config when it remediates", () => {
    const parameters = { remediationKey: KEY };
    const remedied = remedy(lambdaEnvironmentEncryption, lambda({ environment }), { parameters });
    expect(remedied).toEqual({ kmsKeyArn: KEY });
    expect(remedy(lambdaEnvironmentEncryption, lambda({}), { parameters })).toEqual({});
    expect(remedy(lambdaEnvironmentEncryption, lambda({ environment }))).toEqual({});
    const keyed = lambda({ environment, kmsKeyArn: UNKNOWN });
    expect(remedy(lambdaEnvironmentEncryption, keyed, { parameters })).toEqual({});
  });

  proveControl(lambdaEnvironmentEncryption);
});
