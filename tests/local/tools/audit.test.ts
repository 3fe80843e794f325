import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Checkout, type Finished } from "../support/checkout.ts";
import { OUTCOME_TIMEOUT_MS } from "../support/emulated-aws.ts";

let server: Server | undefined;
let checkout: Checkout | undefined;
afterEach(async () => {
  server?.close();
  await checkout?.remove();
});

const ADVISORY = {
  id: 1,
  url: "https://github.com/advisories/GHSA-xxxx",
  title: "It parses what it should not",
  severity: "high",
  vulnerable_versions: "<99.0.0",
  cwe: [],
  cvss: { score: 8, vectorString: null },
};

/** A registry that answers npm's question for advisories, and no other. */
const registry = async (status: number, advisories: object): Promise<string> => {
  server = createServer((request, response) => {
    const isAudit = request.url?.endsWith("/security/advisories/bulk") === true;
    request.resume();
    response.writeHead(isAudit ? status : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isAudit ? advisories : {}));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = addressOf(server);
  return `http://127.0.0.1:${port}/`;
};

const addressOf = (listening: Server): AddressInfo => {
  const address = listening.address();
  if (address === null || typeof address === "string")
    throw new Error("The registry does not listen on a port.");
  return address;
};

const audit = async (at: string, ...args: readonly string[]): Promise<Finished> => {
  checkout = await Checkout.make();
  const environment = { npm_config_registry: at, npm_config_cache: checkout.folder };
  return checkout.runWith(environment, "local/tools/audit.ts", ...args).finished;
};

test(
  "passes when the registry knows of nothing",
  async () => {
    expect(await audit(await registry(200, {}))).toMatchObject({
      code: 0,
      stdout: "audit: no high or critical vulnerability is known.\n",
    });
  },
  OUTCOME_TIMEOUT_MS,
);

test(
  "fails with the package, the advisory and where to read it",
  async () => {
    const { code, stderr } = await audit(await registry(200, { zod: [ADVISORY] }));
    expect(stderr).toContain(
      "high: zod It parses what it should not, https://github.com/advisories/GHSA-xxxx",
    );
    expect(code).toBe(1);
  },
  OUTCOME_TIMEOUT_MS,
);

test.each([
  ["has no such endpoint", () => registry(405, { error: "Method Not Allowed" })],
  ["is out of reach", async () => "http://127.0.0.1:9/"],
])(
  "says that nothing was checked when the registry %s, and fails for it only when told to",
  async (_what, at) => {
    const address = await at();
    const lenient = await audit(address);
    expect(lenient.stdout).toMatch(
      /^audit: the npm registry could not be asked for known vulnerabilities: .*Not checked\.\n$/,
    );
    expect(lenient.code).toBe(0);
    await checkout?.remove();
    const strict = await audit(address, "--strict");
    expect([strict.code, strict.stderr]).toEqual([
      1,
      expect.stringMatching(/^audit: the npm registry could not be asked for known vulnerabilities: /),
    ]);
  },
  OUTCOME_TIMEOUT_MS,
);
