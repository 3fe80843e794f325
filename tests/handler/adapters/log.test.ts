import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { powertoolsLog, powertoolsMetrics, powertoolsTrace } from "../../../handler/adapters/log.ts";
import { PipelineError } from "../../../handler/core/errors.ts";

const SETTINGS = { serviceName: "processor", metricsNamespace: "ImagePipeline", logLevel: "INFO" } as const;

let written: MockInstance[] = [];

beforeEach(() => {
  written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockReturnValue(true));
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Every JSON line that was written, in order of the streams. */
const lines = (): readonly unknown[] =>
  written.flatMap(({ mock }) => mock.calls).map(([line]) => JSON.parse(String(line)));

describe("powertoolsLog", () => {
  it("writes one JSON line with the service, the level and the fields", () => {
    powertoolsLog(SETTINGS).info("Image processed", { imageKey: "日/a+b.jpg", renditions: 6 });
    expect(lines()).toEqual([
      expect.objectContaining({
        level: "INFO",
        service: "processor",
        message: "Image processed",
        imageKey: "日/a+b.jpg",
        renditions: 6,
      }),
    ]);
  });

  it("writes the fields it carries on each line, and those of others on none", () => {
    const log = powertoolsLog(SETTINGS);
    const first = log.with({ messageId: "1" }).with({ imageKey: "a" });
    const second = log.with({ messageId: "2" });
    first.info("one");
    second.warn("two");
    log.info("three");
    const fieldsOf = (message: string) =>
      lines().find((line) => JSON.stringify(line).includes(`"message":"${message}"`));
    expect(fieldsOf("one")).toMatchObject({ messageId: "1", imageKey: "a" });
    expect(fieldsOf("two")).toMatchObject({ messageId: "2", level: "WARN" });
    expect(fieldsOf("two")).not.toHaveProperty("imageKey");
    expect(fieldsOf("three")).not.toHaveProperty("messageId");
  });

  it("writes an error with its code and its cause", () => {
    const cause = new Error("vendor");
    const error = new PipelineError("READ_FAILED", "a could not be read.", { cause });
    powertoolsLog(SETTINGS).error("The message goes back to the queue", error);
    expect(lines()).toMatchObject([
      {
        level: "ERROR",
        message: "The message goes back to the queue",
        error: {
          name: "PipelineError",
          code: "READ_FAILED",
          message: "a could not be read.",
          cause: { message: "vendor" },
        },
      },
    ]);
  });

  it("writes what is thrown and is no error", () => {
    powertoolsLog(SETTINGS).error("Failed", "just a text");
    expect(lines()).toMatchObject([{ error: { message: "just a text" } }]);
  });

  it("keeps quiet below its level", () => {
    const log = powertoolsLog({ ...SETTINGS, logLevel: "WARN" });
    log.info("not this");
    log.with({ imageKey: "a" }).info("nor this");
    log.warn("this");
    expect(lines()).toMatchObject([{ message: "this" }]);
  });
});

describe("powertoolsMetrics", () => {
  it("writes the measures of a processed image in one line", () => {
    powertoolsMetrics(SETTINGS).imageProcessed({ bytesIn: 4_000, bytesOut: 900, transformMs: 12 });
    expect(lines()).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "ImagePipeline",
              Dimensions: [["service"]],
              Metrics: [
                { Name: "ImagesProcessed", Unit: "Count" },
                { Name: "BytesIn", Unit: "Bytes" },
                { Name: "BytesOut", Unit: "Bytes" },
                { Name: "TransformDuration", Unit: "Milliseconds" },
              ],
            },
          ],
        },
        service: "processor",
        ImagesProcessed: 1,
        BytesIn: 4_000,
        BytesOut: 900,
        TransformDuration: 12,
      },
    ]);
  });

  it("counts a failed image in all and by its reason, and leaves no reason on what comes after", () => {
    const metrics = powertoolsMetrics(SETTINGS);
    metrics.imageFailed("CORRUPT_IMAGE");
    metrics.imageProcessed({ bytesIn: 1, bytesOut: 1, transformMs: 1 });
    const [failed, processed] = lines();
    expect(failed).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: "ImagePipeline",
            Dimensions: [["service"], ["service", "ReasonCode"]],
            Metrics: [{ Name: "ImagesFailed", Unit: "Count" }],
          },
        ],
      },
      service: "processor",
      ReasonCode: "CORRUPT_IMAGE",
      ImagesFailed: 1,
    });
    expect(processed).toMatchObject({ _aws: { CloudWatchMetrics: [{ Dimensions: [["service"]] }] } });
    expect(processed).not.toHaveProperty("ReasonCode");
  });
});

