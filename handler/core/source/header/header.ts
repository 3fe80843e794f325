/** What a file says of itself before a pixel is decoded, as far as its first bytes reach. */
export type ImageHeader = {
  /** As stored, before any orientation; pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames of an animated PNG; those of other formats are counted by libvips. */
  readonly frames?: number | undefined;
  /** The file can only be decoded as a whole: progressive JPEG, interlaced PNG. */
  readonly isWhole?: boolean | undefined;
  /** Pixels of the tile or strip that the decoder must hold, where that is more than the image has. */
  readonly heldPixels?: number | undefined;
  /** What keeps the decoder from it, to complete "The file is ..."; such as a JPEG with 12 bits a channel. */
  readonly unsupported?: string | undefined;
};
