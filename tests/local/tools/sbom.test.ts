import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Checkout } from "../support/checkout.ts";
import { OUTCOME_TIMEOUT_MS } from "../support/emulated-aws.ts";

const bill = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.literal("1.5"),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string(),
      licenses: z.array(z.unknown()).optional(),
      hashes: z.array(z.object({ alg: z.string() })).optional(),
    }),
  ),
});

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
    }),
  ),
});

let checkout: Checkout;
beforeAll(async () => {
  checkout = await Checkout.make();
}, OUTCOME_TIMEOUT_MS);
afterAll(() => checkout.remove());

test(
  "lists every package of the lockfile that is installed for use, with its version, licence and checksum",
  async () => {
    const file = join(checkout.folder, "bill.json");
    const { code, stdout, stderr } = await checkout.run("local/tools/sbom.ts", "--output", file).finished;
    expect([code, stderr]).toEqual([0, ""]);
    const { components } = bill.parse(JSON.parse(await readFile(file, "utf8")));
    expect(stdout).toContain(`${components.length} packages, CycloneDX 1.5`);
    const listed = new Map(components.map(({ purl, ...rest }) => [purl, rest]));
    const { packages } = lock.parse(
      JSON.parse(await readFile(join(checkout.folder, "package-lock.json"), "utf8")),
    );
    for (const name of ["sharp", "zod", "@aws-sdk/client-s3", "@aws-sdk/s3-presigned-post", "@pulumi/aws"]) {
      const version = packages[`node_modules/${name}`]?.version;
      const found = listed.get(`pkg:npm/${name.replace("@", "%40")}@${version}`);
      expect([name, found?.version]).toEqual([name, version]);
      expect(found?.licenses?.length).toBeGreaterThan(0);
      expect(found?.hashes?.map(({ alg }) => alg)).toContain("SHA-512");
    }
    const used = Object.entries(packages).filter(
      ([path, { dev, devOptional }]) => path !== "" && dev !== true && devOptional !== true,
    );
    const names = new Set(components.map(({ name, version }) => `${name.split("/").at(-1)}@${version}`));
    for (const [path, { version }] of used) {
      expect(names).toContain(`${path.split("/").at(-1)}@${version}`);
    }
    expect(components.map(({ name }) => name)).not.toContain("vitest");
  },
  OUTCOME_TIMEOUT_MS,
);
