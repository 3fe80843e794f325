/**
 * A path and a query in characters that an address may have (RFC 9112, 3.2.1; RFC 3986, 3.3), with whole escapes. What
 * else a request may name, a proxy or a whole server, is not here.
 */
const ORIGIN_FORM = /^\/(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$/;

/** The address that a request names below this server; `undefined` when it names none. */
export const requestedUrl = (target: string): URL | undefined =>
  ORIGIN_FORM.test(target) ? (URL.parse(`http://127.0.0.1${target}`) ?? undefined) : undefined;
