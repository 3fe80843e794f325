import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { expect, onTestFinished, test } from "vitest";
import { gradient } from "../local/support/test-images.ts";
import { browser, describeInBrowser } from "./support/browser.ts";
import { dropFiles, enter, pasteFiles, stationStates } from "./support/gestures.ts";
import { servedPage } from "./support/served-page.ts";

/** The picture in README.md: `PAGE_PICTURE=true vitest run tests/page/pipeline.test.ts`. */
const takePicture = async (page: Page): Promise<void> => {
  await page.setViewportSize({ width: 1120, height: 1060 });
  const picture = await page.screenshot();
  await sharp(picture)
    .png({ palette: true, effort: 10 })
    .toFile(join(import.meta.dirname, "..", "..", "docs", "page.png"));
};

const ALL_DONE = {
  uploaded: "done",
  queued: "done",
  processing: "done",
  stored: "done",
  recorded: "done",
  mailed: "done",
};

describeInBrowser("the pipeline's view", () => {
  const served = servedPage();
  const { open } = browser();

  test("a photo that is dropped goes through all stations, and its renditions are told", async () => {
    const { page, complaints } = await open();
    await enter(page, served.address);
    await dropFiles(page, [
      { name: "dropped.jpg", type: "image/jpeg", bytes: await gradient(900, 600).jpeg().toBuffer() },
    ]);
    const card = page.locator(".journey", { hasText: "dropped.jpg" });
    await card.locator('[data-station="mailed"].done').waitFor();
    expect(await stationStates(card)).toEqual(ALL_DONE);
    expect(await card.locator(".journey-outcome").textContent()).toMatch(/^6 renditions in /);
    const times = await card.locator(".station-time").allTextContents();
    expect(times.slice(1)).toEqual(
      Array.from({ length: 5 }, () => expect.stringMatching(/^\+[\d.]+ (ms|s)$/)),
    );
    expect(await card.locator(".thumbnail img").last().getAttribute("src")).toMatch(/^files\/rendition/);
    expect(await card.locator(".thumbnail img.behind").getAttribute("src")).toMatch(
      /^data:image\/webp;base64,/,
    );
    expect(complaints).toEqual([]);
    expect(served.faults).toEqual([]);
  });

  test("a photo is shown finished within a second of its record's notice", async () => {
    const { page } = await open();
    await enter(page, served.address);
    await served.pipeline.upload(await gradient(300, 200).jpeg().toBuffer(), "prompt.jpg");
    const card = page.locator(".journey", { hasText: "prompt.jpg" });
    await card.locator('[data-station="mailed"].done').waitFor();
    const { NotifiedAt = "" } = (await served.pipeline.record("prompt.jpg")) ?? {};
    console.log(`shown ${Date.now() - Date.parse(NotifiedAt)} ms after its notice`);
    expect(NotifiedAt).not.toBe("");
  });

  test("a file that is chosen in a dialog comes too, whatever its name", async () => {
    const { page, complaints } = await open();
    await enter(page, served.address);
    await page
      .getByLabel("Choose images", { exact: true })
      .last()
      .setInputFiles({
        name: "chosen #1 50%.jpg",
        mimeType: "image/jpeg",
        buffer: await gradient(64, 64).jpeg().toBuffer(),
      });
    const card = page.locator(".journey", { hasText: "chosen #1 50%.jpg" });
    await card.locator('[data-station="mailed"].done').waitFor();
    expect(complaints).toEqual([]);
  });

  test("a folder that is chosen brings its files with their path, but for hidden ones", async () => {
    const { page, complaints } = await open();
    await enter(page, served.address);
    const parent = await mkdtemp(join(tmpdir(), "chosen-"));
    onTestFinished(() => rm(parent, { recursive: true }));
    const folder = join(parent, "holiday");
    await mkdir(join(folder, "beach"), { recursive: true });
    await writeFile(join(folder, "beach", "sea.jpg"), await gradient(64, 64).jpeg().toBuffer());
    await writeFile(join(folder, ".hidden.jpg"), await gradient(32, 32).jpeg().toBuffer());
    await page.getByLabel("Choose a folder", { exact: true }).last().setInputFiles(folder);
    const card = page.locator(".journey", { hasText: "holiday/beach/sea.jpg" });
    await card.locator('[data-station="mailed"].done').waitFor();
    expect(await page.locator(".journey", { hasText: ".hidden.jpg" }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("a picture that is pasted gets a name by its time", async () => {
    const { page, complaints } = await open();
    await enter(page, served.address);
    const bytes = await gradient(64, 48).png().toBuffer();
    await pasteFiles(page, [{ name: "image.png", type: "image/png", bytes }]);
    const card = page.locator(".journey", { hasText: /pasted\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.png/ });
    await card.locator('[data-station="mailed"].done').waitFor();
    expect(complaints).toEqual([]);
  });

  test("a file that can't be processed tells its reason", async () => {
    const { page, complaints } = await open();
    await enter(page, served.address);
    await dropFiles(page, [{ name: "letter.jpg", type: "image/jpeg", bytes: Buffer.from("Dear photo") }]);
    const card = page.locator(".journey", { hasText: "letter.jpg" });
    await card.locator('[data-station="mailed"].done').waitFor();
    expect(await stationStates(card)).toEqual({ ...ALL_DONE, processing: "failed", stored: "skipped" });
    expect(await card.locator(".journey-outcome").textContent()).toMatch(
      /^UNSUPPORTED_FORMAT The file's content is no kind of image /,
    );
    expect(complaints).toEqual([]);
  });

  test("a page that is opened later shows what has happened before", async () => {
    const { page } = await open();
    await enter(page, served.address);
    await page
      .locator(".journey", { hasText: "warm-up.png" })
      .locator('[data-station="mailed"].done')
      .waitFor();
  });

  test("samples are sent for people without a picture at hand", async () => {
    const { page, complaints } = await open();
    await enter(page, served.address);
    await page.getByRole("button", { name: "Send a sample photo" }).click();
    await page.locator(".journey.processed", { hasText: "samples/IMG_" }).waitFor();
    await page.getByRole("button", { name: "Send a damaged one" }).click();
    const damaged = page.locator(".journey.failed", { hasText: "samples/cut off" });
    expect(await damaged.locator(".journey-outcome").textContent()).toContain("CORRUPT_IMAGE");
    if (process.env["PAGE_PICTURE"] !== undefined) {
      await page.mouse.move(0, 0);
      await takePicture(page);
    }
    expect(complaints).toEqual([]);
  });
});
