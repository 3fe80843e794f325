/**
 * The parts that an image file is made of, by a reader of our own that knows nothing of libvips: segments of a JPEG,
 * chunks of a PNG or WebP, blocks of a GIF, boxes and items of an AVIF, tags of a TIFF. What is not a part can't hide:
 * a file that goes on behind its end has a part `rest`.
 */
export const partsOf = (format: string, file: Uint8Array): readonly string[] => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  switch (format) {
    case "jpeg":
      return jpegParts(bytes);
    case "png":
      return pngParts(bytes);
    case "webp":
      return webpParts(bytes);
    case "gif":
      return gifParts(bytes);
    case "avif":
      return boxParts(bytes, "");
    case "tiff":
      return tiffParts(bytes);
    default:
      throw new Error(`Expected a format whose parts can be told, got ${format}.`);
  }
};

const rest = (bytes: Buffer, at: number): readonly string[] => (at < bytes.length ? ["rest"] : []);

const hex = (value: number): string => value.toString(16).padStart(2, "0");

const jpegParts = (bytes: Buffer): readonly string[] => {
  const parts: string[] = [];
  let at = 2;
  for (;;) {
    const marker = bytes.readUInt16BE(at) & 0xff;
    parts.push(hex(marker));
    if (marker === 0xd9) return [...parts, ...rest(bytes, at + 2)];
    at += 2 + bytes.readUInt16BE(at + 2);
    if (marker !== 0xda) continue;
    // Entropy-coded data goes on to the next marker that is neither stuffed nor a restart.
    while (bytes[at] !== 0xff || bytes[at + 1] === 0 || ((bytes[at + 1] ?? 0) & 0xf8) === 0xd0) at += 1;
  }
};

const pngParts = (bytes: Buffer): readonly string[] => {
  const parts: string[] = [];
  let at = 8;
  while (at < bytes.length) {
    const type = bytes.toString("latin1", at + 4, at + 8);
    parts.push(type);
    at += 12 + bytes.readUInt32BE(at);
    if (type === "IEND") return [...parts, ...rest(bytes, at)];
  }
  return parts;
};

const webpParts = (bytes: Buffer): readonly string[] => {
  const parts: string[] = [];
  const end = 8 + bytes.readUInt32LE(4);
  let at = 12;
  while (at < end) {
    parts.push(bytes.toString("latin1", at, at + 4));
    const length = bytes.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  return [...parts, ...rest(bytes, end)];
};

const gifParts = (bytes: Buffer): readonly string[] => {
  const parts: string[] = [];
  const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + tableBytes(bytes[10] ?? 0);
  const skipBlocks = (): void => {
    while (bytes[at] !== 0) at += 1 + (bytes[at] ?? 0);
    at += 1;
  };
  for (;;) {
    const introducer = bytes[at];
    if (introducer === 0x3b) return [...parts, ...rest(bytes, at + 1)];
    if (introducer === 0x21) {
      const label = hex(bytes[at + 1] ?? 0);
      at += 2;
      parts.push(label === "ff" ? `ff ${bytes.toString("latin1", at + 1, at + 12)}` : label);
    } else {
      parts.push("image");
      at += 11 + tableBytes(bytes[at + 9] ?? 0);
    }
    skipBlocks();
  }
};

/** Boxes that hold boxes, and how many bytes stand before those. */
const HOLDERS: Readonly<Record<string, number>> = { meta: 4, iinf: 6, iprp: 0, ipco: 0, iref: 4 };

const boxParts = (bytes: Buffer, path: string): readonly string[] => {
  const parts: string[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + size);
    const held = HOLDERS[type];
    // The type of an item stands behind its version, flags, id and protection.
    const item = type === "infe" ? ` ${content.toString("latin1", 8, 12)}` : "";
    parts.push(`${path}${type}${item}`);
    if (held !== undefined) parts.push(...boxParts(content.subarray(held), `${path}${type}/`));
    if (size < 8) return [...parts, "rest"];
    at += size;
  }
  return [...parts, ...rest(bytes, at)];
};

const tiffParts = (bytes: Buffer): readonly string[] => {
  const isLittle = bytes.toString("latin1", 0, 2) === "II";
  const short = (at: number): number => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const parts: string[] = [];
  let directory = long(4);
  while (directory !== 0) {
    const entries = short(directory);
    for (let index = 0; index < entries; index += 1) parts.push(String(short(directory + 2 + index * 12)));
    directory = long(directory + 2 + entries * 12);
    if (directory !== 0) parts.push("directory");
  }
  return parts;
};
