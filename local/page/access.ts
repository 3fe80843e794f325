import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { Refusal } from "./http.ts";

/** Nothing but our own script and style runs; images are ours, data URIs of placeholders, or made by the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** What people upload is never run, whatever it is: not even when it is opened in a window of its own. */
export const SANDBOX_POLICY = "default-src 'none'; sandbox";

/** On every answer. */
export const setSecurityHeaders = (response: ServerResponse): void => {
  response.setHeader("content-security-policy", CONTENT_SECURITY_POLICY);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("x-frame-options", "DENY");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("cross-origin-resource-policy", "same-origin");
};

const isSame = (given: string, secret: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const cookieOf = (headers: IncomingHttpHeaders, name: string): string | undefined =>
  (headers.cookie ?? "")
    .split(/; */)
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/**
 * Who may use the page: the browser that opened the address with the pass in it. Others on the same machine, and
 * other sites in the same browser, may not: they know no pass, and come from elsewhere.
 */
export class Access {
  readonly pass = randomBytes(18).toString("base64url");
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  get #hosts(): readonly string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
  }

  // Browsers share cookies between the ports of a host.
  get #cookie(): string {
    return `page-${this.#port}`;
  }

  /** Where the page is, with the pass that opens it. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}/?pass=${this.pass}`;
  }

  /**
   * Lets the browser that knows the pass in, and takes the pass out of its address bar.
   *
   * @returns whether the request is answered
   */
  letIn(url: URL, response: ServerResponse): boolean {
    const given = url.searchParams.get("pass");
    if (url.pathname !== "/" || given === null || !isSame(given, this.pass)) {
      return false;
    }
    response.writeHead(303, {
      "set-cookie": `${this.#cookie}=${this.pass}; HttpOnly; SameSite=Strict; Path=/`,
      location: "/",
      "cache-control": "no-store",
    });
    response.end();
    return true;
  }

  /** @throws {Refusal} 421 for a name that leads here from elsewhere, 403 for another site */
  requireSameSite(method: string, headers: IncomingHttpHeaders): void {
    const { host = "", origin } = headers;
    if (!this.#hosts.includes(host)) {
      throw new Refusal(421, `This page is at 127.0.0.1:${this.#port}.`);
    }
    const isRead = method === "GET" || method === "HEAD";
    const isOurs = origin === undefined ? isRead : origin === `http://${host}`;
    const site = headers["sec-fetch-site"];
    const isNear = site === undefined || site === "same-origin" || (site === "none" && isRead);
    if (!isOurs || !isNear) {
      throw new Refusal(403, "This page answers itself alone.");
    }
  }

  /** @throws {Refusal} 401 without the pass */
  requirePass(headers: IncomingHttpHeaders): void {
    if (!isSame(cookieOf(headers, this.#cookie) ?? "", this.pass)) {
      throw new Refusal(
        401,
        "This page opens with the address that the command has printed: its end lets you in.",
      );
    }
  }
}
