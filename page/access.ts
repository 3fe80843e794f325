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

const isSame = (given: string, known: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(known)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** 144 bits that nobody guesses. */
const secret = (): string => randomBytes(18).toString("base64url");

/** Another server of this host may have set one of the same name. */
const cookiesOf = ({ cookie = "" }: IncomingHttpHeaders, name: string): readonly string[] =>
  cookie.split(/; */).flatMap((each) => (each.startsWith(`${name}=`) ? [each.slice(name.length + 1)] : []));

const COOKIE = "page";

/**
 * Who may use the page: a browser that has shown the pass at the end of its address. Others on the same machine, and
 * other sites in the same browser, may not: they know no pass, and come from elsewhere.
 *
 * Browsers send a host's cookies to every port of it. The page's cookie is for a path that nobody else knows, so that a
 * server at another port is sent it only when it has the browser ask for this very path.
 */
export class Access {
  readonly #port: number;
  readonly #path = `/${secret()}/`;
  readonly #session = secret();
  #pass = secret();

  constructor(port: number) {
    this.#port = port;
  }

  get #hosts(): readonly string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
  }

  /** Where the page is, with a pass that opens it once: browsers keep addresses, with their ends. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}${this.#path}#pass=${this.#pass}`;
  }

  /** The path below the page's own, `/` for the page; `undefined` for all that is elsewhere. */
  pathWithin({ pathname }: URL): string | undefined {
    const end = this.#path.length;
    return isSame(pathname.slice(0, end), this.#path) ? pathname.slice(end - 1) : undefined;
  }

  /**
   * Takes the pass, which opens nothing any more then.
   *
   * @returns the cookie for the browser that has shown it
   * @throws {Refusal} 403 for another pass
   */
  takePass(pass: string): string {
    if (!isSame(pass, this.#pass)) {
      throw new Refusal(
        403,
        "This address was used before. The command's window shows the one that opens the page.",
      );
    }
    this.#pass = secret();
    return `${COOKIE}=${this.#session}; HttpOnly; SameSite=Strict; Path=${this.#path}`;
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

  /** Whether the browser was let in. */
  isIn(headers: IncomingHttpHeaders): boolean {
    return cookiesOf(headers, COOKIE).some((cookie) => isSame(cookie, this.#session));
  }
}
