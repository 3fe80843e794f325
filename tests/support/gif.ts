type Size = { readonly width: number; readonly height: number };

/** What begins as a GIF of a size, and goes on as it likes. */
export const gifOf = ({ width, height }: Size, rest: Uint8Array = new Uint8Array()): Buffer => {
  const header = Buffer.from("GIF89a0000", "latin1");
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  return Buffer.concat([header, rest]);
};
