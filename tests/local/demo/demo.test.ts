import { expect, test } from "vitest";
import { Checkout } from "../support/checkout.ts";
import { OUTCOME_TIMEOUT_MS } from "../support/emulated-aws.ts";

test("the demo tells what becomes of each file, and ends by itself", {
  timeout: 2 * OUTCOME_TIMEOUT_MS,
}, async () => {
  const checkout = await Checkout.make();
  try {
    const { code, stdout, stderr } = await checkout.run("local/demo/demo.ts").finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = stdout.split("\n").filter((line) => line.startsWith("ok  "));
    expect(rows).toHaveLength(10);
    expect(rows[0]).toMatch(/holiday\/day 1\/IMG_0001\.JPG .* jpeg 4000 x 6000 .* 6 renditions /);
    expect(stdout).toMatch(/\nEvery rendition, record and mail is as it must be\.\n$/);
  } finally {
    await checkout.remove();
  }
});
