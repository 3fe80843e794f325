import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { markSecrets, redact, revealSecrets } from "../../../local/start/secrets.ts";

/** As Pulumi sends a secret. */
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

test("secrets are revealed wherever they are, and the properties that hold them are told", () => {
  const archive = new pulumi.asset.FileArchive("a.zip");
  const revealed = revealSecrets({
    endpoint: secret("me@example.com"),
    list: [{ inner: secret({ deep: "hidden" }) }, "open"],
    again: "me@example.com",
    plain: "open",
    archive,
  });
  expect(revealed.properties).toEqual({
    endpoint: "me@example.com",
    list: [{ inner: { deep: "hidden" } }, "open"],
    again: "me@example.com",
    plain: "open",
    archive,
  });
  expect(revealed.properties["archive"]).toBe(archive);
  expect([...revealed.secrets]).toEqual(["me@example.com", "hidden"]);
  expect([...revealed.secretKeys]).toEqual(["endpoint", "list", "again"]);
});

test("outputs of secret inputs are secret again", async () => {
  const marked = markSecrets({ endpoint: "me@example.com", arn: "a" }, new Set(["endpoint"]));
  expect(await pulumi.isSecret(pulumi.output(marked["endpoint"]))).toBe(true);
  expect(marked["arn"]).toBe("a");
});

test("a text is cleared of every secret", () => {
  expect(redact("a secret, the secret and $&", ["secret", "", "$&"], "[secret]")).toBe(
    "a [secret], the [secret] and [secret]",
  );
});
