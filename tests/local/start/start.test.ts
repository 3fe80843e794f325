import { existsSync } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { rawIn } from "../../support/hostile-texts.ts";
import { runBotocore } from "../support/botocore.ts";
import { Checkout, type Command } from "../support/checkout.ts";
import { OUTCOME_TIMEOUT_MS } from "../support/emulated-aws.ts";
import { gradient } from "../support/test-images.ts";

vi.setConfig({ testTimeout: OUTCOME_TIMEOUT_MS, hookTimeout: OUTCOME_TIMEOUT_MS });

let checkout: Checkout;
let start: Command;
let photo: Buffer;
beforeAll(async () => {
  checkout = await Checkout.make();
  photo = await gradient(900, 600).jpeg().toBuffer();
  await mkdir(join(checkout.folder, "drop", "holiday"), { recursive: true });
  await writeFile(join(checkout.folder, "drop", "holiday", "early.jpg"), photo);
  await writeFile(join(checkout.folder, "late one.jpg"), photo);
  await writeFile(join(checkout.folder, "text.jpg"), "no picture");
  start = checkout.run("local/start/start.ts");
  await start.says("The pipeline is ready");
});
afterAll(() => checkout?.remove());

/** What other commands are told, in files beside each other. */
const state = (name: string): string => join(checkout.folder, ".cache", "local", name);

const RENDITIONS = "6 renditions of a 900 x 600 JPEG";

test("it says where things are, and how to look at them", () => {
  expect(start.stdout).toMatch(/originals go to {7}s3:\/\/image-pipeline-local-source-[0-9a-f]{10}\n/);
  expect(start.stdout).toMatch(
    /\n {2}AWS_CONFIG_FILE="\/\S+" aws --profile image-pipeline \\\n {4}--region us-east-1 --endpoint-url https:\/\/127\.0\.0\.1:\d+ \\\n {4}--ca-bundle \S+ \\\n {4}s3 ls --recursive s3:/,
  );
  expect(start.stdout).toContain("npm run upload -- FILE...");
  expect(start.stderr).toBe("");
});

test("the AWS CLI's core finds the pipeline by what is printed, against the user's variables", async () => {
  const printed = (pattern: RegExp): string => pattern.exec(start.stdout)?.[1] ?? "";
  const list = (session: string) => `
client = botocore.session.${session}.create_client("s3", region_name="${printed(/--region (\S+)/)}",
  endpoint_url="${printed(/--endpoint-url (\S+)/)}", verify="${printed(/--ca-bundle (\S+)/)}")
print(client.list_objects_v2(Bucket="${printed(/renditions come to {4}s3:\/\/(\S+)/)}")["ResponseMetadata"]["HTTPStatusCode"])`;
  const environment = {
    AWS_CONFIG_FILE: printed(/AWS_CONFIG_FILE="([^"]+)"/),
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_CA_BUNDLE: "/nowhere.pem",
    AWS_REGION: "eu-west-1",
  };
  expect(await runBotocore(list('Session(profile="image-pipeline")'), environment)).toBe("200");
  await expect(runBotocore(list("get_session()"), environment)).rejects.toThrow("InvalidAccessKeyId");
});

