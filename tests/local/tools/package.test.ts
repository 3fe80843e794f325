import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sizeText } from "../../../handler/core/byte-size.ts";
import { Checkout } from "../support/checkout.ts";
import { OUTCOME_TIMEOUT_MS } from "../support/emulated-aws.ts";

const HERE = process.arch === "arm64" ? "arm64" : "x86_64";

test("the package command makes the zip and tells what is in it", {
  timeout: 2 * OUTCOME_TIMEOUT_MS,
}, async () => {
  const checkout = await Checkout.make();
  try {
    const { code, stdout, stderr } = await checkout.run("local/tools/package.ts", "--architecture", HERE)
      .finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const zip = join(".cache", "handler", `${HERE}.zip`);
    const size = sizeText(statSync(join(checkout.folder, zip)).size);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toBe(`${zip}  for ${HERE}`);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}index\.mjs +[\d.]+ MiB$/));
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}@img\/sharp-linux-\w+ +[\d.]+ KiB {2}in \d+ files$/),
    );
    expect(lines.at(-1)).toMatch(
      new RegExp(`^${size.replace(".", "\\.")} zipped, [\\d.]+ MiB unzipped, SHA-256 [0-9a-f]{64}$`),
    );

    const wrong = await checkout.run("local/tools/package.ts", "--architecture", "z80").finished;
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^--architecture z80: expected arm64 or x86_64\.\n/),
    });
  } finally {
    await checkout.remove();
  }
});
