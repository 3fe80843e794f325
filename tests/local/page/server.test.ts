import { request } from "node:http";
import { expect, test } from "vitest";
import { Journeys } from "../../../local/page/journeys.ts";
import { localTarget } from "../../../local/page/local-target.ts";
import { servePage } from "../../../local/page/server.ts";
import { servedPage } from "../../page/support/served-page.ts";
import { gradient } from "../support/test-images.ts";

const served = servedPage();

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const port = (): string => new URL(served.address).port;
const pass = (): string => new URL(served.address).searchParams.get("pass") ?? "";

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Asks as somebody who writes their own headers; with the pass, unless the cookie says otherwise. */
const ask = (path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: port(),
        path,
        method,
        headers: { cookie: `page-${port()}=${pass()}`, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });

const origin = (): string => `http://127.0.0.1:${port()}`;

test("the address with the pass lets a browser in, and takes the pass out of its address bar", async () => {
  const answer = await ask(`/?pass=${pass()}`, { headers: { cookie: "" } });
  expect(answer).toMatchObject({ status: 303, headers: { location: "/" } });
  expect(answer.headers["set-cookie"]).toEqual([
    `page-${port()}=${pass()}; HttpOnly; SameSite=Strict; Path=/`,
  ]);
});

test.for([
  ["no pass", { headers: { cookie: "" } }, 401],
  ["a wrong pass", { headers: { cookie: "page=wrong" } }, 401],
  ["a name that leads here from elsewhere", { headers: { host: "evil.example" } }, 421],
  ["another origin", { headers: { origin: "https://evil.example" } }, 403],
  ["another site", { headers: { "sec-fetch-site": "cross-site" } }, 403],
  ["another port of this machine", { headers: { "sec-fetch-site": "same-site" } }, 403],
] as const)("a request with %s is refused", async ([, asked, status]) => {
  expect((await ask("/", asked)).status).toBe(status);
  expect((await ask("/api/events", asked)).status).toBe(status);
});

test("what changes something needs this page's own origin, and JSON", async () => {
  const body = JSON.stringify({ kind: "photo" });
  const json = { "content-type": "application/json" };
  const form = { "content-type": "text/plain", origin: origin() };
  const statusOf = async (headers: Record<string, string>) =>
    (await ask("/api/samples", { method: "POST", headers, body })).status;
  expect(await statusOf(json)).toBe(403);
  expect(await statusOf({ ...json, origin: "http://127.0.0.1:1" })).toBe(403);
  expect(await statusOf(form)).toBe(415);
});

test.for([
  ["/api/samples", "x".repeat(70_000), 413],
  ["/api/samples", "{", 400],
  ["/api/samples", '{"kind":"other"}', 400],
  ["/api/uploads", "bytes", 400],
  [`/api/uploads?key=${"k".repeat(1025)}`, "bytes", 400],
  ["/api/uploads?key=a/", "bytes", 400],
  ["/api/none", "{}", 404],
] as const)("%s refuses a body or key that it can't take", async ([path, body, status]) => {
  const headers = { "content-type": "application/json", origin: origin() };
  const answer = await ask(path, { method: "POST", headers, body });
  expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { error: expect.any(String) }]);
});

test("a file without a length, or too long a one, is refused before it is read", async () => {
  const headers = { origin: origin() };
  const statusOf = async (more: Record<string, string>) =>
    (await ask("/api/uploads?key=a.jpg", { method: "POST", headers: { ...headers, ...more } })).status;
  expect(await statusOf({ "transfer-encoding": "chunked" })).toBe(411);
  expect(await statusOf({ "content-length": "1073741824" })).toBe(413);
});

test.for(["/../package.json", "/%2e%2e/package.json", "/page.js/../../../package.json", "//etc/passwd"])(
  "%s leads nowhere",
  async (path) => {
    expect((await ask(path)).status).toBe(404);
  },
);

test("every answer forbids what the page does not need", async () => {
  for (const path of ["/", "/page.js", "/api/none"]) {
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
    });
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*/);
  }
});

test("an original is served as the image that it is, in whole and in part, and never runs", async () => {
  const { pipeline } = served;
  const bytes = await gradient(90, 60).jpeg().toBuffer();
  await pipeline.waitForRecord(await pipeline.upload(bytes, "a b/photo.jpg"));
  const path = `/files/original?key=${encodeURIComponent("a b/photo.jpg")}`;
  const whole = await ask(path);
  expect(whole).toMatchObject({
    status: 200,
    headers: {
      "content-type": "image/jpeg",
      "content-length": String(bytes.length),
      "content-disposition": "inline; filename*=UTF-8''photo.jpg",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
    },
  });
  const etag = String(whole.headers["etag"]);
  expect((await ask(path, { headers: { "if-none-match": etag } })).status).toBe(304);
  const renditionPath = `/files/rendition?key=${encodeURIComponent("a b/photo.jpg/thumbnail.webp")}`;
  const rendition = await ask(renditionPath);
  expect(rendition).toMatchObject({ status: 200, headers: { "content-type": "image/webp" } });
  // Of a version, which originals are asked for, the emulator knows no ranges.
  const size = Number(rendition.headers["content-length"]);
  const part = await ask(renditionPath, { headers: { range: "bytes=0-9" } });
  expect(part).toMatchObject({
    status: 206,
    headers: { "content-length": "10", "content-range": `bytes 0-9/${size}` },
  });
  expect((await ask(renditionPath, { headers: { range: `bytes=${size}-` } })).status).toBe(416);
});