test.skipIf(process.platform === "win32")(
  "the emulator's secret is in files of this user alone, and not in what is printed",
  async () => {
    const { pipeline } = z
      .object({ pipeline: z.object({ credentials: z.object({ secretAccessKey: z.string() }) }) })
      .parse(JSON.parse(await readFile(state("running.json"), "utf8")));
    const { secretAccessKey } = pipeline.credentials;
    expect(await readFile(state("aws-config"), "utf8")).toContain(secretAccessKey);
    for (const name of ["running.json", "aws-config", "emulator.log"]) {
      expect([name, (await stat(state(name))).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(start.stdout + start.stderr).not.toContain(secretAccessKey);
  },
);

test("files in the drop folder are uploaded, those that were there before and new ones", async () => {
  await start.says("holiday/early.jpg: mailed");
  expect(start.stdout).toContain(`holiday/early.jpg: ${RENDITIONS}`);
  await mkdir(join(checkout.folder, "drop", "new"));
  await writeFile(join(checkout.folder, "drop", "new", "dropped.jpg"), photo);
  await start.says("new/dropped.jpg: mailed");
  await start.says('| "new/dropped.jpg" was processed in');
  expect(start.stdout).toContain("| To: you@example.com\n");
});

test("a file's name forges no line, in either window", async () => {
  const [name, shown] = ["x\u{1B}[2J\u{202E}gpj.jpg", "x\\u{1b}[2J\\u{202e}gpj.jpg"];
  await writeFile(join(checkout.folder, "drop", name), photo);
  await start.says(`${shown}: mailed`);
  await start.says(`| "${shown}" was processed in`);
  const key = "y\u{9B}2J\u{2028}z.jpg: uploaded";
  const uploaded = await checkout.run("local/start/upload.ts", "text.jpg", "--key", key).finished;
  expect(uploaded.stdout.split("\n")[0]).toBe("y\\u{9b}2J\\u{2028}z.jpg: uploaded: uploaded");
  const absent = await checkout.run("local/start/upload.ts", "\u{1B}[2J\nabsent.jpg").finished;
  expect(absent.stderr).toMatch(
    /\/\\u\{1b\}\[2J\\u\{a\}absent\.jpg: expected a file, but there is nothing\.\n$/,
  );
  for (const printed of [start.stdout, start.stderr, uploaded.stdout, uploaded.stderr, absent.stderr]) {
    expect(rawIn(printed)).toBeUndefined();
  }
});

test("a second start says what to do", async () => {
  const { code, stdout, stderr } = await checkout.run("local/start/start.ts").finished;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^The pipeline runs already, since .*, as process \d+\. Upload with `npm run upload -- FILE`, or stop it with Ctrl-C in its window first\.\n$/,
  );
});

test("a file can be uploaded from another window, and is told of in both", async () => {
  const { code, stdout, stderr } = await checkout.run("local/start/upload.ts", "late one.jpg").finished;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.split("\n").filter((line) => line.startsWith("late one.jpg: "));
  expect(lines).toEqual([
    "late one.jpg: uploaded",
    expect.stringMatching(/: received, [\d.]+ KiB$/),
    expect.stringContaining(`late one.jpg: ${RENDITIONS} in `),
    "late one.jpg: mailed",
  ]);
  await start.says("late one.jpg: mailed");
});

test("uploads have the key that is asked for, and the command fails when one of them does", async () => {
  const single = await checkout.run("local/start/upload.ts", "late one.jpg", "--key", "a/b.jpg").finished;
  expect(single.stdout).toContain("a/b.jpg: mailed\n");
  const both = await checkout.run("local/start/upload.ts", "late one.jpg", "text.jpg").finished;
  expect(both.code).toBe(1);
  expect(both.stdout).toContain(`late one.jpg: ${RENDITIONS}`);
  expect(both.stdout).toContain("text.jpg: FAILED, recorded: UNSUPPORTED_FORMAT\n");
});

test.for([
  ["no file", [], /^Expected at least one FILE\.\n\nnpm run upload -- FILE/],
  [
    "one key for two files",
    ["text.jpg", "late one.jpg", "--key", "a"],
    /^--key takes a single FILE, but there are 2\.\n$/,
  ],
  [
    "two files of one name",
    ["text.jpg", "./text.jpg"],
    /^Two files would be text\.jpg: upload them one by one, with --key\.\n$/,
  ],
  ["a file that is not there", ["absent.jpg"], /\/absent\.jpg: expected a file, but there is nothing\.\n$/],
  [
    "a key that is too long",
    ["text.jpg", "--key", "k".repeat(1025)],
    /^The key k+ has 1025 bytes; S3 allows 1 to 1024\.\n$/,
  ],
  [
    "an unknown option",
    ["text.jpg", "--colour"],
    /^Unknown option '--colour'[\s\S]*\n\nnpm run upload -- FILE/,
  ],
] as const)("an upload with %s is refused in a sentence", async ([, args, message]) => {
  const { code, stderr } = await checkout.run("local/start/upload.ts", ...args).finished;
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n {4}at /);
});

test("Ctrl-C stops it, with everything it started", async () => {
  const { pipeline } = z
    .object({ pipeline: z.object({ authorityFile: z.string() }) })
    .parse(JSON.parse(await readFile(state("running.json"), "utf8")));
  expect(existsSync(pipeline.authorityFile)).toBe(true);
  start.process.kill("SIGINT");
  const { code, stdout, stderr } = await start.finished;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/\nStopping\.\n$/);
  expect(existsSync(pipeline.authorityFile)).toBe(false);
  expect(existsSync(state("running.json"))).toBe(false);
  expect(existsSync(state("aws-config"))).toBe(false);
  expect(existsSync(join(checkout.folder, "drop", "holiday", "early.jpg"))).toBe(true);

  const upload = await checkout.run("local/start/upload.ts", "text.jpg").finished;
  expect(upload).toMatchObject({
    code: 1,
    stderr: "No pipeline runs here: start one with `npm start`, and run this again in another window.\n",
  });
});

test("a setting that is wrong is told in a sentence, and nothing stays running", async () => {
  const wrong = await checkout.run("local/start/start.ts", "--set", "memoryMb=1").finished;
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(
    /^The configuration of this stack has 1 problem:\n {2}- image-pipeline:memoryMb: /,
  );
  expect(wrong.stderr).not.toMatch(/\n {4}at /);
  const unclear = await checkout.run("local/start/start.ts", "--set", "memoryMb").finished;
  expect(unclear.stderr).toMatch(/^--set memoryMb: expected KEY=VALUE\.\n/);
  await vi.waitFor(() => expect(existsSync(state("running.json"))).toBe(false));
});
