export { sizeText } from "../../handler/core/byte-size.ts";
export { durationText } from "../../operator/duration-text.ts";

/** What a rendition saves against its original, cut so that nothing that is left saves all: `63 % smaller`. */
export const savingText = (originalBytes: number, bytes: number): string => {
  const percent = Math.trunc((1 - bytes / Math.max(originalBytes, 1)) * 100);
  return percent < 0 ? `${-percent} % larger` : `${percent} % smaller`;
};

export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** The time of day, as the person's clock shows it. */
export const clockText = (iso: string): string =>
  new Date(iso).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const dateText = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
