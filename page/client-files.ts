import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

const CLIENT = join(import.meta.dirname, "client");

/** A file of the page itself, held in memory: no path of a request ever reaches a file system. */
export type ClientFile = {
  readonly type: string;
  readonly text: string;
};

export type ClientFiles = {
  /** For the browser that was let in, by path. */
  readonly page: ReadonlyMap<string, ClientFile>;
  /** For any other that knows the page's path. */
  readonly entry: ReadonlyMap<string, ClientFile>;
};

/** Builds the page's scripts, some 10 ms, so that what is served is what is in the checkout. */
export const buildClientFiles = async (): Promise<ClientFiles> => {
  const textOf = (name: string): Promise<string> => readFile(join(CLIENT, name), "utf8");
  const [{ outputFiles }, page, entry, css, icon] = await Promise.all([
    build({
      entryPoints: { page: join(CLIENT, "main.tsx"), entry: join(CLIENT, "entry.ts") },
      outdir: ".",
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      legalComments: "none",
      write: false,
      logLevel: "silent",
    }),
    textOf("index.html"),
    textOf("entry.html"),
    textOf("page.css"),
    textOf("icon.svg"),
  ]);
  const html = (text: string): ClientFile => ({ type: "text/html; charset=utf-8", text });
  const script = (name: string): ClientFile => ({
    type: "text/javascript; charset=utf-8",
    text: outputFiles.flatMap(({ path, text }) => (basename(path) === name ? [text] : [])).join(""),
  });
  return {
    page: new Map([
      ["/", html(page)],
      ["/icon.svg", { type: "image/svg+xml", text: icon }],
      ["/page.css", { type: "text/css; charset=utf-8", text: css }],
      ["/page.js", script("page.js")],
    ]),
    entry: new Map([
      ["/", html(entry)],
      ["/entry.js", script("entry.js")],
    ]),
  };
};
