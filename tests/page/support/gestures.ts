import type { Locator, Page } from "playwright-core";

export type DroppedFile = {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
};

/** A DataTransfer with files, in words, because tests are checked without a browser's types. */
const transferOf = (files: readonly DroppedFile[]): string => {
  const given = files.map(({ name, type, bytes }) => ({
    name,
    type,
    base64: Buffer.from(bytes).toString("base64"),
  }));
  return `(() => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of ${JSON.stringify(given)}) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  })()`;
};

/** Lets files fall on the page as a person's hand would. */
export const dropFiles = async (page: Page, files: readonly DroppedFile[]): Promise<void> => {
  const dataTransfer = await page.evaluateHandle(transferOf(files));
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer });
};

/** Pastes a clipboard that holds files. */
export const pasteFiles = async (page: Page, files: readonly DroppedFile[]): Promise<void> => {
  await page.evaluate(
    `document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: ${transferOf(files)}, bubbles: true }))`,
  );
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

/** Opens the page at its address, as it is printed, and waits until the browser is in. */
export const enter = async (page: Page, address: string): Promise<void> => {
  await page.goto(address);
  await page.getByRole("navigation", { name: "Views" }).waitFor();
};

/** Opens one of the page's places, such as `#/library`, in a browser that is in. */
export const goTo = async (page: Page, address: string, place: string): Promise<void> => {
  await page.goto(new URL(place, address).href);
};
