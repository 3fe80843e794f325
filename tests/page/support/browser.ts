import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import { OUTCOME_TIMEOUT_MS } from "../../local/support/emulated-aws.ts";

/** Where systems keep a Chromium, or a browser made of it. */
const BROWSERS = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const executablePath = BROWSERS.find((path) => path !== "" && existsSync(path));

/** It runs alone, calls nobody, and keeps nothing. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const isRequired = process.env["CI"] === "true";
if (executablePath === undefined && !isRequired) {
  console.warn("No Chromium is installed here: the tests of the page in a browser are skipped.");
}

/** Tests in a real browser; skipped where there is none, but not in CI. */
export const describeInBrowser = describe.skipIf(executablePath === undefined && !isRequired);

export type Browser = {
  /** A new window, and everything that it complains about. */
  open(options?: WindowOptions): Promise<Window>;
};

export type WindowOptions = {
  /** Pixels. @default 1280 x 900 */
  readonly size?: { readonly width: number; readonly height: number };
  readonly colours?: "light" | "dark";
};

export type Window = {
  readonly page: Page;
  /** Errors of scripts, what the content security policy refused, and requests that failed. */
  readonly complaints: readonly string[];
};

const listenToComplaints = (page: Page): readonly string[] => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`${error}`));
  page.on("console", (message) => {
    if (message.type() === "error" || /Content[- ]Security[- ]Policy/i.test(message.text())) {
      complaints.push(message.text());
    }
  });
  return complaints;
};

/** One browser for all tests of a file. */
export const browser = (): Browser => {
  let context: BrowserContext | undefined;
  let folder: string | undefined;
  beforeAll(async () => {
    expect(executablePath, "CI needs a Chromium: apt-get install chromium").toBeDefined();
    folder = await mkdtemp(join(tmpdir(), "page-browser-"));
    context = await chromium.launchPersistentContext(folder, {
      ...(executablePath === undefined ? {} : { executablePath }),
      headless: true,
      args: FLAGS,
    });
  });
  // Each window holds a connection to the page's server, of which a browser opens six.
  afterEach(async () => {
    await Promise.all(context?.pages().map((page) => page.close()) ?? []);
  });
  afterAll(async () => {
    await context?.close();
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
  return {
    open: async ({ size = { width: 1280, height: 900 }, colours = "light" } = {}) => {
      if (context === undefined) {
        throw new Error("The browser is not started before the tests run.");
      }
      const page = await context.newPage();
      page.setDefaultTimeout(OUTCOME_TIMEOUT_MS / 2);
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: colours });
      return { page, complaints: listenToComplaints(page) };
    },
  };
};
