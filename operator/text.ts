import { plain } from "../handler/core/strangers-text.ts";

/** Originals beyond which one machine takes too long (README.md, Beyond a million). */
export const MANY = 1_000_000;

export const countText = (count: number): string => count.toLocaleString("en");

/** A span of seconds in its two largest units. */
export const spanText = (seconds: number): string => {
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
};

/** Lines of a table, each column as wide as its widest cell; the last one is left as it is. */
export const tableLines = (table: readonly (readonly string[])[]): readonly string[] => {
  const rows = table.map((row) => row.map(plain));
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((cell, column) => Math.max(cell.length, found[column] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  "),
  );
};
