import { describe, expect, test } from "vitest";
import { asSender, OperatorError } from "../../operator/errors.ts";

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

describe("sending to the queue", () => {
  test("answers as AWS does", async () => {
    expect(await asSender(Promise.resolve("sent"))).toBe("sent");
  });

  test.each(["AccessDenied", "AccessDeniedException"])("explains %s by who may send", async (name) => {
    const refused = asSender(Promise.reject(named(name, "explicit deny in a resource-based policy")));
    await expect(refused).rejects.toThrow(OperatorError);
    await expect(refused).rejects.toThrow(
      `AWS answered ${name}: explicit deny in a resource-based policy\nWhoever sends messages must be named by the stack: ` +
        "`pulumi config set --path 'operators[0]' ARN` with the ARN of your IAM role or user, then `pulumi up`; " +
        "where `operators` is not set, it is who ran `pulumi up` last.",
    );
  });

  test("hands on every other error as it is", async () => {
    const error = named("QueueDoesNotExist", "gone");
    await expect(asSender(Promise.reject(error))).rejects.toBe(error);
  });
});
