import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const CLIENT = join(import.meta.dirname, "client");

/** A file of the page itself, held in memory: no path of a request ever reaches a file system. */
export interface ClientFile {
  readonly type: string;
  readonly text: string;
}

/** Builds the page's script, some 10 ms, so that what is served is what is in the checkout. */
export const buildClientFiles = async (): Promise<ReadonlyMap<string, ClientFile>> => {
  const [{ outputFiles }, html, css, icon] = await Promise.all([
    build({
      entryPoints: [join(CLIENT, "main.tsx")],
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
    readFile(join(CLIENT, "index.html"), "utf8"),
    readFile(join(CLIENT, "page.css"), "utf8"),
    readFile(join(CLIENT, "icon.svg"), "utf8"),
  ]);
  return new Map([
    ["/", { type: "text/html; charset=utf-8", text: html }],
    ["/icon.svg", { type: "image/svg+xml", text: icon }],
    ["/page.css", { type: "text/css; charset=utf-8", text: css }],
    [
      "/page.js",
      { type: "text/javascript; charset=utf-8", text: outputFiles.map(({ text }) => text).join("") },
    ],
  ]);
};
