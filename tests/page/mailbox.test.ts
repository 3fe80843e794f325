import { expect, test } from "vitest";
import { sendDigestNow } from "../../operator/digest.ts";
import { targetOf } from "../operator/support.ts";
import { browser, describeInBrowser } from "./support/browser.ts";
import { enter } from "./support/gestures.ts";
import { servedPage } from "./support/served-page.ts";

describeInBrowser("the mailbox", () => {
  const served = servedPage({ settings: { notices: "digest" } });
  const { open } = browser();

  test("shows a digest as its owner gets it, with no image to go to", async () => {
    const { pipeline } = served;
    const notes = await pipeline.upload(Buffer.from("no image"), "notes.jpg");
    await pipeline.waitForRecord(notes);
    const target = targetOf(pipeline);
    // The upload that warmed the function is in it too.
    expect(await sendDigestNow(target, new Date())).toMatchObject({ processed: 1, failed: 1 });
    target.close();

    const { page, complaints } = await open();
    await enter(page, served.address);
    await page.getByRole("link", { name: /^Mailbox/ }).click();
    const mail = page.locator(".mail");
    await mail.waitFor();
    expect(await mail.locator("h3").textContent()).toBe("Image Digest: 1 processed, 1 not");
    expect(await mail.locator("pre").textContent()).toContain(
      `UNSUPPORTED_FORMAT: 1\nSave the picture as one of jpeg, png, webp, gif, avif, tiff, and upload it again.\n\n"notes.jpg"\ns3://${pipeline.outputs.sourceBucket}/notes.jpg`,
    );
    expect(await mail.getByRole("link").count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(served.faults).toEqual([]);
  });
});
