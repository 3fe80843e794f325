import { describe, expect, test } from "vitest";
import { createReprocessJob, readJob } from "../../../operator/reprocess/batch-job.ts";
import type { InventoryList } from "../../../operator/verify/inventory-list.ts";
import { type Answer, AwsService, s3Error } from "../../handler/adapters/aws-service.ts";
import { SOME_OUTPUTS } from "../support.ts";

const PLACES = {
  region: "eu-central-1",
  outputs: {
    ...SOME_OUTPUTS,
    inventory: {
      bucket: "inventory",
      functionArn: "arn:aws:lambda:eu-central-1:123456789012:function:reprocessor",
      roleArn: "arn:aws:iam::123456789012:role/batch",
    },
  },
};

const LIST: InventoryList = {
  bucket: "source",
  madeAt: new Date("2026-11-25T01:00:00.000Z"),
  manifest: { key: "lists/source/all/2026-11-25T01-00Z/manifest.json", eTag: "6f3e", versionId: "v7" },
  files: [],
  columns: [],
};

const xml = (body: string): Answer => ({ headers: { "content-type": "application/xml" }, body });

/** Elements and texts of a request, one a line, in their order. */
const linesOf = (body: string): readonly string[] =>
  body
    .replace(/^<\?xml[^>]*>/, "")
    .replaceAll(/ xmlns="[^"]*"/g, "")
    .replaceAll("><", ">\n<")
    .split("\n");

describe("a job of S3 Batch Operations", () => {
  test("invokes the stack's function for each object of the list, as the role of the stack, and writes no report", async () => {
    const service = new AwsService(
      xml("<CreateJobResult><JobId>00e123a4-c0d8-41f4-a0eb-b46f9ba5b07c</JobId></CreateJobResult>"),
    );
    const request = {
      run: new Date("2026-11-25T10:00:00.000Z"),
      selection: { prefix: "holiday/<ü>&", specsChanged: true },
      notify: false,
    };
    expect(await createReprocessJob(PLACES, LIST, request, service.config)).toBe(
      "00e123a4-c0d8-41f4-a0eb-b46f9ba5b07c",
    );
    expect(service.requests).toHaveLength(1);
    const { method, path, headers, body } = service.lastRequest;
    expect([method, path, headers["x-amz-account-id"], headers["host"]]).toEqual([
      "POST",
      "/v20180820/jobs",
      "123456789012",
      "123456789012.s3-control.eu-central-1.amazonaws.com",
    ]);
    const token = /<ClientRequestToken>([0-9a-f-]{36})<\/ClientRequestToken>/.exec(body)?.[1];
    expect(linesOf(body)).toEqual([
      "<CreateJobRequest>",
      "<Operation>",
      "<LambdaInvoke>",
      "<FunctionArn>arn:aws:lambda:eu-central-1:123456789012:function:reprocessor</FunctionArn>",
      "<InvocationSchemaVersion>2.0</InvocationSchemaVersion>",
      "<UserArguments>",
      "<entry>",
      "<key>run</key>",
      "<value>2026-11-25T10:00:00.000Z</value>",
      "</entry>",
      "<entry>",
      "<key>prefix</key>",
      "<value>holiday/&lt;ü&gt;&amp;</value>",
      "</entry>",
      "<entry>",
      "<key>specsChanged</key>",
      "<value>true</value>",
      "</entry>",
      "</UserArguments>",
      "</LambdaInvoke>",
      "</Operation>",
      "<Report>",
      "<Enabled>false</Enabled>",
      "</Report>",
      "<Priority>10</Priority>",
      "<RoleArn>arn:aws:iam::123456789012:role/batch</RoleArn>",
      "<ConfirmationRequired>false</ConfirmationRequired>",
      `<ClientRequestToken>${token}</ClientRequestToken>`,
      "<Manifest>",
      "<Spec>",
      "<Format>S3InventoryReport_CSV_20161130</Format>",
      "</Spec>",
      "<Location>",
      "<ObjectArn>arn:aws:s3:::inventory/lists/source/all/2026-11-25T01-00Z/manifest.json</ObjectArn>",
      "<ETag>6f3e</ETag>",
      "<ObjectVersionId>v7</ObjectVersionId>",
      "</Location>",
      "</Manifest>",
      "<Description>Process originals of source once more</Description>",
      "</CreateJobRequest>",
    ]);
  });

  test("is told by its id, with counts and what went wrong", async () => {
    const service = new AwsService(
      xml(
        "<DescribeJobResult><Job><JobId>00e123f4-c457-4ad0-8bcc-3fb0a4f2e1d7</JobId><Status>Failed</Status>" +
          "<FailureReasons><member><FailureCode>ManifestNotFound</FailureCode><FailureReason>Gone</FailureReason></member></FailureReasons>" +
          "<ProgressSummary><TotalNumberOfTasks>1000</TotalNumberOfTasks><NumberOfTasksSucceeded>990</NumberOfTasksSucceeded>" +
          "<NumberOfTasksFailed>10</NumberOfTasksFailed></ProgressSummary></Job></DescribeJobResult>",
      ),
    );
    expect(await readJob(PLACES, "00e123f4-c457-4ad0-8bcc-3fb0a4f2e1d7", service.config)).toEqual({
      status: "Failed",
      tasks: 1000,
      succeeded: 990,
      failed: 10,
      reasons: ["ManifestNotFound: Gone"],
    });
    const { method, path, headers } = service.lastRequest;
    expect([method, path, headers["x-amz-account-id"]]).toEqual([
      "GET",
      "/v20180820/jobs/00e123f4-c457-4ad0-8bcc-3fb0a4f2e1d7",
      "123456789012",
    ]);
  });

  test("that AWS refuses says what AWS said", async () => {
    const service = new AwsService(s3Error(403, "AccessDenied"));
    await expect(
      createReprocessJob(PLACES, LIST, { run: new Date(0), selection: {}, notify: false }, service.config),
    ).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("is not asked of a stack without an inventory", async () => {
    const places = { ...PLACES, outputs: { ...PLACES.outputs, inventory: "off" } } as const;
    await expect(readJob(places, "00e123f4-c457-4ad0-8bcc-3fb0a4f2e1d7")).rejects.toThrow(
      /^This stack has no inventory/,
    );
  });
});
