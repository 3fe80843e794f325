import { request } from "node:http";
import { connect } from "node:net";
import { beforeAll, expect, test } from "vitest";
import { localTarget } from "../../local/start/page-target.ts";
import { Journeys } from "../../page/journeys.ts";
import { servePage } from "../../page/server.ts";
import { gradient } from "../local/support/test-images.ts";
import { servedPage } from "./support/served-page.ts";

const served = servedPage();

type Answer = {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
};

const port = (): string => new URL(served.address).port;
const base = (): string => new URL(served.address).pathname;
const pass = (): string => new URL(served.address).hash.replace("#pass=", "");

type Asked = {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
};

/** The cookie that the server has given for the pass. */
let cookie = "";

/** Asks as somebody who writes their own headers, for a path from the server's root. */
const askAt = (path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: port(), path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });

/** Asks for a path below the page's, with the cookie unless the headers say otherwise. */
const ask = (path: string, { headers = {}, ...asked }: Asked = {}): Promise<Answer> =>
  askAt(`${base()}${path.slice(1)}`, { ...asked, headers: { cookie, ...headers } });

const origin = (): string => `http://127.0.0.1:${port()}`;

const enter = (given: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask("/enter", {
    method: "POST",
    headers: { cookie: "", origin: origin(), "content-type": "application/json", ...headers },
    body: JSON.stringify({ pass: given }),
  });

beforeAll(async () => {
  const { headers } = await enter(pass());
  cookie = String(headers["set-cookie"]).split(";")[0] ?? "";
});

test("the address holds a path that nobody guesses, and a pass that goes to no server by itself", () => {
  const { origin: at, pathname, search, hash } = new URL(served.address);
  expect([at, search]).toEqual([origin(), ""]);
  expect(pathname).toMatch(/^\/[\w-]{24}\/$/);
  expect(hash).toMatch(/^#pass=[\w-]{24}$/);
});

test("a pass lets one browser in, with a cookie for the page's path alone, and opens nothing after that", async () => {
  const [used, before] = [pass(), served.entries.length];
  const answer = await enter(used);
  expect([answer.status, answer.body]).toEqual([204, ""]);
  expect(answer.headers["set-cookie"]).toEqual([
    expect.stringMatching(new RegExp(`^page=[\\w-]{24}; HttpOnly; SameSite=Strict; Path=${base()}$`)),
  ]);
  expect(answer.headers["set-cookie"]?.toString()).not.toContain(used);
  expect(pass()).not.toBe(used);
  expect(served.entries.slice(before)).toEqual([served.address]);
  for (const wrong of [used, "", "wrong"]) {
    const refused = await enter(wrong);
    expect([refused.status, refused.headers["set-cookie"]]).toEqual([403, undefined]);
    expect(JSON.parse(refused.body)).toEqual({
      error: "This address was used before. The command's window shows the one that opens the page.",
    });
  }
});

test("a browser that is in needs no pass, and spends none", async () => {
  const unspent = pass();
  expect((await enter("", { cookie })).status).toBe(204);
  expect(pass()).toBe(unspent);
});

test("no pass is taken from another site, from an address or from a form", async () => {
  const unspent = pass();
  expect((await enter(unspent, { origin: "http://127.0.0.1:1" })).status).toBe(403);
  expect((await enter(unspent, { "sec-fetch-site": "same-site" })).status).toBe(403);
  expect((await enter(unspent, { "content-type": "application/x-www-form-urlencoded" })).status).toBe(415);
  expect((await enter(unspent, { host: "evil.example" })).status).toBe(421);
  const byAddress = await ask(`/?pass=${unspent}`, { headers: { cookie: "" } });
  expect([byAddress.status, byAddress.headers["set-cookie"]]).toEqual([200, undefined]);
  expect(pass()).toBe(unspent);
});

test("who has shown no pass gets a document that asks for it, and nothing else", async () => {
  const entry = await ask("/", { headers: { cookie: "" } });
  expect(entry.status).toBe(200);
  expect(entry.body).toContain("This page needs JavaScript");
  expect(entry.body.length).toBeLessThan(1000);
  expect((await ask("/entry.js", { headers: { cookie: "" } })).body.length).toBeLessThan(2000);
  expect((await ask("/")).body).toContain('id="page"');
  for (const path of [
    "/page.js",
    "/page.css",
    "/icon.svg",
    "/api/stack",
    "/files/original?key=a",
    "/other",
  ]) {
    expect([path, (await ask(path, { headers: { cookie: "" } })).status]).toEqual([path, 401]);
  }
});

test("a cookie that another server of this host has set beside the page's changes nothing", async () => {
  const both = { cookie: `page=other; ${cookie}; page=another` };
  expect((await ask("/api/specs", { headers: both })).status).toBe(200);
});

test.for(["/", "/page.js", "/api/stack", "/favicon.ico", "/robots.txt", "/enter", "//etc/passwd"])(
  "%s answers an empty 404 outside the page's path, with the cookie or without",
  async (path) => {
    for (const headers of [
      {},
      { cookie },
      { cookie, host: "evil.example" },
      { origin: "https://evil.example" },
    ]) {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        const { status, body } = await askAt(path, { method, headers });
        expect([method, status, body]).toEqual([method, 404, ""]);
      }
    }
  },
);

test.for([
  ["no pass", { headers: { cookie: "" } }, 401],
  ["a wrong pass", { headers: { cookie: "page=wrong" } }, 401],
  ["a name that leads here from elsewhere", { headers: { host: "evil.example" } }, 421],
  ["another origin", { headers: { origin: "https://evil.example" } }, 403],
  ["another site", { headers: { "sec-fetch-site": "cross-site" } }, 403],
  ["another port of this machine", { headers: { "sec-fetch-site": "same-site" } }, 403],
] as const)("a request with %s is refused", async ([, asked, status]) => {
  expect((await ask("/page.js", asked)).status).toBe(status);
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
  "%s below the page's path leads nowhere",
  async (path) => {
    expect((await ask(path)).status).toBe(404);
  },
);

/** What the server writes to who sends these bytes. */
const written = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port()), "127.0.0.1", () => socket.end(bytes, "latin1"));
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });

