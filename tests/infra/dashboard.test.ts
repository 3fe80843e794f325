import { expect, test } from "vitest";
import { z } from "zod";
import { dashboardBody } from "../../infra/dashboard.ts";
import { physicalResources } from "../../infra/naming.ts";

const body = z
  .object({
    widgets: z.array(
      z.object({
        x: z.number(),
        y: z.number(),
        width: z.number(),
        properties: z.object({
          title: z.string(),
          region: z.string(),
          metrics: z.array(z.array(z.string())),
        }),
      }),
    ),
  })
  .parse(
    JSON.parse(
      dashboardBody(
        physicalResources({
          project: "image-pipeline",
          stack: "dev",
          partition: "aws",
          region: "eu-central-1",
          accountId: "123456789012",
        }),
        "eu-central-1",
      ),
    ),
  );

test("six graphs stand in two rows of the dashboard's 24 columns", () => {
  expect(body.widgets.map(({ x, y, width, properties }) => [properties.title, x, y, width])).toEqual([
    ["Images", 0, 0, 8],
    ["Bytes in and out", 8, 0, 8],
    ["Time to transform, p95", 16, 0, 8],
    ["Waiting uploads", 0, 6, 8],
    ["Age of the oldest upload", 8, 6, 8],
    ["Runs of the function", 16, 6, 8],
  ]);
});

test("every metric is one of this stack", () => {
  const owners = body.widgets.flatMap(({ properties }) => properties.metrics.map((metric) => metric.at(-1)));
  expect(new Set(owners)).toEqual(
    new Set([
      "image-pipeline-dev-processor",
      "image-pipeline-dev-ingest",
      "image-pipeline-dev-ingest-dead-letters",
    ]),
  );
});
