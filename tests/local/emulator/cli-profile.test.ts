import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeProfile, writeProfile } from "../../../local/emulator/cli-profile.ts";
import { SOME_OUTPUTS } from "../../operator/support.ts";

const RUNNING = {
  endpoint: "https://127.0.0.1:4566",
  authorityFile: "/tmp/authority.pem",
  credentials: { accessKeyId: "AKIA0123456789ABCDEF", secretAccessKey: "secret of this run" },
  region: "us-east-1",
  outputs: SOME_OUTPUTS,
};

let folder = "";
let file = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "profile-"));
  file = join(folder, "aws-config");
});
afterEach(() => rm(folder, { recursive: true }));

test("it holds all that the AWS CLI needs, until it is removed", async () => {
  writeProfile(RUNNING, file);
  expect(await readFile(file, "utf8")).toBe(
    "[profile image-pipeline]\nregion = us-east-1\nendpoint_url = https://127.0.0.1:4566\n" +
      "ca_bundle = /tmp/authority.pem\naws_access_key_id = AKIA0123456789ABCDEF\n" +
      "aws_secret_access_key = secret of this run\n",
  );
  removeProfile(file);
  expect(existsSync(file)).toBe(false);
});

test("an endpoint of the user's own gets none", () => {
  writeProfile({ ...RUNNING, credentials: undefined }, file);
  expect(existsSync(file)).toBe(false);
});

test.skipIf(process.platform === "win32")(
  "no other user reads it, even where everyone could read the one before",
  async () => {
    await writeFile(file, "left behind", { mode: 0o644 });
    const mask = process.umask(0);
    try {
      writeProfile(RUNNING, file);
    } finally {
      process.umask(mask);
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).not.toContain("left behind");
  },
);
