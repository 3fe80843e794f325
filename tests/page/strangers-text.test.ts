import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { gradient } from "../local/support/test-images.ts";
import { rawIn } from "../support/hostile-texts.ts";
import { notificationBody, s3Record } from "../support/upload-events.ts";
import { browser, describeInBrowser } from "./support/browser.ts";
import { servedPage } from "./support/served-page.ts";

const PHOTO = { key: "pho\u{200B}to\u{1B}\u{202E}gpj.jpg", shown: "pho\\u{200b}to\\u{1b}\\u{202e}gpj.jpg" };
const NOTES = { key: "notes\u{2028}\u{2066}.jpg", shown: "notes\\u{2028}\\u{2066}.jpg" };
const DEAD = { key: "dead\u{9B}\u{200F}.jpg", shown: "dead\\u{9b}\\u{200f}.jpg" };

/** What people see or hear of the page: its text, and what is read to them. */
const SEEN = `[
  document.body.textContent,
  ...[...document.querySelectorAll("[alt], [aria-label], [title], [label]")].flatMap((element) =>
    ["alt", "aria-label", "title", "label"].map((name) => element.getAttribute(name) ?? ""),
  ),
].join(" ")`;

describeInBrowser("text of strangers", () => {
  const served = servedPage();
  const { open } = browser();

  test("every view shows what a key holds as escapes, and none of it raw", async () => {
    const { pipeline } = served;
    const photo = (await gradient(300, 200)).jpeg().withExif({ IFD0: { Artist: "A.\u{1B} Person" } });
    await pipeline.waitForRecord(await pipeline.upload(await photo.toBuffer(), PHOTO.key));
    await pipeline.waitForRecord(await pipeline.upload(Buffer.from("no image"), NOTES.key));
    await pipeline.aws.sqs.send(
      new SendMessageCommand({
        QueueUrl: pipeline.outputs.deadLetterQueueUrl,
        MessageBody: notificationBody(s3Record({ object: { key: encodeURIComponent(DEAD.key) } })),
      }),
    );

    const { page, complaints } = await open();
    const sees = async (...shown: readonly string[]): Promise<void> => {
      for (const each of shown) await page.getByText(each).first().waitFor();
      expect(rawIn(String(await page.evaluate(SEEN)))).toBeUndefined();
    };
    await page.goto(served.address);
    await sees(PHOTO.shown, NOTES.shown);
    await page.getByRole("link", { name: "Library" }).click();
    await sees(PHOTO.shown, NOTES.shown);
    await page.getByRole("link", { name: /^Failures/ }).click();
    await sees(NOTES.shown, DEAD.shown, `Try again ${NOTES.shown}`);
    await page.getByRole("link", { name: /^Mailbox/ }).click();
    await sees(`"${PHOTO.shown}" was processed`, `"${NOTES.shown}" was not processed`);
    await page.getByRole("link", { name: "Renditions" }).click();
    await page.getByRole("option", { name: PHOTO.shown }).waitFor({ state: "attached" });
    await sees();

    await page.getByRole("link", { name: "Library" }).click();
    await page.getByRole("link", { name: PHOTO.shown }).click();
    await page.getByRole("heading", { level: 1, name: PHOTO.shown }).waitFor();
    await sees("A.\\u{1b} Person");
    for (const tab of ["Mails", "Logs", "Record"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page
        .getByRole("tabpanel")
        .getByText(tab === "Record" ? "\\u200bto" : "rocessed")
        .first()
        .waitFor();
      await sees();
    }
    const record: unknown = JSON.parse((await page.locator(".copyable pre").textContent()) ?? "");
    expect(record).toMatchObject({ ImageKey: PHOTO.key, State: "PROCESSED" });
    expect(complaints).toEqual([]);
    expect(served.faults).toEqual([]);
  });
});