describe("powertoolsTrace", () => {
  const run = promisify(execFile);

  /** Runs one stage in a process of its own, as Lambda would, and returns the `count` documents that reach the X-Ray daemon. */
  const documentsOf = async (
    sampled: 0 | 1 | undefined,
    stage: string,
    count: number,
  ): Promise<readonly unknown[]> => {
    const daemon = createSocket("udp4");
    const documents: unknown[] = [];
    daemon.on("message", (packet) => documents.push(JSON.parse(packet.toString().split("\n")[1] ?? "null")));
    daemon.bind(0, "127.0.0.1");
    await once(daemon, "listening");
    try {
      const adapter = JSON.stringify(join(import.meta.dirname, "../../../handler/adapters/log.ts"));
      const script = `
        const { powertoolsTrace } = await import(${adapter});
        const trace = powertoolsTrace({ serviceName: "processor" });
        process.stdout.write(String(await ${stage}));`;
      const traceId = `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=${sampled}`;
      const output = await run(process.execPath, ["--input-type=module", "--eval", script], {
        env: {
          PATH: process.env["PATH"],
          AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
          LAMBDA_TASK_ROOT: "/var/task",
          AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
          ...(sampled === undefined ? {} : { _X_AMZN_TRACE_ID: traceId }),
        },
      });
      expect(output).toEqual({ stdout: "done", stderr: "" });
      // Packets may still be on their way when the process has ended, those too that should not be.
      if (count === 0) await setTimeout(100);
      await vi.waitUntil(() => documents.length >= count, { timeout: 5_000 });
      return documents;
    } finally {
      daemon.close();
    }
  };

  it("only runs the work outside Lambda", async () => {
    const trace = powertoolsTrace(SETTINGS);
    expect(await trace.stage("read", async () => "done")).toBe("done");
    const failure = new Error("no luck");
    await expect(trace.stage("read", () => Promise.reject(failure))).rejects.toBe(failure);
    expect(lines()).toEqual([]);
  });

  it("sends a subsegment of the stage where Lambda samples the invocation", async () => {
    expect(await documentsOf(1, 'trace.stage("transform", async () => "done")', 1)).toMatchObject([
      {
        type: "subsegment",
        name: "transform",
        trace_id: "1-5759e988-bd862e3fe1be46a994272793",
        parent_id: "53995c3f42cd8ad8",
        start_time: expect.any(Number),
        end_time: expect.any(Number),
      },
    ]);
  });

  it("marks the subsegment of a stage that failed, and passes the failure on", async () => {
    const stage = 'trace.stage("read", async () => { throw new Error("no luck"); }).catch(() => "done")';
    expect(await documentsOf(1, stage, 1)).toMatchObject([
      { name: "read", fault: true, cause: { exceptions: [{ message: "no luck" }] } },
    ]);
  });

  it("sends nothing and complains of nothing where Lambda gives no trace", async () => {
    expect(await documentsOf(undefined, 'trace.stage("transform", async () => "done")', 0)).toEqual([]);
  });

  it("sends nothing of an invocation that is not sampled", async () => {
    expect(await documentsOf(0, 'trace.stage("transform", async () => "done")', 0)).toEqual([]);
  });
});
