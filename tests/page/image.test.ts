import sharp from "sharp";
import { expect, test } from "vitest";
import { gradient } from "../local/support/test-images.ts";
import { browser, describeInBrowser } from "./support/browser.ts";
import { enter, goTo } from "./support/gestures.ts";
import { servedPage } from "./support/served-page.ts";

/** A photo that tells where, when and with what it was taken. */
const tellingPhoto = async (): Promise<Buffer> =>
  (await gradient(900, 600))
    .jpeg()
    .withExif({
      IFD0: { Make: "Maker", Model: "Model 1", Artist: "A. Person" },
      IFD2: { DateTimeOriginal: "2026:11:25 10:00:00", BodySerialNumber: "123456" },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "47/1 22/1 0/1",
        GPSLongitudeRef: "E",
        GPSLongitude: "8/1 30/1 0/1",
      },
    })
    .toBuffer();

describeInBrowser("the view of one image", () => {
  const served = servedPage();
  const { open } = browser();

  const openImage = async (key: string) => {
    const window = await open();
    await enter(window.page, served.address);
    await goTo(window.page, served.address, `#/image/${encodeURIComponent(key)}`);
    await window.page.getByRole("heading", { level: 1, name: key }).waitFor();
    return window;
  };

  const processed = async (key: string): Promise<void> => {
    await served.pipeline.waitForRecord(await served.pipeline.upload(await tellingPhoto(), key));
  };

  test("it shows original and rendition in one frame, and a slider between them that keys move", async () => {
    await processed("album/photo ä%.jpg");
    const { page, complaints } = await openImage("album/photo ä%.jpg");
    const [before, after] = [page.locator(".compare-before"), page.locator(".compare-after")];
    const sizeOf = (selector: string) =>
      page.evaluate(
        `((image) => image.decode().then(() => image.naturalWidth))(document.querySelector("${selector}"))`,
      );
    await before.waitFor();
    expect([await sizeOf(".compare-before"), await sizeOf(".compare-after")]).toEqual([900, 900]);
    const slider = page.getByRole("slider");
    await slider.focus();
    await page.keyboard.press("Home");
    expect(await slider.inputValue()).toBe("0");
    await page.keyboard.press("ArrowRight");
    expect(await slider.inputValue()).toBe("1");
    const shown = "getComputedStyle(document.querySelector('.compare-before')).clipPath";
    expect(await page.evaluate(shown)).toContain("99%");
    await page.getByRole("button", { name: "thumbnail", exact: true }).first().click();
    expect(await after.getAttribute("alt")).toMatch(/^thumbnail, webp, /);
    expect(complaints).toEqual([]);
  });

  test("it lists every rendition with pixels, size and saving", async () => {
    await processed("listed.jpg");
    const { page } = await openImage("listed.jpg");
    const { Renditions = [] } = (await served.pipeline.record("listed.jpg")) ?? {};
    const rows = page.getByRole("region", { name: "Renditions" }).locator("tbody tr");
    await rows.first().waitFor();
    const shown = await rows.allTextContents();
    expect(shown).toHaveLength(Renditions.length);
    for (const [index, { Name, Width, Height }] of Renditions.entries()) {
      expect(shown[index]).toMatch(new RegExp(`^${Name} .*${Width} × ${Height}.*(smaller|larger)$`));
    }
  });

  test("it tells what the original gave away, and that the renditions do not", async () => {
    await processed("telling.jpg");
    const { page, complaints } = await openImage("telling.jpg");
    const rows = page.getByRole("region", { name: "Metadata" }).locator("tbody tr");
    await rows.first().waitFor();
    const shown = await rows.allTextContents();
    for (const told of [
      "Where it was takenGPS 47.36667° N, 8.50000° E",
      "With whatMake Maker",
      "With whatBodySerialNumber 123456",
      "By whomArtist A. Person",
      "WhenDateTimeOriginal 2026-11-25T10:00:00.000Z",
    ]) {
      expect(shown).toContainEqual(expect.stringMatching(`^${told.replaceAll(".", "\\.")} ?stripped$`));
    }
    const { Renditions = [] } = (await served.pipeline.record("telling.jpg")) ?? {};
    expect(Renditions.length).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  test("it gives picture elements, mails, logs of this upload alone, and the record, by keys alone", async () => {
    await processed("neighbour.jpg");
    await processed("alone.jpg");
    const { page, complaints } = await openImage("alone.jpg");
    await page.getByRole("tab", { name: "Metadata" }).focus();
    const panel = page.getByRole("tabpanel");
    await page.keyboard.press("ArrowRight");
    await panel.getByText('<source type="image/webp" srcset="/alone.jpg/medium.webp 1x">').waitFor();
    await page.keyboard.press("ArrowRight");
    await panel.getByText('"alone.jpg" was processed in').waitFor();
    await page.keyboard.press("ArrowRight");
    await panel.getByText("Image processed").waitFor();
    expect(await panel.textContent()).not.toContain("neighbour.jpg");
    await page.keyboard.press("ArrowRight");
    await panel.getByText('"ImageKey": "alone.jpg"').waitFor();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", { selected: true }).textContent()).toBe("Metadata");
    expect(complaints).toEqual([]);
  });

  test("an image that failed tells why, and goes the whole way again when it is tried again", async () => {
    const { pipeline } = served;
    const whole = await tellingPhoto();
    const uploaded = await pipeline.upload(whole.subarray(0, whole.length / 2), "again.jpg");
    await pipeline.waitForRecord(uploaded);
    const { page, complaints } = await openImage("again.jpg");
    await page.getByText("CORRUPT_IMAGE").first().waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("On its way again.").waitFor();
    // Its record is begun anew first, and has its reason a moment later.
    const again = async () => {
      const { VersionId, ReasonCode } = (await pipeline.record("again.jpg")) ?? {};
      return VersionId !== uploaded.versionId && ReasonCode === "CORRUPT_IMAGE";
    };
    await expect.poll(again, { timeout: 60_000 }).toBe(true);
    expect(complaints).toEqual([]);
  });

  test("an image that was replaced is shown anew", async () => {
    await processed("replaced.jpg");
    const { page } = await openImage("replaced.jpg");
    await page.getByText("900 × 600").first().waitFor();
    await served.pipeline.upload(await gradient(300, 200).png().toBuffer(), "replaced.jpg");
    await page.locator(".facts", { hasText: "PNG" }).waitFor();
    await page.locator(".facts", { hasText: "300 × 200" }).waitFor();
  });

  test("mails are in the mailbox as people get them, and the newest is first", async () => {
    await processed("mailed.jpg");
    const { page, complaints } = await open();
    await enter(page, served.address);
    await page.getByRole("link", { name: /^Mailbox/ }).click();
    const mail = page.locator(".mail", { hasText: '"mailed.jpg" was processed' });
    await mail.waitFor();
    expect(await mail.locator("h3").textContent()).toBe("New Image Processed");
    expect(await mail.locator("header").textContent()).toContain("To: you@example.com");
    expect(complaints).toEqual([]);
  });

  test("an image of which there is no record says so", async () => {
    const { page } = await openImage("nowhere.jpg");
    await page.getByText("There is no record of nowhere.jpg (yet).").waitFor();
  });

  test("no rendition that the page links to carries metadata", async () => {
    await processed("clean.jpg");
    const { page } = await openImage("clean.jpg");
    const link = page.getByRole("link", { name: /^jpeg of large/ });
    const answer = await page.request.get(new URL((await link.getAttribute("href")) ?? "", page.url()).href);
    const { exif, xmp, iptc, icc } = await sharp(await answer.body()).metadata();
    expect({ exif, xmp, iptc, icc }).toEqual({
      exif: undefined,
      xmp: undefined,
      iptc: undefined,
      icc: undefined,
    });
    expect(served.faults).toEqual([]);
  });
});
