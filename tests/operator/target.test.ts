import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, test, vi } from "vitest";
import { asOperatorError, OperatorError } from "../../operator/errors.ts";
import { localTarget, stackTarget, targetOfOutputs } from "../../operator/target.ts";
import { SOME_OUTPUTS } from "./support.ts";

const outputs = { ...SOME_OUTPUTS, dashboardUrl: "https://example.com" };

test("a deployed stack is worked on in the region of its queue", async () => {
  const target = targetOfOutputs("dev", JSON.stringify(outputs));
  expect([target.name, target.region, await target.s3.config.region()]).toEqual([
    "the stack dev",
    "eu-central-1",
    "eu-central-1",
  ]);
  target.close();
});

test("a stack without outputs is told by name", () => {
  expect(() => targetOfOutputs("dev", JSON.stringify({ sourceBucket: "source" }))).toThrow(
    /^The stack dev has no usable destinationBucket, topicArn, .* among its outputs: is it deployed, and of this project\?$/,
  );
});

test("without a stack and a pipeline both ways are told", () => {
  expect(() => localTarget("/nowhere/running.json")).toThrow(
    "No pipeline runs here, and no stack is named. Start one with `npm start`, or name a stack: `-- --stack dev`.",
  );
});

test.each([
  [
    Object.assign(new Error("Could not load credentials from any providers"), {
      name: "CredentialsProviderError",
    }),
    /^AWS credentials were not found\. Sign in \(`aws sso login`/,
  ],
  [
    Object.assign(new Error("not authorized"), {
      name: "AccessDeniedException",
      $fault: "client",
      $metadata: {},
    }),
    /^AWS answered AccessDeniedException: not authorized$/,
  ],
  [
    Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), {
      code: "ECONNREFUSED",
      syscall: "connect",
    }),
    /^AWS can't be reached: connect ECONNREFUSED/,
  ],
])("what AWS or the network says is a sentence, without a stack trace", (error, sentence) => {
  const shown = asOperatorError(error);
  expect(shown).toBeInstanceOf(OperatorError);
  expect(shown).toMatchObject({ message: expect.stringMatching(sentence), cause: error });
});

test("a bug stays what it is", () => {
  const bug = new TypeError("x is not a function");
  expect(asOperatorError(bug)).toBe(bug);
});

test.skipIf(process.platform === "win32")(
  "the Pulumi CLI that is installed is asked, not npm's package, which would download one",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-"));
    const path = process.env["PATH"] ?? "";
    try {
      await writeFile(join(folder, "pulumi"), `#!/bin/sh\necho '${JSON.stringify(outputs)}'\n`, {
        mode: 0o755,
      });
      vi.stubEnv(
        "PATH",
        [join(import.meta.dirname, "..", "..", "node_modules", ".bin"), folder, path].join(delimiter),
      );
      const target = await stackTarget("dev");
      expect(target.outputs.tableName).toBe("assets");
      target.close();
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  },
);