/** Request lines without their end, and the status of the answer; none for a connection that is closed. */
const LINES = [
  ["GET //", 404],
  ["GET ///", 404],
  ["GET http://[", 400],
  ["GET http://[::1", 400],
  ["GET http://127.0.0.1/", 400],
  ["GET http://evil.example/", 400],
  ["GET //evil.example:99999/", 404],
  ["GET /\\[", 400],
  ["GET /\\\\evil.example/", 400],
  ["GET /%", 400],
  ["GET /%zz", 400],
  ["GET /%e0%a4%a", 400],
  ["GET /BASE%ff", 401],
  ["GET /BASEapi/asset?key=%", 400],
  ["GET /BASEapi/asset?key=%00", 401],
  ["GET /<script>", 400],
  ["GET /|", 400],
  ["GET /\u00ff", 400],
  ["GET /a#pass=b", 400],
  ["GET ?a", 400],
  ["GET *", 400],
  ["OPTIONS *", 400],
  ["OPTIONS /", 404],
  ["CONNECT 127.0.0.1:80", undefined],
  ["GET /\u0000", 400],
  ["GET /\u0007", 400],
  ["GET /a b", 400],
  ["GET ", 400],
  ["BREW /", 400],
  [`GET /${"a".repeat(10_000)}`, 404],
  [`GET /${"a".repeat(20_000)}`, 431],
  [`GET /BASE${"../".repeat(1000)}etc/passwd`, 404],
] as const;

test.for(LINES.map(([line, status]) => ({ shown: JSON.stringify(line.slice(0, 40)), line, status })))(
  "the request $shown is answered with $status, and nothing else happens",
  async ({ line, status }) => {
    const target = line.replace("/BASE", base());
    const text = await written(
      `${target} HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\nConnection: close\r\n\r\n`,
    );
    const [head = "", body = ""] = text.split("\r\n\r\n");
    expect(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]).toBe(status?.toString());
    expect(text).not.toMatch(/ at |node:|Error|file:/);
    if (status !== 401) expect(body).toBe("");
    expect(served.faults).toEqual([]);
    expect((await ask("/")).status).toBe(200);
  },
);

test("every answer forbids what the page does not need", async () => {
  const answers = [
    await ask("/"),
    await ask("/page.js"),
    await ask("/api/none"),
    await ask("/", { headers: { cookie: "" } }),
    await askAt("/"),
  ];
  for (const { headers } of answers) {
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
    const { origin: at, pathname, hash } = new URL(page.address);
    const json = { origin: at, "content-type": "application/json" };
    const send = (path: string, body: object, headers: Record<string, string> = json) =>
      fetch(`${at}${pathname}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    const entered = await send("enter", { pass: hash.replace("#pass=", "") });
    const headers = { ...json, cookie: entered.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
    const before = (await pipeline.uploads()).length;
    for (const path of ["api/uploads?key=x.jpg", "api/samples", "api/retry", "api/redrive"]) {
      expect([path, (await send(path, {}, headers)).status]).toEqual([path, 403]);
    }
    expect((await fetch(`${at}${pathname}api/assets`, { headers })).status).toBe(200);
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
