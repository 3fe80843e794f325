import { expect, test } from "vitest";
import { linesAbout, parseLogLine } from "../../../operator/health/log-line.ts";

const line = (fields: Record<string, unknown>) => {
  const parsed = parseLogLine(JSON.stringify({ level: "INFO", message: "m", timestamp: "t", ...fields }));
  if (parsed === undefined) {
    throw new Error("It is a line.");
  }
  return parsed;
};

test("lines of the runtime and of metrics are no lines of the handler", () => {
  expect(parseLogLine("START RequestId: 1")).toBeUndefined();
  expect(parseLogLine('{"_aws":{},"ImagesProcessed":1}')).toBeUndefined();
  expect(parseLogLine("null")).toBeUndefined();
});

test("an error keeps its code and its causes", () => {
  const error = {
    name: "PipelineError",
    message: "no",
    code: "READ_FAILED",
    cause: { name: "A", message: "b" },
  };
  expect(line({ error }).error).toEqual(error);
  expect(line({ error: { ...error, cause: "a text" } }).error).toEqual({ ...error, cause: undefined });
});

test("lines about an original are those that name it, and those of its message that name none", () => {
  const own = line({ imageKey: "a.jpg", messageId: "1" });
  const givenBack = line({
    messageId: "1",
    error: { name: "E", message: "The notice could not be published." },
  });
  const told = line({ messageId: "2", error: { name: "E", message: "a.jpg could not be read." } });
  const other = line({ imageKey: "b.jpg", messageId: "1" });
  const foreign = line({ messageId: "3", error: { name: "E", message: "b.jpg could not be read." } });
  expect(linesAbout([own, givenBack, told, other, foreign], "a.jpg")).toEqual([own, givenBack, told]);
});

test("lines about an original are found by its key as the log writes it", () => {
  const key = "a\u{202E}b\u{1B}\nc.jpg";
  const named = line({ imageKey: "a\\u{202e}b\\u{1b}\nc.jpg" });
  const told = line({
    error: { name: "E", message: "a\\u{202e}b\\u{1b}\\u{a}c.jpg could not be read.", code: "READ_FAILED" },
  });
  expect(linesAbout([named, told, line({ imageKey: "other.jpg" })], key)).toEqual([named, told]);
});
