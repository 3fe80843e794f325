import type { Locator, Page } from "playwright-core";

export interface DroppedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Lets files fall on the page as a person's hand would. */
export const dropFiles = async (page: Page, files: readonly DroppedFile[]): Promise<void> => {
  const given = files.map(({ name, type, bytes }) => ({
    name,
    type,
    base64: Buffer.from(bytes).toString("base64"),
  }));
  // In words, because tests are checked without a browser's types.
  const transfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of ${JSON.stringify(given)}) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  })()`);
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
};

/** The state of each station of a journey, by name. */
export const stationStates = async (card: Locator): Promise<Record<string, string>> => {
  const stations = await card.locator(".station").all();
  return Object.fromEntries(
    await Promise.all(
      stations.map(async (station) => [
        await station.getAttribute("data-station"),
        (await station.getAttribute("class"))?.replace("station ", ""),
      ]),
    ),
  );
};