test("a page that somebody has uploaded is a download, whatever it is called", async () => {
  const { pipeline } = served;
  const page = Buffer.from("<!doctype html><script>alert(1)</script>");
  await pipeline.waitForRecord(await pipeline.upload(page, "evil.html"));
  expect(await ask("/files/original?key=evil.html")).toMatchObject({
    status: 200,
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": "attachment; filename*=UTF-8''evil.html",
      "content-security-policy": "default-src 'none'; sandbox",
    },
  });
});

test("a page that only looks answers what is asked, and changes nothing", async () => {
  const { pipeline } = served;
  const target = localTarget(pipeline, new Journeys(), () => {});
  const page = await servePage({ target: { ...target, view: { ...target.view, isReadOnly: true } } });
  try {
    const { origin: at, host, searchParams } = new URL(page.address);
    const headers = {
      cookie: `page-${host.split(":")[1]}=${searchParams.get("pass")}`,
      origin: at,
      "content-type": "application/json",
    };
    const before = (await pipeline.uploads()).length;
    for (const path of ["/api/uploads?key=x.jpg", "/api/samples", "/api/retry", "/api/redrive"]) {
      const { status } = await fetch(`${at}${path}`, { method: "POST", headers, body: "{}" });
      expect([path, status]).toEqual([path, 403]);
    }
    expect((await fetch(`${at}/api/assets`, { headers })).status).toBe(200);
    expect(await pipeline.uploads()).toHaveLength(before);
  } finally {
    await page.close();
  }
});

test("rendition specs are tried as the program reads them, and every problem is told", async () => {
  const { pipeline } = served;
  const bytes = await gradient(90, 60).jpeg().toBuffer();
  await pipeline.waitForRecord(await pipeline.upload(bytes, "tried.jpg"));
  const tryIt = async (specs: string) => {
    const { status, body } = await ask("/api/try", {
      method: "POST",
      headers: { "content-type": "application/json", origin: origin() },
      body: JSON.stringify({ key: "tried.jpg", specs }),
    });
    return { status, body: JSON.parse(body) };
  };
  const whole =
    "config:\n  image-pipeline:renditions:\n    - { name: tiny, width: 30, formats: [webp, png] }";
  const tried = await tryIt(whole);
  expect(tried).toMatchObject({
    status: 200,
    body: {
      originalBytes: bytes.length,
      renditions: [
        { name: "tiny", format: "webp", width: 30, height: 20 },
        { name: "tiny", format: "png", width: 30, height: 20 },
      ],
    },
  });
  expect(tried.body.renditions[0].source).toMatch(/^data:image\/webp;base64,/);
  expect(await tryIt("- { name: Tiny, formats: [] }")).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/renditions\[0\]\.name: .*\n(.*\n)*renditions\[0\]\.formats: /) },
  });
  expect((await tryIt("- { name")).status).toBe(400);
  expect(await pipeline.renditions("tried.jpg")).not.toContainEqual(
    expect.objectContaining({ key: "tried.jpg/tiny.webp" }),
  );
});

test("the stack tells what its role may do beside what the function has called", async () => {
  const { grants, alarms, resources, controls } = JSON.parse((await ask("/api/stack")).body);
  const callsOf = (action: string) =>
    grants.find((grant: { readonly action: string }) => grant.action === action)?.calls;
  expect(callsOf("dynamodb:UpdateItem")).toBeGreaterThan(0);
  expect(callsOf("s3:GetObjectVersion")).toBeGreaterThan(0);
  expect(callsOf("sns:Publish")).toBeGreaterThan(0);
  expect(resources.length).toBeGreaterThan(20);
  expect(alarms.map((alarm: { readonly name: string }) => alarm.name)).toContain("dead-letters");
  const broken = controls.filter(
    (control: { readonly outcome: string; readonly level: string }) =>
      control.outcome !== "compliant" && control.level === "mandatory",
  );
  expect(broken).toEqual([]);
});

test("what is not there is not found", async () => {
  expect((await ask("/files/original?key=absent.jpg")).status).toBe(404);
  expect((await ask("/files/rendition?key=absent.jpg/thumbnail.webp")).status).toBe(404);
  expect((await ask("/files/original")).status).toBe(400);
  expect(served.faults).toEqual([]);
});
