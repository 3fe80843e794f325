import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { gradient } from "../local/support/test-images.ts";
import { browser, describeInBrowser } from "./support/browser.ts";
import { enter, goTo } from "./support/gestures.ts";
import { servedPage } from "./support/served-page.ts";

const results = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

/** Serious and critical faults, each with the elements that have it. */
const faultsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const { violations } = results.parse(await page.evaluate("axe.run(document)"));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
};

const IMAGE = "#/image/photo.jpg";
/** Every view, and what is there once it is whole. */
const VIEWS = [
  ["#/pipeline", ".journey.processed"],
  ["#/library", ".asset"],
  ["#/failures", ".journey.failed"],
  ["#/mailbox", ".mail"],
  ["#/renditions", "option"],
  ["#/stack", "[role=tabpanel] table"],
  [IMAGE, ".compare"],
] as const;

describeInBrowser("the page for everybody", () => {
  const served = servedPage();
  const { open } = browser();

  const openView = async (view: string, whole: string, options: Parameters<typeof open>[0] = {}) => {
    const { pipeline, address } = served;
    if ((await pipeline.record("photo.jpg")) === undefined) {
      const photo = await gradient(900, 600).jpeg().toBuffer();
      await pipeline.waitForRecord(await pipeline.upload(photo, "photo.jpg"));
      await pipeline.waitForRecord(await pipeline.upload(Buffer.from("none"), "letter.jpg"));
    }
    const window = await open(options);
    await enter(window.page, address);
    await goTo(window.page, address, view);
    await window.page.locator(whole).first().waitFor({ state: "attached" });
    return window;
  };

  test.for(VIEWS)("%s has no serious fault, by light and by dark", async ([view, whole]) => {
    for (const colours of ["light", "dark"] as const) {
      const { page, complaints } = await openView(view, whole, { colours });
      expect(await faultsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  test.for(VIEWS)("%s fits a screen of 320 pixels", async ([view, whole]) => {
    const { page } = await openView(view, whole, { size: { width: 320, height: 640 } });
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(width).toBe(320);
  });

  test("an image is sent, opened and compared by keys alone", async () => {
    const { page, complaints } = await openView("#/pipeline", ".journey");
    const reach = async (isReached: () => Promise<boolean>): Promise<void> => {
      for (let presses = 0; presses < 60 && !(await isReached()); presses += 1) {
        await page.keyboard.press("Tab");
      }
      expect(await isReached()).toBe(true);
    };
    const focused = (text: string) => async () =>
      String(await page.evaluate("document.activeElement?.textContent")).includes(text);
    await reach(focused("Send a sample photo"));
    await page.keyboard.press("Enter");
    await page.locator(".journey.processed", { hasText: "samples/IMG_" }).waitFor();
    await reach(focused("samples/IMG_"));
    await page.keyboard.press("Enter");
    await page.getByRole("slider").waitFor();
    expect(await page.evaluate("document.activeElement?.tagName")).toBe("H1");
    await reach(
      async () => (await page.evaluate("document.activeElement?.getAttribute('type')")) === "range",
    );
    await page.keyboard.press("ArrowLeft");
    expect(await page.getByRole("slider").inputValue()).toBe("49");
    expect(complaints).toEqual([]);
  });

  test("what happens is said to those who can't see it", async () => {
    const { page } = await openView("#/pipeline", ".journey");
    await page.getByRole("button", { name: "Send a damaged one" }).click();
    await page
      .getByRole("status")
      .filter({ hasText: /cut off \d+\.jpg could not be processed/ })
      .waitFor();
  });

  test("colours are the system's until somebody turns them over, and are remembered", async () => {
    const { page } = await openView("#/pipeline", ".journey", { colours: "dark" });
    const paper = () => page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor");
    const dark = await paper();
    await page.getByRole("button", { name: /^Colours/ }).click();
    const light = await paper();
    expect(light).not.toBe(dark);
    await page.reload();
    await page.locator(".journey").first().waitFor();
    expect(await paper()).toBe(light);
    await page.evaluate("localStorage.clear()");
    expect(served.faults).toEqual([]);
  });
});
