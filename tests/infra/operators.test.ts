import { describe, expect, test } from "vitest";
import { callerPatterns, denyChanges } from "../../infra/operators.ts";
import { documentOf, EMAIL, resourceNamed, runProgram } from "../support/program.ts";

const ACCOUNT = "123456789012";
const SOURCE = "arn:aws:s3:::image-pipeline-dev-source-4e7c35c07b";

describe("who runs the program", () => {
  test.each([
    [
      "a session of a role, which may have a path",
      `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ada@example.com`,
      [
        `arn:aws:iam::${ACCOUNT}:role/AWSReservedSSO_Admin_0123456789abcdef`,
        `arn:aws:iam::${ACCOUNT}:role/*/AWSReservedSSO_Admin_0123456789abcdef`,
      ],
    ],
    [
      "a session in China",
      `arn:aws-cn:sts::${ACCOUNT}:assumed-role/Deployer/ada`,
      [`arn:aws-cn:iam::${ACCOUNT}:role/Deployer`, `arn:aws-cn:iam::${ACCOUNT}:role/*/Deployer`],
    ],
    ["a user", `arn:aws:iam::${ACCOUNT}:user/team/ada`, [`arn:aws:iam::${ACCOUNT}:user/team/ada`]],
    ["the account's root", `arn:aws:iam::${ACCOUNT}:root`, [`arn:aws:iam::${ACCOUNT}:root`]],
    [
      "a federated user",
      `arn:aws:sts::${ACCOUNT}:federated-user/ada`,
      [`arn:aws:sts::${ACCOUNT}:federated-user/ada`],
    ],
  ])("is %s", (_, callerArn, patterns) => {
    expect(callerPatterns(callerArn)).toEqual(patterns);
  });
});

describe("images that serve as watermarks", () => {
  const renditions = JSON.stringify([
    { name: "shown", width: 800, formats: ["webp"], watermark: { image: "brand/logo.png" } },
    { name: "large", width: 1600, formats: ["webp"], watermark: { image: "brand/logo.png" } },
    { name: "sold", width: 800, formats: ["webp"], watermark: { image: "brand/sold out*.png" } },
    { name: "said", width: 800, formats: ["webp"], watermark: { text: "Ada" } },
  ]);

  test("are changed by operators alone, whatever characters their keys have", async () => {
    const operators = `["arn:aws:iam::${ACCOUNT}:role/Brand"]`;
    const program = await runProgram({ config: { email: EMAIL, renditions, operators } });
    expect(documentOf(resourceNamed(program, "source-policy"))).toMatchObject({
      Statement: [
        {
          Sid: "DenyChangesOfWatermarks",
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"],
          Resource: [`${SOURCE}/brand/logo.png`, `${SOURCE}/brand/sold out\${*}.png`],
          Condition: {
            Bool: { "aws:PrincipalIsAWSService": "false" },
            ArnNotLike: { "aws:PrincipalArn": [`arn:aws:iam::${ACCOUNT}:role/Brand`] },
          },
        },
        { Sid: "DenyPlainTransport" },
        {},
        {},
        {},
        {},
      ],
    });
    expect(JSON.stringify(documentOf(resourceNamed(program, "destination-policy")))).not.toContain(
      "Watermark",
    );
  });

  test("are not looked for where no spec has one", async () => {
    expect(JSON.stringify(documentOf(resourceNamed(await runProgram(), "source-policy")))).not.toContain(
      "Watermark",
    );
    expect(denyChanges(SOURCE, [], ["arn:aws:iam::123456789012:role/Brand"])).toEqual([]);
  });

  test("have no character of their keys read as a pattern or a variable", () => {
    const [statement] = denyChanges(SOURCE, ["what?/$100/*"], []);
    expect(statement?.resources).toEqual([`${SOURCE}/what\${?}/\${$}100/\${*}`]);
  });
});
