import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { browser, describeInBrowser } from "./support/browser.ts";
import { enter } from "./support/gestures.ts";
import { servedPage } from "./support/served-page.ts";

describeInBrowser("the way into the page", () => {
  const served = servedPage();
  const { open } = browser();

  const openAsStranger = async () => {
    const window = await open();
    await window.page.context().clearCookies();
    return window;
  };

  test("the printed address opens the page, and leaves no pass in address bar, way back or requests", async () => {
    const { page, complaints } = await openAsStranger();
    const { address } = served;
    const { origin, pathname, hash } = new URL(address);
    const asked: string[] = [];
    page.on("request", (request) => {
      asked.push(`${request.url()} ${request.headers()["referer"] ?? ""}`);
    });
    await enter(page, address);
    expect(page.url()).toBe(`${origin}${pathname}`);
    expect(asked.length).toBeGreaterThan(5);
    // Playwright shows the fragment of the address that was opened; a browser sends none.
    expect(asked.slice(1).filter((each) => each.includes(hash.slice(6)))).toEqual([]);
    expect(asked.filter((each) => !each.startsWith(`${origin}${pathname}`))).toEqual([]);
    await page.goBack();
    expect(page.url()).toBe("about:blank");
    expect(complaints).toEqual([]);
  });

  test("an address that a browser remembers opens nothing again, and says where the next one is", async () => {
    const first = await openAsStranger();
    const { address } = served;
    await enter(first.page, address);
    const { page } = await openAsStranger();
    await page.goto(address);
    await page
      .getByText("This address was used before. The command's window shows the one that opens the page.", {
        exact: true,
      })
      .waitFor();
    expect(served.entries.at(-1)).toBe(served.address);
    await enter(page, served.address);
  });

  test("a browser that is in opens the printed address as often as it likes, and spends no pass", async () => {
    const { page, complaints } = await openAsStranger();
    await enter(page, served.address);
    const { address } = served;
    for (let time = 0; time < 2; time += 1) {
      await page.goto("about:blank");
      await enter(page, address);
      expect(page.url()).toBe(address.split("#")[0]);
    }
    expect(served.address).toBe(address);
    expect(complaints).toEqual([]);
  });

  test("without a pass, and without JavaScript, it says what to do", async () => {
    const { page } = await openAsStranger();
    const [bare = ""] = served.address.split("#");
    await page.goto(bare);
    await page
      .getByText("This page opens with the address that the command has printed: its end lets you in.")
      .waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setScriptExecutionDisabled", { value: true });
    await page.goto(bare);
    await page.getByText("This page needs JavaScript").waitFor();
  });

  test("a server at another port of this machine is not sent the cookie, unless it knows the page's path", async () => {
    const { page } = await openAsStranger();
    await enter(page, served.address);
    const cookies = new Map<string, string | undefined>();
    const other = createServer((request: IncomingMessage, response) => {
      cookies.set(request.url ?? "", request.headers.cookie);
      response.end("<title>another server</title>");
    });
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const bound = other.address();
    const at = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`;
    const { pathname } = new URL(served.address);
    try {
      for (const path of ["/", "/api/stack", pathname.slice(0, -1), pathname]) {
        await page.goto(`${at}${path}`);
      }
      expect([cookies.get("/"), cookies.get("/api/stack"), cookies.get(pathname.slice(0, -1))]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(cookies.get(pathname)).toMatch(/^page=/);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});
