/** One entry of a directory: where its value lies, in the entry itself or elsewhere. */
type Entry = {
  readonly type: number;
  readonly count: number;
  /** Offset of the value. */
  readonly at: number;
};

/** A directory of tags, as TIFF 6.0 has them and EXIF took over; its values are read when they are asked for. */
export type Directory = {
  /** An unsigned whole number; the first when there are several. */
  readonly whole: (tag: number) => number | undefined;
  /** A text, up to its zero and without space around it; EXIF joins two texts in one value by a zero, here by "; ". */
  readonly text: (tag: number) => string | undefined;
  /** Fractions of two unsigned numbers. */
  readonly fractions: (tag: number) => readonly number[] | undefined;
  /** Bytes of any type. */
  readonly bytes: (tag: number) => Uint8Array | undefined;
  /** The directory that a tag points to. */
  readonly directory: (tag: number) => Directory | undefined;
  /** The directory that follows this one. */
  readonly next: () => Directory | undefined;
};

const ASCII = 2;
const RATIONAL = 5;

/** Bytes of one value, by type (TIFF 6.0, section 2; 13 and 16 to 18 came with BigTIFF). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** Tags in one directory that are looked at; cameras write some 40. */
const MAX_ENTRIES = 1024;

/** Longest text or block that is read, in bytes. */
const MAX_VALUE_BYTES = 65_536;

const BYTE_ORDERS: ReadonlyMap<number, boolean> = new Map([
  [0x4949, true],
  [0x4d4d, false],
]);

const BIG = 43;

type Structure = {
  readonly view: DataView;
  readonly isLittleEndian: boolean;
  /** BigTIFF: offsets and counts have 64 bits. */
  readonly isBig: boolean;
};

const wide = ({ view, isLittleEndian, isBig }: Structure, at: number): number =>
  isBig ? Number(view.getBigUint64(at, isLittleEndian)) : view.getUint32(at, isLittleEndian);

const entriesAt = (structure: Structure, offset: number): ReadonlyMap<number, Entry> => {
  const { view, isLittleEndian, isBig } = structure;
  const listed = isBig ? wide(structure, offset) : view.getUint16(offset, isLittleEndian);
  const first = offset + (isBig ? 8 : 2);
  const [entryBytes, valueBytes] = isBig ? [20, 8] : [12, 4];
  const entries = new Map<number, Entry>();
  for (let index = 0; index < Math.min(listed, MAX_ENTRIES); index += 1) {
    const entry = first + index * entryBytes;
    const type = view.getUint16(entry + 2, isLittleEndian);
    const count = wide(structure, entry + 4);
    const value = entry + entryBytes - valueBytes;
    const isInside = count * (TYPE_BYTES[type] ?? 0) <= valueBytes;
    entries.set(view.getUint16(entry, isLittleEndian), {
      type,
      count,
      at: isInside ? value : wide(structure, value),
    });
  }
  return entries;
};

const wholeAt = ({ view, isLittleEndian }: Structure, { type, at }: Entry): number | undefined => {
  switch (TYPE_BYTES[type]) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, isLittleEndian);
    case 4:
      return view.getUint32(at, isLittleEndian);
    case 8:
      return Number(view.getBigUint64(at, isLittleEndian));
    default:
      return undefined;
  }
};

const slice = ({ view }: Structure, at: number, length: number): Uint8Array | undefined =>
  length > MAX_VALUE_BYTES || at + length > view.byteLength
    ? undefined
    : new Uint8Array(view.buffer, view.byteOffset + at, length);

const textIn = (bytes: Uint8Array): string | undefined => {
  const texts = new TextDecoder()
    .decode(bytes)
    .split("\0")
    .map((text) => text.trim());
  return texts.filter((text) => text !== "").join("; ") || undefined;
};

const directoryAt = (structure: Structure, offset: number): Directory | undefined => {
  const entries = within(() => entriesAt(structure, offset));
  if (entries === undefined) return undefined;
  const { view, isLittleEndian, isBig } = structure;
  const read = <Value>(tag: number, from: (entry: Entry) => Value | undefined): Value | undefined => {
    const entry = entries.get(tag);
    return entry === undefined ? undefined : within(() => from(entry));
  };
  const bytes = (tag: number) =>
    read(tag, ({ type, count, at }) => slice(structure, at, count * (TYPE_BYTES[type] ?? 0)));
  return {
    bytes,
    whole: (tag) => read(tag, (entry) => wholeAt(structure, entry)),
    text: (tag) =>
      read(tag, ({ type }) => {
        const value = type === ASCII ? bytes(tag) : undefined;
        return value === undefined ? undefined : textIn(value);
      }),
    fractions: (tag) =>
      read(tag, ({ type, count, at }) =>
        type !== RATIONAL || count > 16
          ? undefined
          : Array.from(
              { length: count },
              (_, index) =>
                view.getUint32(at + index * 8, isLittleEndian) /
                view.getUint32(at + index * 8 + 4, isLittleEndian),
            ),
      ),
    directory: (tag) => read(tag, (entry) => directoryAt(structure, wholeAt(structure, entry) ?? 0)),
    next: () =>
      within(() => {
        const listed = isBig ? wide(structure, offset) : view.getUint16(offset, isLittleEndian);
        const following = wide(structure, offset + (isBig ? 8 + listed * 20 : 2 + listed * 12));
        return following === 0 ? undefined : directoryAt(structure, following);
      }),
  };
};

/** What `read` gives; `undefined` where the block ends too early for it, which a DataView reports as a RangeError. */
export const within = <Value>(read: () => Value): Value | undefined => {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

/** The first directory of a TIFF or BigTIFF structure; `undefined` when it is none, is damaged, or ends before it. */
export const tiffDirectory = (bytes: Uint8Array): Directory | undefined =>
  within(() => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isLittleEndian = BYTE_ORDERS.get(view.getUint16(0));
    if (isLittleEndian === undefined) return undefined;
    const isBig = view.getUint16(2, isLittleEndian) === BIG;
    const structure = { view, isLittleEndian, isBig };
    return directoryAt(structure, wide(structure, isBig ? 8 : 4));
  });
