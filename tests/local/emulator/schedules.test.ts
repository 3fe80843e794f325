import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const PYTHON = join(
  ROOT,
  ".cache",
  "venv",
  ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
);

/** Runs an expression with the emulator's schedules, and reads the JSON that it makes. */
const evaluate = async (expression: string): Promise<unknown> => {
  const script = [
    "import json, sys",
    `sys.path.insert(0, ${JSON.stringify(join(ROOT, "local", "emulator"))})`,
    "from datetime import datetime, timezone",
    "import schedules",
    `print(json.dumps(${expression}))`,
  ].join("\n");
  const { stdout } = await promisify(execFile)(PYTHON, ["-B", "-c", script], {
    env: { PATH: process.env["PATH"] },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
};

const dueAfter = (last: string, expression: string, zone: string): string =>
  `(lambda due: due and due.astimezone(timezone.utc).isoformat())(schedules.next_time({"ScheduleExpression": "${expression}", "ScheduleExpressionTimezone": "${zone}"}, datetime.fromisoformat("${last}")))`;

test("schedules are due when AWS has them due, in their own time zone", async () => {
  const last = "2026-11-25T07:30:00+00:00";
  const cases: readonly [string, string, string | null][] = [
    ["cron(0 8 * * ? *)", "UTC", "2026-11-25T08:00:00+00:00"],
    ["cron(0 8 * * ? *)", "Europe/Berlin", "2026-11-26T07:00:00+00:00"],
    ["cron(0 8 ? * MON *)", "Asia/Tokyo", "2026-11-29T23:00:00+00:00"],
    ["cron(0 * * * ? *)", "UTC", "2026-11-25T08:00:00+00:00"],
    ["rate(10 minutes)", "UTC", "2026-11-25T07:40:00+00:00"],
    ["at(2026-11-25T09:00:00)", "Europe/Berlin", "2026-11-25T08:00:00+00:00"],
    ["at(2026-11-25T08:00:00)", "Europe/Berlin", null],
    ["whenever", "UTC", null],
  ];
  const found = await evaluate(
    `[${cases.map(([expression, zone]) => dueAfter(last, expression, zone)).join(", ")}]`,
  );
  expect(found).toEqual(cases.map(([, , due]) => due));
});

test("an hour that clocks skip or repeat is due as on the wall", async () => {
  const found = await evaluate(
    `[${[
      dueAfter("2026-10-24T06:00:00+00:00", "cron(0 8 * * ? *)", "Europe/Berlin"),
      dueAfter("2026-10-25T06:00:00+00:00", "cron(0 8 * * ? *)", "Europe/Berlin"),
    ].join(", ")}]`,
  );
  expect(found).toEqual(["2026-10-25T07:00:00+00:00", "2026-10-25T07:00:00+00:00"]);
});

test("what is handed over has its context attributes, the time in UTC", async () => {
  const text = await evaluate(
    `schedules.with_attributes("<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.attempt-number> <other>", {"Arn": "arn:x"}, datetime.fromisoformat("2026-11-25T09:00:00+01:00"))`,
  );
  expect(text).toBe("arn:x 2026-11-25T08:00:00Z 1 <other>");
});
