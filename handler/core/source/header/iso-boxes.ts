/** Boxes of one level that are looked at. */
const MAX_BOXES = 512;

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2): its type and its content. */
export type Box = { readonly type: string; readonly content: Uint8Array };

/** The boxes of one level; the last one may be cut off. */
export const boxesIn = (bytes: Uint8Array): readonly Box[] => {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  let at = 0;
  while (at + 8 <= bytes.length && boxes.length < MAX_BOXES) {
    const short = view.getUint32(at);
    const isLong = short === 1 && at + 16 <= bytes.length;
    const size = isLong ? Number(view.getBigUint64(at + 8)) : short === 0 ? bytes.length - at : short;
    const header = isLong ? 16 : 8;
    if (size < header) break;
    boxes.push({
      type: latin1(bytes, at + 4, at + 8),
      content: bytes.subarray(at + header, Math.min(at + size, bytes.length)),
    });
    at += size;
  }
  return boxes;
};

/** The content of the first box at the end of a path of types; version and flags of the `full` ones are skipped. */
export const boxAt = (bytes: Uint8Array, ...path: readonly string[]): Uint8Array | undefined => {
  let content: Uint8Array | undefined = bytes;
  for (const type of path) {
    content = boxesIn(content ?? new Uint8Array()).find((box) => box.type === type)?.content;
    if (content === undefined) return undefined;
    if (type === "meta") content = content.subarray(4);
  }
  return content;
};

/** An item of a HEIF file (ISO/IEC 23008-12), such as an image or a block of EXIF, that lies in one piece. */
export type Item = { readonly id: number; readonly type: string; readonly bytes: Uint8Array };

/** Where items lie: 8.11.3. Those in another box than the file itself, or in several pieces, are left out. */
const extents = (
  location: Uint8Array,
): ReadonlyMap<number, { readonly at: number; readonly length: number }> => {
  const view = viewOf(location);
  const version = view.getUint8(0);
  const sizes = view.getUint16(4);
  const width = (shift: number): number => (sizes >> shift) & 15;
  let at = 6;
  const next = (bytes: number): number => {
    let value = 0;
    for (let index = 0; index < bytes; index += 1) value = value * 256 + view.getUint8(at + index);
    at += bytes;
    return value;
  };
  const found = new Map<number, { readonly at: number; readonly length: number }>();
  const items = next(version < 2 ? 2 : 4);
  for (let index = 0; index < Math.min(items, MAX_BOXES); index += 1) {
    const id = next(version < 2 ? 2 : 4);
    const construction = version === 0 ? 0 : next(2) & 15;
    next(2);
    const base = next(width(4));
    const pieces = next(2);
    for (let piece = 0; piece < pieces; piece += 1) {
      if (version > 0) next(width(0));
      const offset = next(width(12));
      const length = next(width(8));
      if (construction === 0 && pieces === 1) found.set(id, { at: base + offset, length });
    }
  }
  return found;
};

const itemTypes = (info: Uint8Array): ReadonlyMap<number, string> => {
  const countBytes = info[0] === 0 ? 2 : 4;
  return new Map(
    boxesIn(info.subarray(4 + countBytes)).flatMap(({ type, content }) => {
      const version = content[0] ?? 0;
      if (type !== "infe" || version < 2) return [];
      const view = viewOf(content);
      const idBytes = version === 2 ? 2 : 4;
      const id = version === 2 ? view.getUint16(4) : view.getUint32(4);
      return [[id, latin1(content, 6 + idBytes, 10 + idBytes)] as const];
    }),
  );
};

/** Items of a HEIF file, in the order of the file's own list. @throws RangeError where the file is damaged */
export const itemsIn = (bytes: Uint8Array): readonly Item[] => {
  const info = boxAt(bytes, "meta", "iinf");
  const location = boxAt(bytes, "meta", "iloc");
  if (info === undefined || location === undefined) return [];
  const places = extents(location);
  return [...itemTypes(info)].flatMap(([id, type]) => {
    const place = places.get(id);
    return place === undefined || place.at + place.length > bytes.length
      ? []
      : [{ id, type, bytes: bytes.subarray(place.at, place.at + place.length) }];
  });
};
