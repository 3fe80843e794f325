/** EXIF's tag of the copyright notice, and the type of its value (EXIF 2.32, 4.6.8 and 4.6.2). */
const COPYRIGHT_TAG = 0x8298;
const ASCII = 2;

const ENTRY_BYTES = 12;

/** Longest notice that is read, in bytes. */
const MAX_NOTICE_BYTES = 1024;

const PREFIX = [0x45, 0x78, 0x69, 0x66, 0, 0];

/** The TIFF structure of an EXIF block, with or without the `Exif` that stands before it in a JPEG. */
const structure = (exif: Uint8Array): DataView => {
  const start = PREFIX.every((byte, index) => exif[index] === byte) ? PREFIX.length : 0;
  return new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
};

const BYTE_ORDERS: ReadonlyMap<number, boolean> = new Map([
  [0x4949, true],
  [0x4d4d, false],
]);

/** The value's bytes: in the entry itself when they are no more than four. */
const noticeBytes = (view: DataView, entry: number, isLittleEndian: boolean): Uint8Array => {
  const length = view.getUint32(entry + 4, isLittleEndian);
  const at = length <= 4 ? entry + 8 : view.getUint32(entry + 8, isLittleEndian);
  if (length > MAX_NOTICE_BYTES || at + length > view.byteLength)
    throw new RangeError("Outside of the block.");
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
};

const noticeIn = (view: DataView): string | undefined => {
  const isLittleEndian = BYTE_ORDERS.get(view.getUint16(0));
  if (isLittleEndian === undefined) return undefined;
  const directory = view.getUint32(4, isLittleEndian);
  const entries = view.getUint16(directory, isLittleEndian);
  for (let index = 0; index < entries; index += 1) {
    const entry = directory + 2 + index * ENTRY_BYTES;
    if (view.getUint16(entry, isLittleEndian) !== COPYRIGHT_TAG) continue;
    if (view.getUint16(entry + 2, isLittleEndian) !== ASCII) return undefined;
    // The photographer's notice and the editor's, each closed by a zero.
    const notices = new TextDecoder()
      .decode(noticeBytes(view, entry, isLittleEndian))
      .split("\0")
      .map((notice) => notice.trim());
    return notices.filter((notice) => notice !== "").join("; ") || undefined;
  }
  return undefined;
};

/** The copyright notice of an EXIF block; `undefined` when it has none or is damaged. */
export const copyrightOf = (exif: Uint8Array): string | undefined => {
  try {
    return noticeIn(structure(exif));
  } catch (error) {
    // What a DataView throws where the block ends too early.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
