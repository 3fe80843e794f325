import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  assertEnvironmentFits,
  comingValues,
  environmentBytes,
  environmentProblems,
} from "../../infra/environment-size.ts";
import { handlerEnvironment } from "../../infra/handler-environment.ts";
import { physicalResources } from "../../infra/naming.ts";
import { settingsSchema } from "../../infra/settings.ts";
import { EMAIL, resourceNamed, runProgram } from "../support/program.ts";

const FUNCTION = "image-pipeline-dev-processor";

/** Variables of exactly so many bytes as JSON: `{"A":"…"}` has eight besides the value. */
const ofBytes = (size: number) => ({ A: "x".repeat(size - 8) });

describe("variables are measured as Lambda measures them", () => {
  test.each([
    ["names, values, quotes and commas", { A: "b", C: "d" }, '{"A":"b","C":"d"}'.length],
    ["escaped quotes and backslashes", { A: '["b\\"]' }, '{"A":"[\\"b\\\\\\"]"}'.length],
    ["characters of several bytes", { A: "ä…" }, 8 + 5],
  ])("with %s", (_, variables, size) => {
    expect(environmentBytes(variables)).toBe(size);
  });

  test("4,096 bytes fit, and one more does not", () => {
    expect(environmentBytes(ofBytes(4096))).toBe(4096);
    expect(environmentProblems(FUNCTION, ofBytes(4096))).toEqual([]);
    expect(environmentProblems(FUNCTION, ofBytes(4097))).toHaveLength(1);
  });
});

test("what does not fit is told with numbers, and with what to shorten, the largest first", () => {
  expect(
    environmentProblems(FUNCTION, {
      RENDITIONS: '"'.repeat(1500),
      RECORD_TAGS: "t".repeat(900),
      NOTICE_TOPIC_ARN: "a".repeat(100),
      RENDITION_LINKS: "l".repeat(400),
    }),
  ).toEqual([
    "renditions: expected at most 4,096 bytes of variables for the function image-pipeline-dev-processor, as Lambda counts them, " +
      "got 4,477, the largest of them RENDITIONS 3,016, RECORD_TAGS 917, RENDITION_LINKS 421; " +
      "shorten renditions, recordTags, renditionLinks, or the stack's name",
  ]);
});

const everything = await runProgram({
  config: {
    email: EMAIL,
    notices: "digest",
    inventory: "daily",
    delivery: "true",
    renditionLinks: "delivery",
  },
});

describe("values that AWS gives", () => {
  const deployment = {
    project: "image-pipeline",
    stack: "dev",
    partition: "aws",
    region: "eu-central-1",
    accountId: "123456789012",
  };
  const names = physicalResources(deployment);
  const coming = comingValues(deployment, names);

  test.each(["processor-function", "digest-function", "inventory-reprocessor-function"])(
    "are as long at preview as they come to be, for %s",
    (name) => {
      const { environment } = z
        .object({ environment: z.object({ variables: z.record(z.string(), z.string()) }) })
        .parse(resourceNamed(everything, name).inputs);
      const known = Object.entries(environment.variables).filter(
        // The recorder gives the topic another ARN than AWS would.
        ([variable]) => variable in coming && variable !== "NOTICE_TOPIC_ARN",
      );
      expect(known.length).toBeGreaterThanOrEqual(3);
      for (const [variable, value] of known) expect([variable, value]).toEqual([variable, coming[variable]]);
    },
  );

  test("count at preview", () => {
    const unknown = pulumi.output(new Promise<string>(() => {}));
    const variables = { RENDITIONS: "r".repeat(4000), NOTICE_TOPIC_ARN: unknown };
    expect(() => assertEnvironmentFits(FUNCTION, variables, coming)).toThrow(
      "got 4,103, the largest of them RENDITIONS 4,016, NOTICE_TOPIC_ARN 86",
    );
    expect(() => assertEnvironmentFits(FUNCTION, { ...variables, RENDITIONS: "r" }, coming)).not.toThrow();
  });

  test("and quotes that JSON escapes make a list of specs too large that is not as it stands", () => {
    const specs = Array.from({ length: 20 }, (_, index) => ({
      name: `tile-${index}`,
      width: 320,
      height: 320,
      fit: "cover",
      formats: ["avif", "webp", "auto"],
      quality: 80,
      blur: 1,
      prefix: `a/${index}/`,
      manifest: true,
    }));
    expect(JSON.stringify(specs).length).toBeLessThan(3000);
    const environment = handlerEnvironment({
      settings: settingsSchema.parse({ recordTags: ["album", "cost-center"] }),
      renditions: specs,
      sourceBucket: names.sourceBucket.name,
      destinationBucket: names.destinationBucket.name,
      assetTable: names.assetTable.name,
      digestTable: undefined,
      topicArn: pulumi.output(new Promise<string>(() => {})),
      keyArn: pulumi.output(new Promise<string>(() => {})),
      renditionLinks: "https://images.photography.example.com",
      codeSha256: "0".repeat(64),
      serviceName: FUNCTION,
    });
    expect(() => assertEnvironmentFits(FUNCTION, { ...environment }, coming)).toThrow(
      /renditions: expected at most 4,096 bytes of variables .* got 4,\d{3}, the largest of them RENDITIONS 3,\d{3}/,
    );
  });

  test("must have a length", () => {
    const unknown = pulumi.output(new Promise<string>(() => {}));
    expect(() => assertEnvironmentFits(FUNCTION, { NEW_THING: unknown }, coming)).toThrow(
      "It is not known how long NEW_THING will be.",
    );
  });
});
