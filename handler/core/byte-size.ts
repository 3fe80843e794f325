const UNITS = ["bytes", "KiB", "MiB", "GiB"] as const;

/** A size for people: `512 bytes`, `1.5 KiB`. @param bytes a whole number of at least 0 */
export const sizeText = (bytes: number): string => {
  if (bytes === 1) return "1 byte";
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
};
