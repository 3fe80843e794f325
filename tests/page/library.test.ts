import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";
import {
  formatIndexAttributes,
  keyIndexAttributes,
  stateAttributes,
} from "../../handler/core/record/index.ts";
import type { Pipeline } from "../../local/start/pipeline.ts";
import { withoutGrant } from "../local/support/role-grants.ts";
import { gradient } from "../local/support/test-images.ts";
import { browser, describeInBrowser } from "./support/browser.ts";
import { enter, goTo } from "./support/gestures.ts";
import { servedPage } from "./support/served-page.ts";

const COUNT = 10_000;

/** A record as the handler would have written it, one in a hundred failed, one in ten a PNG. */
const recordOf = (number: number) => {
  const key = `archive/${String(number).padStart(5, "0")}.jpg`;
  const isFailed = number % 100 === 99;
  const format = number % 10 === 0 ? "png" : "jpeg";
  const time = new Date(Date.UTC(2025, 0, 1) + number * 60_000).toISOString();
  return {
    ImageKey: key,
    SourceBucket: "source",
    DestinationBucket: "destination",
    UploadTime: time,
    ProcessedAt: time,
    NotifiedAt: time,
    Sequencer: "00".repeat(16),
    SizeBytes: 1000 + number,
    Attempts: 1,
    Format: format,
    ...(isFailed ? { ReasonCode: "CORRUPT_IMAGE", Reason: "It is damaged." } : { Renditions: [] }),
    ...keyIndexAttributes(key),
    ...stateAttributes(key, isFailed ? "FAILED" : "PROCESSED"),
    ...formatIndexAttributes(key, format),
  };
};

const fill = async ({ aws, outputs }: Pipeline): Promise<void> => {
  for (let from = 0; from < COUNT; from += 250) {
    await Promise.all(
      Array.from({ length: 10 }, (_, part) =>
        aws.dynamodb.send(
          new BatchWriteItemCommand({
            RequestItems: {
              [outputs.tableName]: Array.from({ length: 25 }, (_, index) => ({
                PutRequest: { Item: marshall(recordOf(from + part * 25 + index)) },
              })),
            },
          }),
        ),
      ),
    );
  }
};

describeInBrowser("the library and the failures", () => {
  const served = servedPage({ settings: { timeoutSeconds: "10", maxReceiveCount: "1" } });
  const { open } = browser();

  const openView = async (view: string) => {
    const window = await open();
    await enter(window.page, served.address);
    await goTo(window.page, served.address, `#/${view}`);
    return window;
  };

  test("ten thousand records come page by page, and are found by key, state, format and date", async () => {
    await fill(served.pipeline);
    const { page, complaints } = await openView("library");
    const count = page.locator(".count");
    await page.getByText("48 shown", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByText("96 shown", { exact: true }).waitFor();

    const start = performance.now();
    await page.getByLabel("Key begins with").fill("archive/0123");
    await page.getByText("10 shown, that is all").waitFor();
    console.log(`found by its key's beginning in ${Math.round(performance.now() - start)} ms`);
    expect(await page.locator(".asset h2").allTextContents()).toEqual(
      Array.from({ length: 10 }, (_, index) => `archive/0123${index}.jpg`),
    );
    await page.getByLabel("Format").selectOption("png");
    await page.getByText("1 shown, that is all").waitFor();
    await page.getByLabel("Key begins with").fill("");
    await page.getByLabel("Format").selectOption("");
    await page.getByLabel("State").selectOption("FAILED");
    await page.getByLabel("Uploaded from").fill("2025-01-02");
    await page.getByLabel("until").fill("2025-01-02");
    await expect.poll(() => count.textContent(), { timeout: 60_000 }).toMatch(/^1[45] shown, that is all$/);
    expect(new Set(await page.locator(".asset .tag").allTextContents())).toEqual(new Set(["CORRUPT_IMAGE"]));
    await page.getByLabel("Key begins with").fill("nothing/like/it");
    await page.getByText("Nothing is like that.").waitFor();
    expect(complaints).toEqual([]);
  });

  test("failures tell their reason and what to do, and can be tried again", async () => {
    const { pipeline } = served;
    const uploaded = await pipeline.upload(Buffer.from("no picture"), "letter.jpg");
    await pipeline.waitForRecord(uploaded);
    const { page, complaints } = await openView("failures");
    const failure = page.locator(".journey.failed", { hasText: "letter.jpg" });
    await failure.getByText("UNSUPPORTED_FORMAT").waitFor();
    expect(await failure.textContent()).toMatch(/Save the picture as one of /);
    await failure.getByRole("button", { name: "Try again letter.jpg" }).click();
    await expect
      .poll(async () => (await pipeline.record("letter.jpg"))?.VersionId, { timeout: 60_000 })
      .not.toBe(uploaded.versionId);
    expect(complaints).toEqual([]);
  });

  test("dead letters tell what the function logged, and go the way again once the cause is mended", async () => {
    const { pipeline } = served;
    const { page, complaints } = await openView("pipeline");
    const card = page.locator(".journey", { hasText: "dead.jpg" });
    await withoutGrant(pipeline, "sns:Publish", async () => {
      await pipeline.upload(await gradient(90, 60).jpeg().toBuffer(), "dead.jpg");
      await card.getByText(/^Given up after 1 try/).waitFor({ timeout: 110_000 });
    });
    await page.getByRole("link", { name: /^Failures/ }).click();
    const letter = page.locator(".journey.dead", { hasText: "dead.jpg" });
    await expect
      .poll(
        async () => {
          await page.getByRole("button", { name: "Look again" }).click();
          return letter.getByText(/^NOTIFY_FAILED: /).isVisible();
        },
        { timeout: 110_000, interval: 3_000 },
      )
      .toBe(true);
    await page.getByRole("button", { name: "Bring them back to the queue" }).click();
    await expect
      .poll(async () => (await pipeline.record("dead.jpg"))?.NotifiedAt, { timeout: 110_000 })
      .toBeDefined();
    expect(complaints).toEqual([]);
    expect(served.faults).toEqual([]);
    // A message that failed is hidden for a minute before it is given up.
  }, 300_000);
});
